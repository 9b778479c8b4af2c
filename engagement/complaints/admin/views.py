"""Complaints in the admin: the most urgent first, one with its steps, and the log."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.components import Component

from engagement.complaints import receipt_policy, workflow
from engagement.complaints.admin.forms import AcknowledgeForm, AnswerForm, NoteForm
from engagement.complaints.models import Complaint, ComplaintEvent
from engagement.mail.addresses import address_hash
from nelis.core.admin.views import StaffFormView, StaffView, StaffViewMixin
from nelis.core.csv_export import csv_response

__all__ = [
    "AcknowledgeView",
    "AnswerView",
    "ComplaintDetailView",
    "ComplaintListView",
    "ComplaintLogView",
    "ComplaintsPanel",
    "NoteView",
]

BREADCRUMBS = (("Complaints", "complaints_admin:complaints"),)
PER_PAGE = 50
HEADER = ("reference", "at", "step", "by", "note", "acknowledge_by", "acknowledged_in_time")


class ComplaintListView(StaffView):
    """All of them, the most urgent first."""

    permission = "complaints.view_complaint"
    template_name = "admin/complaints/complaints.html"
    page_title = "Complaints"
    header_icon = "comment"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pages = Paginator(Complaint.objects.urgent_first(), PER_PAGE)
        page = pages.get_page(self.request.GET.get("p"))
        today = timezone.localdate()
        rows = [(one, one.days_left(today)) for one in page]
        return super().get_context_data(**kwargs) | {"page": page, "rows": rows}


class ComplaintDetailView(StaffView):
    """What it says, and what was done about it."""

    permission = "complaints.view_complaint"
    template_name = "admin/complaints/complaint.html"
    header_icon = "comment"
    breadcrumb_parents = BREADCRUMBS

    def get_page_title(self) -> str:
        return "Complaint"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = get_object_or_404(Complaint, pk=self.kwargs["pk"])
        return super().get_context_data(**kwargs) | {
            "one": one,
            "days": one.days_left(timezone.localdate()),
            "events": one.events.select_related("by"),
            "forbidden": bool(one.address) and receipt_policy.is_suppressed(address_hash(one.address)),
        }


class ComplaintActionView(StaffFormView):
    """A form that takes one step."""

    permission = "complaints.change_complaint"
    form_class: type[forms.Form] = AcknowledgeForm
    header_icon = "comment"
    breadcrumb_parents = BREADCRUMBS
    done = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # Looked up only for those who may see that it is there.
        self.one = get_object_or_404(Complaint, pk=kwargs["pk"]) if request.user.has_perm(self.permission) else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"words": f"{self.one}. {self.words}"}

    def take(self, one: Complaint, said: dict[str, Any], by: Any) -> bool:
        """Take the step. False if somebody took it before."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        assert self.one is not None  # noqa: S101 - the permission was asked for before
        if self.take(self.one, form.cleaned_data, self.request.user):
            messages.success(self.request, self.done)
        else:
            messages.warning(self.request, "Nothing was changed: a colleague was quicker. This is how it stands.")
        return redirect("complaints_admin:complaint", pk=self.one.pk)


class AcknowledgeView(ComplaintActionView):
    """The first step, for which there are thirty days."""

    page_title = "Acknowledge"
    words = "Whoever complained gets a mail that says that you look into it, if they gave an address."
    submit_label = "Acknowledge"
    done = "Acknowledged."

    def take(self, one: Complaint, said: dict[str, Any], by: Any) -> bool:
        return workflow.acknowledge(one, by, said["note"])


class AnswerView(ComplaintActionView):
    """The last step."""

    page_title = "Answer"
    form_class = AnswerForm
    words = "The complaint is closed by it."
    submit_label = "Answer and close"
    done = "Answered."

    def take(self, one: Complaint, said: dict[str, Any], by: Any) -> bool:
        return workflow.answer(one, said["outcome"], by, said["note"])


class NoteView(ComplaintActionView):
    """What was done meanwhile."""

    page_title = "Add a note"
    form_class = NoteForm
    submit_label = "Add the note"
    done = "The note is added."

    def take(self, one: Complaint, said: dict[str, Any], by: Any) -> bool:
        workflow.add_note(one, said["note"], by)
        return True


class ComplaintLogView(StaffViewMixin, View):
    """Every step of every complaint, as a file. Without what was complained of, and by whom."""

    permission = "complaints.view_complaint"

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        return csv_response(f"complaints-log-{timezone.localdate():%Y-%m-%d}.csv", HEADER, self.cells())

    def cells(self) -> Iterator[list[Any]]:
        """The rows of the file."""
        events = ComplaintEvent.objects.select_related("complaint", "by").order_by("at", "pk")
        for event in events.iterator(500):
            one = event.complaint
            yield [
                one.reference,
                event.at,
                event.get_what_display(),
                event.by,
                event.note,
                one.acknowledge_by,
                one.was_in_time,
            ]


class ComplaintsPanel(Component):
    """On the first page of the admin, for those who look after complaints: what waits, and what waits too long."""

    name = "complaints"
    order = 50
    template_name = "admin/complaints/panel.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        may_see = self.request.user.has_perm("complaints.view_complaint")
        waiting = list(Complaint.objects.waiting()[:20]) if may_see else []
        today = timezone.localdate()
        rows = [(one, one.days_left(today)) for one in waiting]
        overdue = sum(1 for _, days in rows if days is not None and days < 0)
        return {"rows": rows, "overdue": overdue, "address": reverse("complaints_admin:complaints")}
