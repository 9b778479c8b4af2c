"""The list of changes."""

from typing import Any, ClassVar

from nelis.evidence.models import EvidencedIndexPage
from sectors.changes import changes_by_day, listed_changes, parse_since

__all__ = ["ChangesPage"]


class ChangesPage(EvidencedIndexPage):
    """Everything that was published or taken down, with the reason. Only the introduction is edited."""

    kind = "List"
    template = "pages/changes.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1
    page_description = "Lists every change that readers are told of. One for the whole site."

    class Meta:
        verbose_name = "list of changes"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["listing"] = listed_changes(request.GET)
        context["days"] = changes_by_day(context["listing"].page.object_list)
        context["since"] = parse_since(request.GET.get("since", ""))
        return context
