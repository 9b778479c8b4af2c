"""System checks for the conventions of this project.

Each function takes what it checks, so that a test can pass it something wrong.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, models, transaction
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from wagtail import blocks
from wagtail.documents import get_document_model_string
from wagtail.fields import RichTextField
from wagtail.fields import StreamField as WagtailStreamField
from wagtail.images import get_image_model_string
from wagtail.models import DraftStateMixin, Page, PreviewableMixin

from nelis.core.blocks import RICH_TEXT_FEATURES
from nelis.core.fields import StreamField
from nelis.core.models import BasePage, SiteSettings
from nelis.core.models.workflow import ReviewedMixin

OWN_PACKAGES = {"nelis", "sectors", "engagement"}
#: What every page type sets itself rather than inheriting it from Wagtail.
REQUIRED_ATTRIBUTES = ("parent_page_types", "subpage_types", "page_description", "kind")


@register(Tags.database)
def check_site_operator(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Check that readers are told who runs the site. `manage.py migrate` asks, and `check --database default`."""
    return [
        Warning(
            f"The site doesn’t tell its readers {what}.",
            hint="An administrator fills it in: Settings, Site settings, “Who runs this site”.",
            id="core.W001",
        )
        for alias in databases or ()
        for what in _missing_contacts(alias)
    ]


def _missing_contacts(alias: str) -> list[str]:
    try:
        with transaction.atomic(using=alias):
            settings = SiteSettings.objects.using(alias).filter(site__is_default_site=True).first()
    except DatabaseError:
        # Before the migrations, the table or its columns aren't there.
        return []
    return (settings or SiteSettings()).missing_contacts


@register(Tags.models)
def check_conventions(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Run the checks below on every model of ours."""
    errors: list[CheckMessage] = []
    for model in apps.get_models():
        if model.__module__.split(".")[0] not in OWN_PACKAGES:
            continue
        if issubclass(model, Page):
            errors += page_type_errors(model)
        if issubclass(model, DraftStateMixin) and not issubclass(model, Page):
            errors += draft_errors(model)
        for field in model._meta.local_fields:
            errors += field_errors(field)
    return errors


def page_type_errors(model: type[Page]) -> Iterator[Error]:
    """Check that a page type sets its parents, children, description and kind, and has a template."""
    if not issubclass(model, BasePage):
        yield Error(f"{model.__name__} isn't a BasePage.", obj=model, id="core.E001")
        return
    for name in REQUIRED_ATTRIBUTES:
        if not any(name in owner.__dict__ for owner in own_classes(model)):
            yield Error(f"{model.__name__} doesn't say its {name}.", obj=model, id="core.E002")
    if not getattr(model, "page_description", ""):
        yield Error(f"Nothing tells an editor what {model.__name__} is for.", obj=model, id="core.E002")
    try:
        get_template(model.template)
    except TemplateDoesNotExist:
        yield Error(f"{model.__name__}: there is no template {model.template}.", obj=model, id="core.E003")
    for child in model.clean_subpage_models():
        if model not in child.clean_parent_page_models():
            yield Error(
                f"{model.__name__} allows {child.__name__} below it, but {child.__name__} doesn't allow that.",
                hint="Wagtail then offers neither: name each in the other, or in neither.",
                obj=model,
                id="core.E011",
            )


def own_classes(model: type[Page]) -> Iterable[type]:
    """Return ``model`` and its base classes down to, but without, ``BasePage``."""
    return (owner for owner in model.__mro__ if owner is not BasePage and not BasePage.__mro__.count(owner))


def draft_errors(model: type[models.Model]) -> Iterator[Error]:
    """Check that a model with drafts is reviewed and has a preview."""
    if not issubclass(model, ReviewedMixin):
        yield Error(
            f"{model.__name__} can be drafted, but isn't reviewed.",
            hint="Put ReviewedMixin first, and the model into the workflow by a migration.",
            obj=model,
            id="core.E004",
        )
    if not issubclass(model, PreviewableMixin):
        yield Error(f"{model.__name__} can be drafted, but not previewed.", obj=model, id="core.E005")


def field_errors(field: models.Field) -> Iterator[Error]:
    """Check stream fields, rich text fields, and references to images and documents."""
    if isinstance(field, WagtailStreamField):
        if not isinstance(field, StreamField):
            yield Error(
                f"{field} isn't ours: it would write its blocks into migrations.",
                hint="Use nelis.core.fields.StreamField.",
                obj=field,
                id="core.E006",
            )
        yield from block_errors(field.stream_block, str(field), obj=field)
    elif isinstance(field, RichTextField):
        yield from feature_errors(field.features, str(field), obj=field)
    elif isinstance(field, models.ForeignKey):
        yield from file_errors(field)


def block_errors(block: blocks.Block, where: str, obj: Any) -> Iterator[Error]:
    """Check that every block has a description and an icon, and that rich text offers only supported features."""
    if isinstance(block, blocks.RichTextBlock):
        yield from feature_errors(block.features, where, obj)
    if isinstance(block, blocks.StreamBlock):
        for name, child in block.child_blocks.items():
            if not child.get_description():
                yield Error(f"{where}: the block {name} has no description.", obj=obj, id="core.E007")
            if child.meta.icon in ("", "placeholder"):
                yield Error(f"{where}: the block {name} has no icon.", obj=obj, id="core.E008")
    for name, child in children(block):
        yield from block_errors(child, f"{where}.{name}" if name else where, obj)


def children(block: blocks.Block) -> Iterable[tuple[str, blocks.Block]]:
    """Return the blocks inside a block, by name."""
    if isinstance(block, blocks.ListBlock):
        return [("", block.child_block)]
    return getattr(block, "child_blocks", {}).items()


def feature_errors(features: Iterable[str] | None, where: str, obj: Any) -> Iterator[Error]:
    """Check that rich text offers only supported features."""
    beyond = "everything" if features is None else ", ".join(sorted(set(features) - set(RICH_TEXT_FEATURES)))
    if beyond:
        yield Error(
            f"{where} offers {beyond} in rich text.",
            hint="Pass features=RICH_TEXT_FEATURES, or fewer.",
            obj=obj,
            id="core.E009",
        )


def file_errors(field: models.ForeignKey) -> Iterator[Error]:
    """Check that a field refers to our image and document models."""
    target = field.related_model
    label = target if isinstance(target, str) else target._meta.label
    for wagtails, ours in (
        ("wagtailimages.Image", get_image_model_string()),
        ("wagtaildocs.Document", get_document_model_string()),
    ):
        if label == wagtails != ours:
            yield Error(f"{field} refers to {wagtails}; use {ours}.", obj=field, id="core.E010")
