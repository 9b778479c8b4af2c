"""Which fields of an object hold what somebody wrote, as against what the machinery keeps."""

from collections.abc import Iterator

from django.db.models import Field, Model

__all__ = ["content_fields", "is_wagtail_model"]

#: Of the fields that Wagtail gives every page, those that an editor fills in.
_WRITTEN = frozenset({"title", "slug", "seo_title", "search_description", "show_in_menus"})

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


def content_fields(model: type[Model]) -> Iterator[Field]:
    """The fields of ``model`` that hold content. Identity, place in the tree and publication don't."""
    for field in model._meta.concrete_fields:
        if field.primary_key or field.auto_created or type(field).__name__ == "ParentalKey":
            continue
        if is_wagtail_model(field.model):
            if field.name in _WRITTEN:
                yield field
        elif field.name not in _KEPT:
            yield field


def is_wagtail_model(model: type[Model]) -> bool:
    """Whether ``model`` comes with Wagtail and isn't this site's own."""
    return model._meta.app_label.startswith("wagtail")
