"""Which addresses a page may have, and which it keeps: what the forms of the editor ask before a slug is saved."""

from typing import Any

from django import forms
from django.urls import Resolver404, resolve
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

__all__ = ["FIXED_PATHS", "PageAddressMixin", "PermanentFieldsMixin", "has_fixed_address", "page_path", "slug_problem"]

#: Where code, templates, citations and mails that were sent lead. A page that stands here keeps its slug and its place.
FIXED_PATHS = frozenset(
    {
        "/accessibility/",
        "/changes/",
        "/contact/",
        "/events/",
        "/evidence/",
        "/evidence/findings/",
        "/evidence/gaps/",
        "/news/",
        "/organisations/",
        "/privacy/",
        "/propositions/",
        "/sectors/",
        "/strategy/",
        "/targets/",
    }
)

# The base of a form mixin, for the type checker.
Form: Any = object


def has_fixed_address(page: Page) -> bool:
    """Return whether links that no editor sees lead to ``page``."""
    return page_path(page) in FIXED_PATHS


def page_path(page: Page) -> str:
    """Return the path of ``page``, published or not; empty for one outside the site."""
    parts = page.get_url_parts()
    return (parts[2] or "") if parts else ""


def slug_problem(slug: str, parent: Page, page: Page) -> str:
    """Return why ``page`` can't stand below ``parent`` under ``slug``; empty when it can."""
    path = f"{page_path(parent)}{slug}/"
    try:
        if resolve(path).url_name != "wagtail_serve":
            return "The site itself answers at that address, so nobody would find the page. Choose another slug."
    except Resolver404:
        return ""
    former = Redirect.objects.filter(old_path=Redirect.normalise_path(path), automatically_created=True)
    for redirect in former.exclude(redirect_page=page.pk).select_related("redirect_page"):
        other = redirect.redirect_page
        if other is not None and getattr(other.specific_class, "is_cited_by_address", False):
            return f"“{other.title}” stood at that address, and is cited there with its versions. Choose another slug."
    return ""


class PermanentFieldsMixin(Form):
    """Close the fields that make an address or a reference (``permanent_fields``) once readers may know them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        was_public = getattr(self.instance, "live", True) or getattr(self.instance, "first_published_at", None)
        if self.instance.pk and was_public:
            for name in getattr(self.instance, "permanent_fields", ()):
                close_field(self, name, "Permanent: it is part of an address, or cited.")

    def clean_slug(self) -> str:
        """Keep a slug in small letters: an address is found however somebody types it."""
        slug: str = self.cleaned_data["slug"]
        return slug if not slug or self.fields["slug"].disabled else slug.lower()


class PageAddressMixin(PermanentFieldsMixin):
    """Refuse a slug under which a page wouldn't be found, or that takes another's citations; close a fixed one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and has_fixed_address(self.instance):
            close_field(self, "slug", "Permanent: links of the site itself, citations and mails lead to this address.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        slug = str(cleaned.get("slug") or "")
        is_changed = not self.instance.pk or slug != self.initial.get("slug")
        if slug and is_changed and (problem := slug_problem(slug, self.parent_page, self.instance)):
            self.add_error("slug", problem)
        return cleaned


def close_field(form: Any, name: str, reason: str) -> None:
    """Show the field ``name`` of ``form``, so that nobody can change it. What is sent for it is ignored."""
    field: forms.Field | None = form.fields.get(name)
    if field is not None:
        field.disabled = True
        field.help_text = reason
