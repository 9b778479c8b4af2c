"""The base that every snippet list shares, and the glossary."""

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, Model, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from wagtail.admin.panels import ObjectList, PublishingPanel, TabbedInterface
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.models import DraftStateMixin, WorkflowState
from wagtail.snippets.views.snippets import SnippetViewSet

from nelis.core.admin.edit_views import SiteEditView
from nelis.core.deletion import index_sees_all
from nelis.core.edit_conflicts import ConflictPanel
from nelis.core.forms import CHANGE_HEADING, UniqueRowsForm, change_panel
from nelis.core.models import GlossaryTerm
from nelis.core.models.workflow import ReviewedMixin


def column(label: str, accessor: str | Callable[[Any], Any], sort_key: str | None = None) -> Column:
    """Return a list column that shows ``accessor`` (an attribute name or a function of the object) under ``label``."""
    name = accessor if isinstance(accessor, str) else label.lower().replace(" ", "_")
    return Column(name, label=label, accessor=accessor, sort_key=sort_key)


class SiteViewSet(SnippetViewSet):
    """List, inspect and edit one snippet model.

    Subclasses set ``model``, ``icon``, ``list_display``, ``list_filter`` and ``search_fields``, and in
    ``list_select_related`` the relations that their columns read, so that a list of any length costs the same number
    of queries. Models with drafts get a column that says whether they are published.
    """

    edit_view_class = SiteEditView
    inspect_view_enabled = True
    list_per_page = 50
    #: Objects with permanent references are created, not copied.
    copy_view_enabled = False
    list_select_related: tuple[str, ...] = ()
    list_display: Any

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if issubclass(self.model, DraftStateMixin):
            self.list_display = [*self.list_display, state_column()]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Show how often something is used only where Wagtail's count is true."""
        if not index_sees_all(self.model):
            kwargs["usage_url_name"] = None
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        return common

    def get_edit_handler(self) -> Any:
        handler = super().get_edit_handler()
        children = list(handler.children)
        last: list[Any] = [change_panel(), PublishingPanel()] if issubclass(self.model, ReviewedMixin) else []
        if isinstance(handler, TabbedInterface):
            children[0] = ObjectList([ConflictPanel(), *children[0].children], heading=children[0].heading)
            children += [ObjectList(last, heading=CHANGE_HEADING)] if last else []
        else:
            children = [ConflictPanel(), *children, *last]
        handler = type(handler)(children).bind_to_model(self.model)
        if not hasattr(self.model, "base_form_class"):
            handler.base_form_class = UniqueRowsForm
        return handler

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        objects = self.model._default_manager.all()
        if issubclass(self.model, DraftStateMixin):
            objects = objects.annotate(in_review=Exists(running_workflow_states(self.model)))
        return objects.select_related(*self.list_select_related) if self.list_select_related else objects


def state_column() -> Column:
    """Return the column with the publication state. Wagtail's own queries the workflow for each row."""
    return StatusTagColumn(
        "state",
        label="State",
        accessor=state_label,
        sort_key="live",
        primary=lambda obj: obj.live,
    )


def state_label(obj: Any) -> str:
    """Return whether ``obj`` is published, and whether a draft of it waits or is in review."""
    waiting = "in review" if obj.in_review else "draft"
    if not obj.live:
        return waiting.capitalize()
    return f"Published, {waiting}" if obj.in_review or obj.has_unpublished_changes else "Published"


def running_workflow_states(model: type[Model]) -> QuerySet[WorkflowState]:
    """Return the workflows in progress on each object of ``model``, for a subquery."""
    return WorkflowState.objects.filter(
        base_content_type=ContentType.objects.get_for_model(model),
        # Wagtail stores the primary keys of all models as text.
        object_id=Cast(OuterRef("pk"), CharField()),
        status=WorkflowState.STATUS_IN_PROGRESS,
    )


class GlossaryViewSet(SiteViewSet):
    """Glossary terms with their definitions."""

    model = GlossaryTerm
    icon = "list-ul"
    menu_label = "Glossary"
    list_display = ["term", column("Abbreviation", "abbreviation"), column("Meaning", "definition")]
    search_fields = ["term", "abbreviation", "definition"]
    list_filter = ["explained"]
    inspect_view_fields = ["term", "abbreviation", "definition", "see_also", "explained", "forms"]
