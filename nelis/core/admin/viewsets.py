"""The habits every list of things in the admin shares."""

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, Model, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from wagtail.admin.panels import ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.models import DraftStateMixin, WorkflowState
from wagtail.snippets.views.snippets import SnippetViewSet

from nelis.core.forms import UniqueRowsForm
from nelis.core.models.workflow import ReviewedMixin
from nelis.core.panels import CHANGE_HEADING, change_panel

__all__ = ["SiteViewSet", "column"]


def column(label: str, accessor: str | Callable[[Any], Any], sort_key: str | None = None) -> Column:
    """A column that shows ``accessor`` (an attribute, or a function of the thing) under ``label``."""
    name = accessor if isinstance(accessor, str) else label.lower().replace(" ", "_")
    return Column(name, label=label, accessor=accessor, sort_key=sort_key)


class SiteViewSet(SnippetViewSet):
    """Editing of one kind of thing: a list with columns, filters and search, and a view of each.

    Subclasses set ``model``, ``icon``, ``list_display``, ``list_filter`` and ``search_fields``, and in
    ``follows`` the relations their columns read, so that a list costs the same however long it is.
    Things that can be drafts get a column that says whether they are published.
    """

    inspect_view_enabled = True
    list_per_page = 50
    #: Things with permanent references are made anew, not copied.
    copy_view_enabled = False
    list_select_related: tuple[str, ...] = ()
    list_display: Any

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if issubclass(self.model, DraftStateMixin):
            self.list_display = [*self.list_display, state_column()]

    def get_edit_handler(self) -> Any:
        handler = super().get_edit_handler()
        if not hasattr(self.model, "base_form_class"):
            handler.base_form_class = UniqueRowsForm
        if issubclass(self.model, ReviewedMixin):
            asked = change_panel()
            if isinstance(handler, TabbedInterface):
                asked = ObjectList([asked], heading=CHANGE_HEADING)
            handler = type(handler)([*handler.children, asked]).bind_to_model(self.model)
        return handler

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        things = self.model._default_manager.all()
        if issubclass(self.model, DraftStateMixin):
            things = things.annotate(in_review=Exists(running_workflow_states(self.model)))
        return things.select_related(*self.list_select_related) if self.list_select_related else things


def state_column() -> Column:
    """Whether a thing is published, and whether something newer waits. Wagtail's own asks for each row."""
    return StatusTagColumn(
        "state",
        label="State",
        accessor=state_label,
        sort_key="live",
        primary=lambda thing: thing.live,
    )


def state_label(thing: Any) -> str:
    """Where a thing with drafts stands, in words."""
    waiting = "in review" if thing.in_review else "draft"
    if not thing.live:
        return waiting.capitalize()
    return f"Published, {waiting}" if thing.in_review or thing.has_unpublished_changes else "Published"


def running_workflow_states(model: type[Model]) -> QuerySet[WorkflowState]:
    """The workflow running on each object of ``model``, for a query over it."""
    return WorkflowState.objects.filter(
        base_content_type=ContentType.objects.get_for_model(model),
        # Wagtail keeps the keys of all kinds of things as text.
        object_id=Cast(OuterRef("pk"), CharField()),
        status=WorkflowState.STATUS_IN_PROGRESS,
    )
