"""The list of bulletins, and the form they are written in."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TitleFieldPanel
from wagtail.admin.ui.tables import StatusTagColumn
from wagtail.snippets.views.snippets import CopyView, CreateView, IndexView

from engagement.bulletins import workflow
from engagement.bulletins.admin.forms import BulletinForm
from engagement.bulletins.models import Bulletin
from nelis.core.admin.edit_views import SiteEditView
from nelis.core.admin.viewsets import SiteViewSet, column
from nelis.core.models.references import free_slug

__all__ = ["BulletinViewSet", "dashboard_url"]


def dashboard_url(bulletin: Bulletin) -> str:
    """Return the address of the dashboard, where a bulletin is looked at, approved, sent and followed."""
    return reverse("bulletin_dashboard", args=[bulletin.pk])


class HandwrittenPanel(FieldPanel):
    """A field that only bulletins written by hand have: alerts and digests find their own readers."""

    class BoundPanel(FieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            return super().is_shown() and not self.instance.is_generated


class BulletinIndexView(IndexView):
    """The list. A title leads to the dashboard, which everybody may see."""

    def get_edit_url(self, instance: Bulletin) -> str:
        return dashboard_url(instance)


class BulletinCreateView(CreateView):
    """The form for a new bulletin."""

    def save_instance(self) -> Bulletin:
        self.form.instance.author = self.request.user
        saved: Bulletin = super().save_instance()
        workflow.record_creation(saved, self.request.user)
        return saved

    def get_success_url(self) -> str:
        return dashboard_url(self.object)


class BulletinCopyView(CopyView, BulletinCreateView):
    """The form for a new bulletin, with what another says. Its state, its approval and its history aren't copied."""

    def get_initial_form_instance(self) -> Bulletin:
        other = self.get_object()
        if other.is_generated:
            # What it reports is told once.
            raise Http404
        copied = ("subject", "preheader", "body", "cannot_wait", "is_public")
        copy = Bulletin(**{name: getattr(other, name) for name in copied}, slug=free_slug(Bulletin, other.slug))
        copy.topics.set(other.topics.all())
        return copy


class BulletinEditView(SiteEditView):
    """The form for editing. It makes an approved bulletin a draft again, and refuses to undo the edits of others."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.object.is_editable:
            messages.warning(request, f"It is {self.object.get_state_display().lower()}, so it can’t be edited.")
            return redirect(dashboard_url(self.object))
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: forms.ModelForm) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except workflow.TransitionError as error:
            # What was typed stays in the form.
            form.add_error(None, str(error))
            self.produced_error_message = self.get_error_message()
            response = self.form_invalid(form)
        return response

    def save_instance(self) -> Bulletin:
        locked = Bulletin.objects.select_for_update().get(pk=self.object.pk)
        current = workflow.perform("edit", locked, self.request.user)
        # Whatever the form doesn't hold is as the row has it now, not as it was when the form was opened.
        for field in Bulletin._meta.concrete_fields:
            if field.attname not in self.form.fields and not field.primary_key:
                setattr(self.form.instance, field.attname, getattr(current, field.attname))
        saved: Bulletin = super().save_instance()
        return saved

    def get_success_url(self) -> str:
        return dashboard_url(self.object)


class BulletinViewSet(SiteViewSet):
    """Bulletins in the admin."""

    model = Bulletin
    icon = "mail"
    menu_label = "Bulletins"
    menu_order = 240
    add_to_admin_menu = True
    index_view_class, add_view_class, edit_view_class = BulletinIndexView, BulletinCreateView, BulletinEditView
    copy_view_enabled, copy_view_class = True, BulletinCopyView
    list_display = [
        "subject",
        column("Kind", "get_kind_display", sort_key="kind"),
        StatusTagColumn(
            "state",
            label="State",
            accessor="get_state_display",
            sort_key="state",
            primary=lambda bulletin: bulletin.state in Bulletin.IN_PROGRESS_STATES,
        ),
        column(
            "Recipients", lambda bulletin: "" if bulletin.recipient_count is None else f"{bulletin.recipient_count:,}"
        ),
        column("Changed", "changed_at", sort_key="changed_at"),
    ]
    list_filter = ["kind", "state", "is_public"]
    search_fields = ["subject", "preheader", "slug"]
    inspect_view_fields = [
        *("subject", "preheader", "slug", "kind", "state", "topics", "cannot_wait", "is_public", "author"),
        *("approved_by", "approved_at", "content_hash", "recipient_count", "started_at", "completed_at"),
        *("off_web_at", "off_web_reason"),
    ]

    def get_edit_handler(self) -> Any:
        handler = super().get_edit_handler()
        handler.base_form_class = BulletinForm
        return handler

    def get_queryset(self, request: HttpRequest) -> Any:
        # Large, and no list shows it.
        return super().get_queryset(request).defer("snapshot", "body")

    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    TitleFieldPanel("subject", placeholder=False, classname=""),
                    FieldPanel("preheader"),
                    FieldPanel("slug"),
                ],
                "What people see first",
            ),
            FieldPanel("body"),
            MultiFieldPanel(
                [
                    HandwrittenPanel("topics", widget=forms.CheckboxSelectMultiple),
                    HandwrittenPanel("cannot_wait"),
                    FieldPanel("is_public"),
                ],
                "Whom it is for",
            ),
        ],
    )
