"""Makes an object of any model of the project, with everything filled in that the database wants."""

from datetime import UTC, date, datetime
from io import BytesIO
from itertools import count
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import models
from PIL import Image
from wagtail.images.models import AbstractImage
from wagtail.models import Collection, Page, Task

from nelis.core.models import BasePage, IndependentApprovalTask
from nelis.evidence.models import Finding, SeriesBreak, Statistic
from nelis.home.models import HomePage, StandardPage
from sectors.models import EvidenceLink, OrganisationRole, StrategyLink
from tests.admin.sample_site import NEEDED, SampleSite

NUMBERS = count(1)
MOMENT = datetime(2026, 1, 1, 12, tzinfo=UTC)
#: What must be unique among the pages of a type.
UNIQUE_FIELDS = ("ref", "code")
#: What the database wants though the field may be empty.
FILLED: dict[type[models.Model], tuple[str, ...]] = {
    Statistic: ("source", "value"),
    Finding: ("source", "subject"),
    SeriesBreak: ("indicator",),
}
#: What can't be guessed.
VALUES: dict[type[models.Model], dict[str, Any]] = {
    model: {"basis": "stated"} for model in (EvidenceLink, OrganisationRole, StrategyLink)
}


def picture() -> bytes:
    """A small picture."""
    file = BytesIO()
    Image.new("RGB", (4, 3), "navy").save(file, "PNG")
    return file.getvalue()


class ObjectFactory:
    """Makes objects, with those they need. ``given`` are values of fields."""

    def __init__(self, sample_site: SampleSite) -> None:
        self.sample_site = sample_site

    def make(self, model: type[models.Model], **given: Any) -> Any:
        """Make an object of ``model``, in the database."""
        if issubclass(model, BasePage):
            return self.make_page(model, **given)
        if model is Page:
            return Page.objects.get(pk=self.make_page(StandardPage, **given).pk)
        if issubclass(model, Collection):
            return Collection.get_first_root_node().add_child(name=f"Collection {next(NUMBERS)}")
        if model is Task:
            model = IndependentApprovalTask
        given = {name: value for name, value in VALUES.get(model, {}).items() if name not in given} | given
        # Some fill a field in by themselves.
        blank, fields = model(), model._meta.concrete_fields
        known = {field.name for field in fields if getattr(blank, field.attname) not in ("", None)}
        values = {
            field.name: self.value(field)
            for field in fields
            if field.name not in given and (field.unique or field.name not in known) and self.is_needed(field)
        }
        return model._default_manager.create(**values | given)

    def make_page(self, page_type: type[BasePage], **given: Any) -> BasePage:
        """Make a published page of a type, beside the one that is there."""
        number = next(NUMBERS)
        names = {field.name for field in page_type._meta.concrete_fields}
        unique = {name: f"{name[0]}{number}" for name in UNIQUE_FIELDS if name in names and name in NEEDED[page_type]}
        page = self.sample_site.make(page_type, slug=f"page-{number}", **unique | given)
        return page_type.objects.get(pk=page.pk)

    def is_needed(self, field: Any) -> bool:
        """Whether an object can't be saved without a value, or would be the same as another."""
        if field.primary_key or field.auto_created:
            return False
        if field.null and field.name in FILLED.get(field.model, ()):
            return True
        has_value = field.has_default() or field.null or (field.empty_strings_allowed and field.blank)
        return not has_value or (field.unique and not field.null and not callable(field.default))

    def value(self, field: Any) -> Any:
        """Make a value for ``field``: an object, or something of its kind."""
        number = next(NUMBERS)
        if field.remote_field:
            related = field.related_model
            if related is ContentType:
                return ContentType.objects.get_for_model(Page)
            return self.make(related)
        if field.name == "object_id":
            return str(self.sample_site.pages[HomePage].pk)
        if field.choices:
            return next(value for value, _ in field.flatchoices if value not in ("", None))
        if isinstance(field, models.FileField):
            is_picture = issubclass(field.model, AbstractImage)
            content = picture() if is_picture else b"a,b\n1,2\n"
            return ContentFile(content, name=f"file-{number}.{'png' if is_picture else 'csv'}")
        kinds: tuple[tuple[type[models.Field[Any, Any]], Any], ...] = (
            (models.UUIDField, uuid4()),
            (models.BooleanField, False),
            (models.DateTimeField, MOMENT),
            (models.DateField, date(2026, 1, 1)),
            (models.JSONField, {}),
            (models.EmailField, f"person-{number}@example.org"),
            (models.URLField, f"https://example.org/{number}"),
            (models.CharField, f"x{number}"),
            (models.TextField, "Words."),
            (models.BinaryField, b"x"),
        )
        return next((value for kind, value in kinds if isinstance(field, kind)), number)

    def refer_to(self, obj: models.Model, field: Any) -> Any:
        """Make an object whose ``field`` refers to ``obj``, and return it."""
        return self.make(field.model, **{field.name: obj})
