"""Find anything in the admin: what is public by the site’s search, the rest by the words of its lists."""

from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import Page
from wagtail.snippets.models import get_snippet_models

from nelis.core.admin.views import StaffView
from nelis.core.models import SearchEntry
from nelis.core.search.query import entries_by_pk, parse_query, run_search
from nelis.staff.dashboard.parts import Row, edit_url, title_of

__all__ = ["FindView"]

#: Results shown of what is public, and of each kind of other things.
MAX_PUBLIC, MAX_OF_A_KIND = 30, 10
LOOKS = {"add", "change", "delete", "view"}


class FindView(StaffView):
    """One field for words, a reference (F03, P7) or a value (62,500)."""

    permission = "wagtailadmin.access_admin"
    template_name = "admin/staff/find.html"
    page_title = "Find anything"
    header_icon = "search"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        typed = self.request.GET.get("q", "").strip()[:200]
        rows = [*self.public(typed), *self.others(typed)] if typed else []
        # What is public and has a draft is found twice.
        found = list({row.url: row for row in rows}.values())
        return super().get_context_data(**kwargs) | {"query_string": typed, "rows": found}

    def public(self, typed: str) -> Iterator[Row]:
        """Yield what the site's search finds, each with its form or, where it has none, its page."""
        results = run_search(parse_query(typed))
        entries = entries_by_pk([match.pk for match in results.matches[:MAX_PUBLIC]])
        objects = _objects(entries)
        for entry in entries:
            obj = objects.get((entry.content_type_id, entry.object_id))
            url = edit_url(obj) if obj is not None and self.may_look(obj) else entry.url
            title = f"{entry.ref}: {entry.title}" if entry.ref and entry.ref not in entry.title else entry.title
            yield Row(title, url, entry.kind, entry.summary[:160])

    def others(self, typed: str) -> Iterator[Row]:
        """Yield pages that aren't public and snippets of every kind, by the fields that their lists are searched by."""
        drafts = Page.objects.filter(_all_words(typed, ["title", "draft_title"]), live=False)
        for page in drafts[:MAX_OF_A_KIND]:
            yield Row(title_of(page), edit_url(page), "Draft")
        for model in get_snippet_models():
            fields = list(getattr(model.snippet_viewset, "search_fields", None) or ())
            if fields and self.may_look(model()):
                for thing in model._default_manager.filter(_all_words(typed, fields))[:MAX_OF_A_KIND]:
                    yield Row(str(thing), edit_url(thing), str(model._meta.verbose_name))

    def may_look(self, obj: Any) -> bool:
        """Return whether whoever asks may see the list of such things."""
        if isinstance(obj, Page):
            return True
        viewset = getattr(obj, "snippet_viewset", None)
        return viewset is not None and viewset.permission_policy.user_has_any_permission(self.request.user, LOOKS)


def _all_words(typed: str, fields: list[str]) -> Q:
    """Return the condition that each word stands in one of the fields."""
    condition = Q()
    for word in typed.split():
        of_word = Q()
        for field in fields:
            of_word |= Q(**{f"{field}__icontains": word})
        condition &= of_word
    return condition


def _objects(entries: list[SearchEntry]) -> dict[tuple[int | None, int | None], Any]:
    """Return what entries of the index are about, in one query for each kind."""
    found = {}
    for key in {entry.content_type_id for entry in entries if entry.content_type_id}:
        model: Any = ContentType.objects.get_for_id(key).model_class()
        manager = Page.objects if issubclass(model, Page) else model._default_manager
        keys = [entry.object_id for entry in entries if entry.content_type_id == key]
        found |= {(key, pk): obj for pk, obj in manager.in_bulk(keys).items()}
    return found
