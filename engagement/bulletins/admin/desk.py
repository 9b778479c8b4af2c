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

from engagement.bulletins import ledger, states
from engagement.bulletins.admin.forms import NoteForm, ScheduleForm, TestForm
from engagement.bulletins.checks import Report, examine
from engagement.bulletins.freeze import UnfitError, content_hash, freeze
from engagement.bulletins.mails import send_test
from engagement.bulletins.models import Bulletin
from engagement.bulletins.previews import letter_of, mail_response
from engagement.post.models import State
from nelis.core.admin.views import StaffView

__all__ = ["Act", "Desk", "Mail", "Progress", "SendTest"]

VIEW, CHANGE = "bulletins.view_bulletin", "bulletins.change_bulletin"
#: Besides those who write, whoever approves or sends may try it out.
TESTS = (CHANGE, "bulletins.approve_bulletin", "bulletins.send_bulletin")


class ForViewers(View):
    """A view of one bulletin, for those who may look at bulletins. Sets ``bulletin``."""

    bulletin: Bulletin

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not request.user.has_perm(VIEW):
            raise PermissionDenied
        self.bulletin = get_object_or_404(Bulletin, pk=kwargs["pk"])


def has_any(user: Any, permissions: tuple[str, ...]) -> bool:
    """Whether ``user`` has one of these."""
    return any(user.has_perm(permission) for permission in permissions)


class Desk(ForViewers, StaffView):
    """The page itself. ``faulty`` are forms with errors in them, in the place of fresh ones."""

    permission = VIEW
    above = (("Bulletins", "wagtailsnippets_bulletins_bulletin:list"),)
    template_name = "editing/bulletin_desk.html"
    header_icon = "mail"
    faulty: dict[str, Any] = {}

    def get_page_title(self) -> str:
        return self.bulletin.subject or "Bulletin"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        bulletin = self.bulletin
        user: Any = self.request.user
        steps = {step.name: step for step in states.open_steps(bulletin, user)}
        if bulletin.frozen:
            frozen, report = bulletin.frozen, Report.of(bulletin, bulletin.frozen)
        else:
            frozen, report = examine(bulletin)
        context |= {
            "bulletin": bulletin,
            "steps": steps,
            "report": report,
            "hash": content_hash(frozen) if frozen else "",
            "frozen": frozen,
            "is_own": bulletin.state == Bulletin.State.IN_REVIEW and user.pk in states.authors(bulletin),
            "edit_url": reverse(Bulletin.snippet_viewset.get_url_name("edit"), args=[bulletin.pk]),
            "events": bulletin.events.select_related("by"),
            "schedule_form": ScheduleForm(),
            "test_form": TestForm(user=user) if has_any(user, TESTS) else None,
            **progress_of(bulletin),
            **self.faulty,
        }
        return context


class Act(ForViewers):
    """A step, by its name in the form. What can't be done is said, and nothing is done."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        name = request.POST.get("step", "")
        step = states.STEPS.get(name)
        if step is None or not step.permissions or name == "edit":
            raise PermissionDenied
        details: dict[str, Any] = {}
        if name == "schedule":
            form = ScheduleForm(request.POST)
            if not form.is_valid() and states.may(step, request.user):
                return again(request, pk, schedule_form=form)
            details["moment"] = form.cleaned_data.get("moment")
        elif name == "approve":
            details["shown"] = request.POST.get("shown", "")
        elif name in ("give_back", "cancel", "pause", "submit", "take_off"):
            details["reason" if name == "pause" else "note"] = note_of(request)
        try:
            self.bulletin = states.take(name, self.bulletin, request.user, **details)
        except states.RefusedError as refused:
            messages.error(request, str(refused))
            return again(request, pk, refused_note=request.POST.get("note", ""))
        messages.success(request, f"{step.label}: done. It is now: {self.bulletin.get_state_display().lower()}.")
        return redirect("bulletin_desk", pk)


def note_of(request: HttpRequest) -> str:
    """What was typed as a reason: cut to its length, and without what no database takes, rather than refused."""
    note = NoteForm({"note": request.POST.get("note", "").replace("\0", "")[:200]})
    return str(note.cleaned_data["note"]) if note.is_valid() else ""


def again(request: HttpRequest, pk: int, **faulty: Any) -> Any:
    """The desk once more, with what was typed and what is wrong with it."""
    asked: Any = request
    asked.method = "GET"
    answer: Any = Desk.as_view(faulty=faulty)(asked, pk=pk)
    answer.status_code = 422
    return answer


class SendTest(ForViewers):
    """A test mail to oneself or to a colleague."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not has_any(request.user, TESTS):
            raise PermissionDenied
        user: Any = request.user
        form = TestForm(request.POST, user=user)
        if not form.is_valid():
            return again(request, pk, test_form=form)
        colleague = form.cleaned_data["to"]
        send_test(self.bulletin, colleague.email)
        name = "you" if colleague == request.user else colleague.get_full_name() or colleague.get_username()
        messages.success(request, f"A test is on its way to {name}. It says “[Test]” before its subject.")
        return redirect("bulletin_desk", pk)


@method_decorator(xframe_options_sameorigin, name="dispatch")
class Mail(ForViewers):
    """The mail and its web page as they would be, or were, approved: for a frame of the desk, or a tab of its own."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked: Any = request
        asked.is_preview, asked.is_dummy = True, True
        mode = request.GET.get("as", "mail")
        try:
            frozen = self.bulletin.frozen or freeze(self.bulletin)
        except UnfitError as unfit:
            return render(request, "bulletins/preview_unfit.html", {"object": self.bulletin, "why": str(unfit)})
        letter = letter_of(self.bulletin, frozen)
        if mode == "text":
            return render(request, "bulletins/preview_text.html", {"object": self.bulletin, "letter": letter})
        if mode == "web":
            # Made of templates when it was frozen.
            html = mark_safe(frozen["web"])  # noqa: S308
            return render(request, "bulletins/preview_web.html", {"object": self.bulletin, "html": html})
        return mail_response(request, letter, mode)


def progress_of(bulletin: Bulletin) -> dict[str, Any]:
    """How far the sending has come; nothing before there are recipients."""
    if bulletin.audience is None:
        return {"progress": None}
    counts = ledger.Counts.of(bulletin)
    words = {state.value: state.label for state in State}
    return {
        "progress": {
            "counts": counts,
            "rows": [(words[state], number) for state, number in counts.by_state.items() if number],
            "pace": ledger.Pace.of(bulletin, counts) if bulletin.state == Bulletin.State.SENDING else None,
            "percent": counts.settled * 100 // counts.total if counts.total else 100,
        }
    }


class Progress(ForViewers):
    """The part of the desk that changes while a bulletin is sent, for the script that asks every few seconds."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = {"bulletin": self.bulletin, **progress_of(self.bulletin)}
        answer = render(request, "editing/bulletin_progress.html", context)
        answer["Cache-Control"] = "no-store"
        return answer
