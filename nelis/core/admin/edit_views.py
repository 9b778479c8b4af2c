"""The editors of pages, snippets and settings: Wagtail's, which save over nothing that somebody else saved meanwhile.

Wagtail warns whoever has a page open, if their browser runs scripts, and saves all the same.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.pages.edit import EditView as WagtailPageEditView
from wagtail.contrib.settings.views import EditView as WagtailSettingEditView
from wagtail.snippets.views.snippets import EditView as WagtailSnippetEditView

from nelis.core.edit_conflicts import report_conflict
from nelis.core.workflow import same_content

__all__ = ["SiteEditView", "edit_page", "edit_setting"]


class EditConflictMixin:
    """Refuse to save over what somebody else saved since the form was opened, whatever the button.

    The object is locked from the comparison to the end of the request: of two who save in the same moment, one is told.
    """

    request: HttpRequest

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]  # a mixin, as below
            return response

    def form_valid(self, form: Any) -> Any:
        if self.find_conflict(form):
            return self.form_invalid(form)
        return super().form_valid(form)  # type: ignore[misc]

    def form_invalid(self, form: Any) -> Any:
        # With other faults as well: the form comes back as one that was opened now.
        if form.edit_conflict is None:
            self.find_conflict(form)
        if form.edit_conflict is not None:
            self.announce()
        return super().form_invalid(form)  # type: ignore[misc]

    def announce(self) -> None:
        """Have the view say at the top of the page what is wrong with the form."""
        view: Any = self
        view.produced_error_message = view.get_error_message()

    def find_conflict(self, form: Any) -> bool:
        """Return whether somebody saved since ``form`` was opened, and tell it."""
        saved: Any = type(form.instance)._default_manager.select_for_update().get(pk=form.instance.pk)
        if hasattr(saved, "get_latest_revision_as_object"):
            saved = saved.get_latest_revision_as_object()
        theirs = self.form_of(saved)
        if not self.is_outdated(form, theirs):
            return False
        report_conflict(form, theirs)
        return True

    def is_outdated(self, form: Any, theirs: Any) -> bool:
        """Return whether ``form`` was opened on something else than ``theirs``. Comments alone change nothing."""
        if not hasattr(theirs.instance, "latest_revision_id"):
            seen = self.request.POST.get(form.add_prefix("seen"))
            return seen is not None and seen != theirs.loaded_state()
        sent, latest = self.request.POST, theirs.instance.latest_revision
        loaded = sent.get("loaded_revision_id")
        # What the browser saved by itself is overwritten by its next save; nobody else writes into that revision.
        if not loaded or latest is None or sent.get("overwrite_revision_id") == str(latest.pk):
            return False
        if loaded == str(latest.pk):
            # Unless the browser of somebody else, who had saved it, has written into it since.
            created_at = sent.get("loaded_revision_created_at")
            return bool(created_at) and created_at != latest.created_at.isoformat()
        opened = theirs.instance.revisions.filter(pk=loaded).first() if loaded.isdecimal() else None
        return opened is None or not same_content(opened, latest)

    def form_of(self, saved: Any) -> forms.BaseForm:
        """Return the form of the object as it is ``saved``."""
        kwargs = super().get_form_kwargs() | {"instance": saved}  # type: ignore[misc]
        form: forms.BaseForm = self.get_form_class()(  # type: ignore[attr-defined]
            **{name: value for name, value in kwargs.items() if name not in {"data", "files"}}
        )
        return form


def decision_message(obj: Any, action: str) -> str:
    """Say what came of a reviewer's decision on ``obj``; empty when nothing did, or there was none."""
    if action == "reject":
        return f"Changes are asked for: “{obj}” is with whoever handed it in."
    if action != "approve":
        return ""
    obj.refresh_from_db()
    state = obj.current_workflow_state
    if state is not None:
        return f"“{obj}” is approved in this step. Next: {state.current_task_state.task.name}."
    if obj.live and not obj.has_unpublished_changes:
        return f"“{obj}” is approved and published."
    return f"“{obj}” is approved. It goes live at its time."


class AutosaveMixin:
    """Save drafts as they are typed. Not in a review: a key that a reviewer touches would begin it again."""

    autosave_interval: int
    autosave_enabled: bool

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.set_autosave()
        response: HttpResponse = super().get(request, *args, **kwargs)  # type: ignore[misc]  # a mixin, as above
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.set_autosave()
        response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def set_autosave(self) -> None:
        """Overrule what Wagtail read from its own setting, for things with drafts."""
        view: Any = self
        edited = getattr(view, "page", None) or view.object
        is_draft = hasattr(edited, "has_unpublished_changes")
        in_review = getattr(edited, "current_workflow_state", None) is not None
        self.autosave_interval = settings.DRAFT_AUTOSAVE_INTERVAL
        self.autosave_enabled = bool(settings.DRAFT_AUTOSAVE_INTERVAL and is_draft and not in_review)


class SiteEditView(AutosaveMixin, EditConflictMixin, WagtailSnippetEditView):
    """The editor of a snippet."""

    def get_success_message(self, instance: Any = None) -> str:
        decision = self.workflow_action if self.action == "workflow-action" else ""
        return decision_message(self.object, decision) or super().get_success_message(instance)


class SettingEditView(EditConflictMixin, WagtailSettingEditView):
    """The editor of the site settings."""


class PageEditView(AutosaveMixin, EditConflictMixin, WagtailPageEditView):
    """The editor of a page."""

    def announce(self) -> None:
        """Do nothing: Wagtail's view of pages says so by itself."""

    def add_save_confirmation_message(self) -> None:
        """Say what came of a decision, or that the page was saved."""
        decision = getattr(self, "workflow_action", "") if self.request.POST.get("action-workflow-action") else ""
        if message := decision_message(self.page, decision) if decision else "":
            messages.success(self.request, message)
        else:
            super().add_save_confirmation_message()

    def form_of(self, saved: Any) -> forms.BaseForm:
        form: forms.BaseForm = self.form_class(
            instance=saved, subscription=self.subscription, parent_page=self.parent, for_user=self.request.user
        )
        return form


#: In the place of Wagtail's views of the same addresses (``nelis.urls``).
edit_page = require_admin_access(PageEditView.as_view())
edit_setting = require_admin_access(SettingEditView.as_view())
