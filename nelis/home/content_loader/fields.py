"""Which fields of a model hold content, and each value of a file checked against the field it is for."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
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
from nelis.home.content_loader.report import ExpectationError
from nelis.home.content_loader.rich_text import parse_html, parse_ref
from nelis.home.content_loader.values import Cell, Ref

__all__ = ["PAGE_KINDS", "content_fields", "is_wagtail_model", "parse_value"]

#: The kinds of entries that become pages, which text and links may point to.
PAGE_KINDS: tuple[str, ...] = tuple(kind.name for kind in KINDS if kind.is_page)
_LINK_KINDS = frozenset(PAGE_KINDS)
_KIND_OF_MODEL = {kind.model_label: kind.name for kind in KINDS if not kind.is_page}


#: Of the fields that Wagtail gives every page, those that an editor fills in.
_WRITTEN = frozenset({"title", "slug", "seo_title", "search_description", "show_in_menus"})

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

#: What Wagtail adds to the tables of snippets with drafts, workflows and locks.
_KEPT = frozenset(
    {
        "expire_at",
        "expired",
        "first_published_at",
        "go_live_at",
        "has_unpublished_changes",
        "last_published_at",
        "latest_revision",
        "live",
        "live_revision",
        "locked",
        "locked_at",
        "locked_by",
    }
)


def content_fields(model: type[models.Model]) -> Iterator[models.Field]:
    """The fields of ``model`` that hold content. Identity, place in the tree and publication don't."""
    for field in model._meta.concrete_fields:
        if field.primary_key or field.auto_created or type(field).__name__ == "ParentalKey":
            continue
        if is_wagtail_model(field.model):
            if field.name in _WRITTEN:
                yield field
        elif field.name not in _KEPT:
            yield field


def is_wagtail_model(model: type[models.Model]) -> bool:
    """Whether ``model`` comes with Wagtail and isn't this site's own."""
    return model._meta.app_label.startswith("wagtail")


def parse_value(field: models.Field, value: Any, owner: str) -> Any:
    """``value`` as ``field`` stores it, or as a deferred value when it refers to something.

    ``owner`` names the entry. Raises ExpectationError, saying what the field takes.
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
            raise ExpectationError("a list")
        return tuple(_single_reference(field.related_model, item) for item in value)
    return _single_reference(field.related_model, value)


def _single_reference(model: Any, value: Any) -> Ref:
    if issubclass(model, Page):
        return parse_ref(value, PAGE_KINDS)
    kind = _KIND_OF_MODEL.get(model._meta.label)
    if kind is None:
        raise ExpectationError("nothing: this field can’t be loaded from a file")
    if not isinstance(value, str):
        raise ExpectationError(f"the key of one of the {kind} entries")
    return Ref(kind, value)


def _plain(field: models.Field, value: Any) -> Any:
    for classes, convert in _CONVERTERS:
        if isinstance(field, classes):
            return convert(value)
    raise ExpectationError("nothing: this field can’t be loaded from a file")


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ExpectationError("true or false")
    return value


def _date(value: Any) -> date:
    if isinstance(value, Cell):
        with suppress(ValueError):
            return date.fromisoformat(value)
    if type(value) is not date:
        raise ExpectationError("a date such as 2019-07-16")
    return value


def _decimal(value: Any) -> Decimal:
    if isinstance(value, Cell) and _NUMBER.fullmatch(value):
        return Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ExpectationError("a number")
    return Decimal(str(value))


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ExpectationError("a whole number")
    return value


def _words(value: Any) -> str:
    if not isinstance(value, str):
        raise ExpectationError("words (put numbers and dates in quotation marks)")
    return str(value).strip()


_CONVERTERS: tuple[tuple[tuple[type[models.Field], ...], Callable[[Any], Any]], ...] = (
    ((models.BooleanField,), _truth),
    ((models.DateField,), _date),
    ((models.DecimalField,), _decimal),
    ((models.IntegerField,), _integer),
    ((models.CharField, models.TextField), _words),
)


def _check(field: models.Field, value: Any) -> None:
    if field.choices:
        allowed = [str(choice) for choice, _label in field.flatchoices]
        if str(value) not in allowed:
            raise ExpectationError(f"one of {', '.join(filter(None, allowed))}; “{value}” is none of them")
    if field.max_length and isinstance(value, str) and len(value) > field.max_length:
        raise ExpectationError(f"at most {field.max_length} characters; these are {len(value)}")
    for validator in field.validators:
        try:
            validator(value)
        except ValidationError as error:
            message = "; ".join(error.messages)
            if isinstance(validator, RegexValidator):
                message = f"a different form of words or address ({message})"
            raise ExpectationError(message) from None
    if value == "" and not field.blank:
        raise ExpectationError("something: it can’t be empty")
