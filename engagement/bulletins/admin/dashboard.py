"""The desk of a bulletin: what it looks like, what is missing, who did what, and the buttons for its next steps."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic import View
from wagtail.admin import messages

from engagement.bulletins import delivery_stats, workflow
from engagement.bulletins.admin.forms import NoteForm, ScheduleForm, SendTestForm
from engagement.bulletins.approval_checks import CheckReport, check_bulletin
from engagement.bulletins.emails import send_test
from engagement.bulletins.models import Bulletin
from engagement.bulletins.previews import message_response, sample_message
from engagement.bulletins.snapshot import SnapshotError, content_hash, take_snapshot
from engagement.mail.models import DeliveryState
from nelis.core.admin.views import StaffView

__all__ = ["BulletinActionView", "DashboardView", "MessageView", "ProgressView", "SendTestView"]

VIEW, CHANGE = "bulletins.view_bulletin", "bulletins.change_bulletin"
#: Besides those who write, whoever approves or sends may try it out.
MAY_SEND_TEST = (CHANGE, "bulletins.approve_bulletin", "bulletins.send_bulletin")


class BulletinView(View):
    """A view of one bulletin, for those who may look at bulletins. Sets ``bulletin``."""

    bulletin: Bulletin

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not request.user.has_perm(VIEW):
            raise PermissionDenied
        self.bulletin = get_object_or_404(Bulletin, pk=kwargs["pk"])


def has_any_permission(user: Any, permissions: tuple[str, ...]) -> bool:
    """Whether ``user`` has one of these."""
    return any(user.has_perm(permission) for permission in permissions)


class DashboardView(BulletinView, StaffView):
    """The page itself. ``faulty`` are forms with errors in them, in the place of fresh ones."""

    permission = VIEW
    breadcrumb_parents = (("Bulletins", "wagtailsnippets_bulletins_bulletin:list"),)
    template_name = "admin/bulletins/dashboard.html"
    header_icon = "mail"
    faulty: dict[str, Any] = {}

    def get_page_title(self) -> str:
        return self.bulletin.subject or "Bulletin"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        bulletin = self.bulletin
        user: Any = self.request.user
        steps = {step.name: step for step in workflow.available_transitions(bulletin, user)}
        if bulletin.frozen:
            frozen, report = bulletin.frozen, CheckReport.of(bulletin, bulletin.frozen)
        else:
            frozen, report = check_bulletin(bulletin)
        context |= {
            "bulletin": bulletin,
            "steps": steps,
            "report": report,
            "hash": content_hash(frozen) if frozen else "",
            "frozen": frozen,
            "is_own": bulletin.state == Bulletin.State.IN_REVIEW and user.pk in workflow.authors(bulletin),
            "edit_url": reverse(Bulletin.snippet_viewset.get_url_name("edit"), args=[bulletin.pk]),
            "events": bulletin.events.select_related("by"),
            "schedule_form": ScheduleForm(),
            "test_form": SendTestForm(user=user) if has_any_permission(user, MAY_SEND_TEST) else None,
            **progress_context(bulletin),
            **self.faulty,
        }
        return context


class BulletinActionView(BulletinView):
    """A step, by its name in the form. What can't be done is said, and nothing is done."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        name = request.POST.get("step", "")
        step = workflow.TRANSITIONS.get(name)
        if step is None or not step.permissions or name == "edit":
            raise PermissionDenied
        details: dict[str, Any] = {}
        if name == "schedule":
            form = ScheduleForm(request.POST)
            if not form.is_valid() and workflow.is_permitted(step, request.user):
                return rerender_dashboard(request, pk, schedule_form=form)
            details["moment"] = form.cleaned_data.get("moment")
        elif name == "approve":
            details["shown"] = request.POST.get("shown", "")
        elif name in ("give_back", "cancel", "pause", "submit", "take_off"):
            details["reason" if name == "pause" else "note"] = clean_note(request)
        try:
            self.bulletin = workflow.perform(name, self.bulletin, request.user, **details)
        except workflow.TransitionError as refused:
            messages.error(request, str(refused))
            return rerender_dashboard(request, pk, refused_note=request.POST.get("note", ""))
        messages.success(request, f"{step.label}: done. It is now: {self.bulletin.get_state_display().lower()}.")
        return redirect("bulletin_dashboard", pk)


def clean_note(request: HttpRequest) -> str:
    """What was typed as a reason: cut to its length, and without what no database takes, rather than refused."""
    note = NoteForm({"note": request.POST.get("note", "").replace("\0", "")[:200]})
    return str(note.cleaned_data["note"]) if note.is_valid() else ""


def rerender_dashboard(request: HttpRequest, pk: int, **faulty: Any) -> Any:
    """The desk once more, with what was typed and what is wrong with it."""
    asked: Any = request
    asked.method = "GET"
    answer: Any = DashboardView.as_view(faulty=faulty)(asked, pk=pk)
    answer.status_code = 422
    return answer


class SendTestView(BulletinView):
    """A test mail to oneself or to a colleague."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not has_any_permission(request.user, MAY_SEND_TEST):
            raise PermissionDenied
        user: Any = request.user
        form = SendTestForm(request.POST, user=user)
        if not form.is_valid():
            return rerender_dashboard(request, pk, test_form=form)
        colleague = form.cleaned_data["to"]
        send_test(self.bulletin, colleague.email)
        name = "you" if colleague == request.user else colleague.get_full_name() or colleague.get_username()
        messages.success(request, f"A test is on its way to {name}. It says “[Test]” before its subject.")
        return redirect("bulletin_dashboard", pk)


@method_decorator(xframe_options_sameorigin, name="dispatch")
class MessageView(BulletinView):
    """The mail and its web page as they would be, or were, approved: for a frame of the desk, or a tab of its own."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked: Any = request
        asked.is_preview, asked.is_dummy = True, True
        mode = request.GET.get("as", "mail")
        try:
            frozen = self.bulletin.frozen or take_snapshot(self.bulletin)
        except SnapshotError as unfit:
            return render(request, "admin/bulletins/preview_error.html", {"object": self.bulletin, "why": str(unfit)})
        letter = sample_message(self.bulletin, frozen)
        if mode == "text":
            return render(request, "admin/bulletins/preview_text.html", {"object": self.bulletin, "letter": letter})
        if mode == "web":
            # Made of templates when it was frozen.
            html = mark_safe(frozen["web"])  # noqa: S308
            return render(request, "admin/bulletins/preview_web.html", {"object": self.bulletin, "html": html})
        return message_response(request, letter, mode)


def progress_context(bulletin: Bulletin) -> dict[str, Any]:
    """How far the sending has come; nothing before there are recipients."""
    if bulletin.audience is None:
        return {"progress": None}
    counts = delivery_stats.DeliveryCounts.of(bulletin)
    words = {state.value: state.label for state in DeliveryState}
    return {
        "progress": {
            "counts": counts,
            "rows": [(words[state], number) for state, number in counts.by_state.items() if number],
            "pace": delivery_stats.SendingRate.of(bulletin, counts)
            if bulletin.state == Bulletin.State.SENDING
            else None,
            "percent": counts.settled * 100 // counts.total if counts.total else 100,
        }
    }


class ProgressView(BulletinView):
    """The part of the desk that changes while a bulletin is sent, for the script that asks every few seconds."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = {"bulletin": self.bulletin, **progress_context(self.bulletin)}
        answer = render(request, "admin/bulletins/progress.html", context)
        answer["Cache-Control"] = "no-store"
        return answer
