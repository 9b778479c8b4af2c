"""Complaints in the admin: the list, one complaint and the actions on it, the log, and the panel of the first page."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View
from wagtail.admin.ui.components import Component

from engagement.complaints import workflow
from engagement.complaints.forms import AcknowledgeForm, AnswerForm, DiscardForm, NoteForm
from engagement.complaints.models import Complaint, ComplaintEvent
from engagement.mail.addresses import address_hash
from engagement.mailing_list.models import Suppression
from engagement.mailing_list.subscription_service import is_suppressed
from nelis.core.admin.views import ActionFormView, StaffView, StaffViewMixin
from nelis.core.csv_export import csv_response

BREADCRUMBS = (("Complaints", "complaints_admin:complaints"),)
PER_PAGE = 50
HEADER = ("reference", "at", "step", "by", "note", "acknowledge_by", "acknowledged_in_time")


class ComplaintListView(StaffView):
    """List all complaints, the most urgent first. What arrived with many others has a page of its own."""

    permission = "complaints.view_complaint"
    template_name = "admin/complaints/complaints.html"
    page_title = "Complaints"
    header_icon = "comment"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        set_apart = Complaint.objects.set_apart()
        pages = Paginator(Complaint.objects.urgent_first().exclude(pk__in=set_apart.values("pk")), PER_PAGE)
        page = pages.get_page(self.request.GET.get("p"))
        today = timezone.localdate()
        rows = [(complaint, complaint.days_left(today)) for complaint in page]
        return super().get_context_data(**kwargs) | {"page": page, "rows": rows, "set_apart": set_apart.count()}


class SetApartView(StaffView):
    """List what arrived with many others, with the first words of each, to find a genuine complaint among it."""

    permission = "complaints.view_complaint"
    template_name = "admin/complaints/set_apart.html"
    page_title = "Set apart"
    header_icon = "comment"
    breadcrumb_parents = BREADCRUMBS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pages = Paginator(Complaint.objects.set_apart(), PER_PAGE)
        page = pages.get_page(self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {"page": page}


class DiscardSetApartView(ActionFormView):
    """Close and empty all that was set apart and that staff were shown."""

    permission = "complaints.change_complaint"
    page_title = "Discard what was set apart"
    header_icon = "comment"
    breadcrumb_parents = (*BREADCRUMBS, ("Set apart", "complaints_admin:set_apart"))
    form_class = DiscardForm
    submit_label = "Discard all of it"
    is_destructive = True
    unchanged_message = "There was nothing to discard."

    def get_initial(self) -> dict[str, Any]:
        newest = Complaint.objects.set_apart().last()
        return super().get_initial() | {"last": newest.pk if newest else 1}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        count = Complaint.objects.set_apart().count()
        complaints = "1 complaint is" if count == 1 else f"{count:,} complaints are"
        intro = (
            f"{complaints} closed without an answer, and emptied: names, addresses and words are deleted. It can’t be "
            "undone. First look through them, and put what somebody meant among the others."
        )
        return super().get_context_data(**kwargs) | {"intro": intro}

    def perform(self, **data: Any) -> bool:
        count = workflow.discard_set_apart(data["last"], self.request.user, data["note"])
        self.success_message = f"{count:,} discarded."
        return bool(count)

    def get_success_url(self) -> str:
        return reverse("complaints_admin:complaints")


class ComplaintDetailView(StaffView):
    """Show one complaint and what was done about it."""

    permission = "complaints.view_complaint"
    template_name = "admin/complaints/complaint.html"
    header_icon = "comment"
    breadcrumb_parents = BREADCRUMBS

    def get_page_title(self) -> str:
        return "Complaint"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        complaint = get_object_or_404(Complaint, pk=self.kwargs["pk"])
        hashed = address_hash(complaint.address) if complaint.address else ""
        return super().get_context_data(**kwargs) | {
            "complaint": complaint,
            "days": complaint.days_left(timezone.localdate()),
            "events": complaint.events.select_related("by"),
            "is_suppressed": bool(hashed) and is_suppressed(hashed, Suppression.FINAL),
        }


class ComplaintActionView(ActionFormView):
    """An action on one complaint."""

    permission = "complaints.change_complaint"
    model = Complaint
    form_class: type[forms.Form] = AcknowledgeForm
    header_icon = "comment"
    breadcrumb_parents = BREADCRUMBS
    unchanged_message = "Nothing was changed: a colleague was quicker. This is how it stands."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"intro": f"{self.object}. {self.intro}"}

    def get_success_url(self) -> str:
        return reverse("complaints_admin:complaint", args=[self.object.pk])


class AcknowledgeView(ComplaintActionView):
    """Acknowledge a complaint, for which the law gives thirty days."""

    page_title = "Acknowledge"
    intro = "Whoever complained gets an email that says that you look into it, if they gave an address."
    submit_label = "Acknowledge"
    success_message = "Acknowledged."

    def perform(self, **data: Any) -> bool:
        return workflow.acknowledge(self.object, self.request.user, data["note"])


class TakeBackView(ComplaintActionView):
    """Put a complaint that was set apart among the others."""

    page_title = "Move to the list of complaints"
    intro = "For a genuine complaint that arrived with many others. It is then listed with the other complaints."
    submit_label = "Move to the list of complaints"
    success_message = "It is in the list of complaints."

    def perform(self, **data: Any) -> bool:
        return workflow.take_back(self.object, self.request.user, data["note"])


class AnswerView(ComplaintActionView):
    """Answer a complaint and close it."""

    page_title = "Answer"
    form_class = AnswerForm
    intro = "The complaint is closed by it."
    submit_label = "Answer and close"
    success_message = "Answered."

    def perform(self, **data: Any) -> bool:
        return workflow.answer(self.object, data["outcome"], self.request.user, data["note"])


class NoteView(ComplaintActionView):
    """Add a note on what was done about a complaint."""

    page_title = "Add a note"
    form_class = NoteForm
    submit_label = "Add the note"
    success_message = "The note is added."

    def perform(self, **data: Any) -> bool:
        workflow.add_note(self.object, data["note"], self.request.user)
        return True


class ComplaintLogView(StaffViewMixin, View):
    """Download every step of every complaint. Names nobody who complained, and none of their words."""

    permission = "complaints.view_complaint"

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        return csv_response(f"complaints-log-{timezone.localdate():%Y-%m-%d}.csv", HEADER, self.rows())

    def rows(self) -> Iterator[list[Any]]:
        """The rows of the file."""
        events = ComplaintEvent.objects.select_related("complaint", "by").order_by("at", "pk")
        for event in events.iterator(500):
            yield [
                event.complaint.reference,
                event.at,
                event.get_action_display(),
                event.by,
                event.note,
                event.complaint.acknowledge_by,
                event.complaint.was_in_time,
            ]


class ComplaintsPanel(Component):
    """On the first page of the admin: complaints that wait to be acknowledged, and how many are overdue."""

    name = "complaints"
    order = 50
    template_name = "admin/complaints/panel.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        may_see = self.request.user.has_perm("complaints.view_complaint")
        waiting = list(Complaint.objects.waiting()[:20]) if may_see else []
        set_apart = Complaint.objects.set_apart().count() if may_see else 0
        today = timezone.localdate()
        rows = [(complaint, complaint.days_left(today)) for complaint in waiting]
        overdue = sum(1 for _, days in rows if days is not None and days < 0)
        return {
            "rows": rows,
            "overdue": overdue,
            "set_apart": set_apart,
            "address": reverse("complaints_admin:complaints"),
        }
