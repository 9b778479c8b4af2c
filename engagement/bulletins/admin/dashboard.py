"""The dashboard of a bulletin: its state, its checks, its preview, its history, and the buttons for what comes next."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name

from engagement.bulletins import workflow
from engagement.bulletins.admin.forms import ScheduleForm, SendNowForm, SendTestForm
from engagement.bulletins.approval_checks import CheckReport, check_bulletin
from engagement.bulletins.delivery_stats import DeliveryCounts, SendingRate
from engagement.bulletins.emails import send_test
from engagement.bulletins.models import Bulletin
from engagement.bulletins.previews import render_preview
from engagement.bulletins.recipients import AudienceRule, subscriptions_for
from engagement.bulletins.snapshot import content_hash
from engagement.mail.models import DeliveryState
from nelis.core.admin.views import StaffFormView, StaffView

__all__ = [
    "BulletinActionView",
    "BulletinView",
    "DashboardView",
    "PreviewView",
    "ProgressView",
    "SendNowView",
    "SendTestView",
]

VIEW_PERMISSION, ADD_PERMISSION = "bulletins.view_bulletin", "bulletins.add_bulletin"
#: Bulletins on the first page of the admin.
MAX_LISTED = 20
#: Besides those who write, whoever approves or sends may send a test.
MAY_SEND_TEST = (workflow.CHANGE, workflow.APPROVE, workflow.SEND)
#: Transitions that take a note from the form.
WITH_NOTE = ("give_back", "cancel", "pause", "submit", "take_off")


class BulletinView(View):
    """A view of one bulletin, for those who may look at bulletins. Sets ``bulletin``."""

    bulletin: Bulletin

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not request.user.has_perm(VIEW_PERMISSION):
            raise PermissionDenied
        self.bulletin = get_object_or_404(Bulletin, pk=kwargs["pk"])


class DashboardView(BulletinView, StaffView):
    """The dashboard. ``forms_with_errors`` stand in the place of fresh ones."""

    permission = VIEW_PERMISSION
    breadcrumb_parents = (("Bulletins", "wagtailsnippets_bulletins_bulletin:list"),)
    template_name = "admin/bulletins/dashboard.html"
    header_icon = "mail"
    forms_with_errors: dict[str, Any] = {}

    def get_page_title(self) -> str:
        return self.bulletin.subject or "Bulletin"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bulletin = self.bulletin
        user: Any = self.request.user
        if snapshot := bulletin.snapshot:
            report = CheckReport.for_snapshot(bulletin, snapshot)
        else:
            snapshot, report = check_bulletin(bulletin)
        return super().get_context_data(**kwargs) | {
            "bulletin": bulletin,
            "transitions": {item.name: item for item in workflow.available_transitions(bulletin, user)},
            "report": report,
            "snapshot": snapshot,
            "hash": content_hash(snapshot) if snapshot else "",
            "is_own_work": workflow.is_own_work(bulletin, user),
            "copy_url": self.get_copy_url(),
            "edit_url": reverse(Bulletin.snippet_viewset.get_url_name("edit"), args=[bulletin.pk]),
            "events": bulletin.events.select_related("by"),
            "schedule_form": ScheduleForm(),
            "test_form": SendTestForm(user=user) if workflow.has_any_permission(user, MAY_SEND_TEST) else None,
            "progress": progress_of(bulletin),
            **self.forms_with_errors,
        }

    def get_copy_url(self) -> str:
        """Where it is duplicated; empty for those who may not, and for what the site drafts."""
        if self.bulletin.is_generated or not self.request.user.has_perm(ADD_PERMISSION):
            return ""
        return reverse(Bulletin.snippet_viewset.get_url_name("copy"), args=[self.bulletin.pk])


class BulletinActionView(BulletinView):
    """Makes the transition that a button of the dashboard names. If it isn't possible, it says why and does nothing."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        name = request.POST.get("step", "")
        transition = workflow.TRANSITIONS.get(name)
        if transition is None or not transition.permissions or name == "edit":
            raise PermissionDenied
        details: dict[str, Any] = {}
        if name == "schedule":
            form = ScheduleForm(request.POST)
            if not form.is_valid() and workflow.has_any_permission(request.user, transition.permissions):
                return dashboard_with_errors(request, pk, schedule_form=form)
            details["moment"] = form.cleaned_data.get("moment")
        elif name == "approve":
            details["shown"] = request.POST.get("shown", "")
        elif name in WITH_NOTE:
            details["note"] = clean_note(request.POST.get("note", ""))
        try:
            self.bulletin = workflow.perform(name, self.bulletin, request.user, **details)
        except workflow.TransitionError as error:
            messages.error(request, str(error))
            return dashboard_with_errors(request, pk, refused_note=request.POST.get("note", ""))
        messages.success(request, f"{transition.label}: done. It is now: {self.bulletin.get_state_display().lower()}.")
        return redirect("bulletin_dashboard", pk)


def clean_note(text: str) -> str:
    """Return a note cut to its length, and without what no database takes, rather than refuse it."""
    return text.replace("\0", "")[:200].strip()


def dashboard_with_errors(request: Any, pk: int, **forms_with_errors: Any) -> Any:
    """Return the dashboard once more, with what was typed and what is wrong with it."""
    request.method = "GET"
    response: Any = DashboardView.as_view(forms_with_errors=forms_with_errors)(request, pk=pk)
    response.status_code = 422
    return response


class SendNowView(BulletinView, StaffFormView):
    """Asks whether it is to go out now, to how many people, and sends it. To nobody, nothing is sent."""

    permission = workflow.SEND
    page_title = "Send now"
    header_icon = "mail"
    breadcrumb_parents = (("Bulletins", "wagtailsnippets_bulletins_bulletin:list"),)
    form_class = SendNowForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        may_send = request.user.has_perm(self.permission)
        if may_send and self.bulletin.state != Bulletin.State.APPROVED:
            return self.refuse(f"It is {self.bulletin.get_state_display().lower()}, so it can’t be sent now.")
        if may_send and not self.count:
            return self.refuse("Nobody would get it now, so it isn’t sent. Choose a day and time, or other readers.")
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def count(self) -> int:
        """How many would get it at this moment."""
        return subscriptions_for(AudienceRule.from_snapshot(self.bulletin.snapshot)).count()

    def refuse(self, why: str) -> HttpResponse:
        """Say why, and do nothing."""
        messages.error(self.request, why)
        return redirect("bulletin_dashboard", self.bulletin.pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"count": self.count}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = f"{self.count:,} {'person' if self.count == 1 else 'people'}"
        intro = (
            f"“{self.bulletin.subject}” goes to {people} at once. You can pause it within seconds, but mails that were "
            "sent can’t be called back."
        )
        return super().get_context_data(**kwargs) | {"intro": intro, "submit_label": f"Send it to {people}"}

    def form_invalid(self, form: Any) -> HttpResponse:
        # With the number of this moment in place of the one that was sent in.
        form.data = form.data.copy()
        form.data["people"] = str(self.count)
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            workflow.perform("schedule", self.bulletin, self.request.user, people=form.cleaned_data["people"])
        except workflow.TransitionError as error:
            return self.refuse(str(error))
        messages.success(self.request, "The bulletin is being sent. This page shows the progress.")
        return redirect("bulletin_dashboard", self.bulletin.pk)


class SendTestView(BulletinView):
    """Sends a test email to oneself or to a colleague."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user: Any = request.user
        if not workflow.has_any_permission(user, MAY_SEND_TEST):
            raise PermissionDenied
        form = SendTestForm(request.POST, user=user)
        if not form.is_valid():
            return dashboard_with_errors(request, pk, test_form=form)
        colleague = form.cleaned_data["to"]
        send_test(self.bulletin, colleague.email)
        name = "you" if colleague == user else get_user_display_name(colleague)
        messages.success(request, f"A test is on its way to {name}. It says “[Test]” before its subject.")
        return redirect("bulletin_dashboard", pk)


@method_decorator(xframe_options_sameorigin, name="dispatch")
class PreviewView(BulletinView):
    """The email and its web page as they would be, or were, approved: for a frame of the dashboard, or a tab."""

    def get(self, request: Any, pk: int) -> HttpResponse:
        request.is_preview = request.is_dummy = True
        return render_preview(request, self.bulletin, request.GET.get("as", "mail"), self.bulletin.snapshot)


class ProgressView(BulletinView):
    """The part of the dashboard that changes while a bulletin is sent: ``bulletin-progress.js`` fetches it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = {"bulletin": self.bulletin, "progress": progress_of(self.bulletin)}
        response = render(request, "admin/bulletins/progress.html", context)
        response["Cache-Control"] = "no-store"
        return response


def progress_of(bulletin: Bulletin) -> dict[str, Any] | None:
    """Return how far the sending has come; None before there are recipients."""
    if bulletin.recipient_count is None:
        return None
    counts = DeliveryCounts.of(bulletin)
    return {
        "counts": counts,
        "rows": [(DeliveryState(state).label, number) for state, number in counts.by_state.items() if number],
        "rate": SendingRate.of(bulletin, counts) if bulletin.state == Bulletin.State.SENDING else None,
        "percent": counts.settled * 100 // counts.total if counts.total else 100,
    }
