"""One value of a file, checked against the model field it is for."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page

from nelis.core.fields import StreamField
from nelis.home.content_loader.body import parse_body, parse_parts
from nelis.home.content_loader.kinds import KINDS
from nelis.home.content_loader.problems import Expected
from nelis.home.content_loader.rich_text import parse_html, parse_ref
from nelis.home.content_loader.values import Ref

__all__ = ["PAGE_KINDS", "parse"]

#: The kinds of entries that become pages, which text and links may point to.
PAGE_KINDS: tuple[str, ...] = tuple(kind.name for kind in KINDS if kind.is_page)
_LINK_KINDS = frozenset(PAGE_KINDS)
_KIND_OF_MODEL = {kind.model_label: kind.name for kind in KINDS if not kind.is_page}


def parse(field: models.Field, value: Any, owner: str) -> Any:
    """``value`` as ``field`` stores it, or as a deferred value when it refers to something.

    ``owner`` names the entry. Raises Expected, saying what the field takes.
    """
    if isinstance(field, StreamField):
        return parse_parts(value, owner) if field.name == "parts" else parse_body(value, owner, _LINK_KINDS)
    if isinstance(field, RichTextField):
        return parse_html(value, _LINK_KINDS)
    if isinstance(field, models.ForeignKey | models.ManyToManyField):
        return _reference(field, value)
    plain = _plain(field, value)
    _check(field, plain)
    return plain


def _reference(field: models.Field, value: Any) -> Any:
    if isinstance(field, models.ManyToManyField):
        if not isinstance(value, list):
            raise Expected("a list")
        return tuple(_single_reference(field.related_model, item) for item in value)
    return _single_reference(field.related_model, value)


def _single_reference(model: Any, value: Any) -> Ref:
    if issubclass(model, Page):
        return parse_ref(value, PAGE_KINDS)
    kind = _KIND_OF_MODEL.get(model._meta.label)
    if kind is None:
        raise Expected("nothing: this field can’t be loaded from a file")
    if not isinstance(value, str):
        raise Expected(f"the key of one of the {kind} entries")
    return Ref(kind, value)


def _plain(field: models.Field, value: Any) -> Any:
    if isinstance(field, models.BooleanField):
        if not isinstance(value, bool):
            raise Expected("true or false")
        return value
    if isinstance(field, models.DateField):
        if type(value) is not date:
            raise Expected("a date such as 2019-07-16")
        return value
    if isinstance(field, models.DecimalField | models.IntegerField):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Expected("a number")
        if isinstance(field, models.DecimalField):
            return Decimal(str(value))
        if not isinstance(value, int):
            raise Expected("a whole number")
        return value
    if isinstance(field, models.CharField | models.TextField):
        if not isinstance(value, str):
            raise Expected("words (put numbers and dates in quotation marks)")
        return value.strip()
    raise Expected("nothing: this field can’t be loaded from a file")


def _check(field: models.Field, value: Any) -> None:
    if field.choices:
        allowed = [str(choice) for choice, _label in field.flatchoices]
        if value not in allowed:
            raise Expected(f"one of {', '.join(filter(None, allowed))}; “{value}” is none of them")
    if field.max_length and isinstance(value, str) and len(value) > field.max_length:
        raise Expected(f"at most {field.max_length} characters; these are {len(value)}")
    for validator in field.validators:
        try:
            validator(value)
        except ValidationError as error:
            message = "; ".join(error.messages)
            if isinstance(validator, RegexValidator):
                message = f"a different form of words or address ({message})"
            raise Expected(message) from None
    if value == "" and not field.blank:
        raise Expected("something: it can’t be empty")
