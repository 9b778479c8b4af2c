"""What the parts of the dashboard are made of: rows that lead somewhere, and a guard that keeps a fault to one part."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.models import Page

__all__ = ["MAX_LISTED", "DashboardPart", "GuardedPanel", "Row", "edit_url", "title_of"]

#: Rows shown of each list.
MAX_LISTED = 20

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is about, where it is dealt with, and how it stands."""

    text: str
    url: str
    #: In a word or two, such as “In review”.
    tag: str = ""
    note: str = ""
    at: datetime | None = None
    count: int | None = None


class DashboardPart(Component):
    """A list of rows under a heading. A subclass says what they are, for whoever looks."""

    template_name = "admin/staff/dashboard_part.html"
    title = ""
    #: What stands there when there are no rows; empty: the part isn't shown then.
    empty = ""
    #: Only for people with this permission.
    permission = ""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user: Any = request.user

    def rows(self) -> Iterable[Row]:
        """Return the rows, in a fixed number of queries."""
        raise NotImplementedError

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        may_see = not self.permission or self.user.has_perm(self.permission)
        rows = list(self.rows()) if may_see else []
        shown = rows[:MAX_LISTED]
        return {"part": self, "rows": shown, "more": len(rows) - len(shown), "number": len(rows), "may_see": may_see}


class GuardedPanel(Component):
    """A panel of the dashboard, or in its place a sentence that it can't be shown at present."""

    def __init__(self, panel: Any) -> None:
        self.panel = panel
        self.name = getattr(panel, "name", "")
        self.order = panel.order

    @property
    def media(self) -> Any:
        """What the panel needs."""
        return self.panel.media

    def render_html(self, parent_context: Mapping[str, Any] | None = None) -> str:
        try:
            return str(self.panel.render_html(parent_context))
        except Exception:
            logger.exception("The part %s of the dashboard failed.", self.name)
            return render_to_string(
                "admin/staff/part_failed.html", {"title": getattr(self.panel, "title", ""), "name": self.name}
            )


def edit_url(obj: Any) -> str:
    """Return the address of the form of a page or a snippet."""
    if isinstance(obj, Page):
        return reverse("wagtailadmin_pages:edit", args=[obj.pk])
    return reverse(obj.snippet_viewset.get_url_name("edit"), args=[obj.pk])


def title_of(obj: Any) -> str:
    """Return what kind of thing it is and what it is called, as its draft has it."""
    is_page = isinstance(obj, Page)
    kind = str(obj.cached_content_type.model_class()._meta.verbose_name if is_page else obj._meta.verbose_name)
    return f"{kind[:1].upper()}{kind[1:]}: {obj.get_admin_display_title() if is_page else obj}"
