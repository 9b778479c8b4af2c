"""Posters for the room: for each session a QR code to scan and a code to type."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from engagement.feedback.admin.base import RUN_ROUND, VIEW_ROUND, RoundMixin, RoundPostView, round_dashboard_url
from engagement.feedback.models import RoundEvent
from engagement.feedback.rounds.session_codes import assign_session_codes, join_address, join_url, qr_svg
from nelis.core.admin.views import StaffView


class PostersView(RoundMixin, StaffView):
    """The sessions of a round with their codes, QR codes and posters."""

    permission = VIEW_ROUND
    template_name = "admin/feedback/posters.html"

    def get_page_title(self) -> str:
        return f"Posters for {self.round.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "round": self.round,
            "sessions": [
                {"session": session, "url": join_url(session), "qr": qr_svg(join_url(session), inline=True)}
                for session in self.round.sessions.exclude(code=None)
            ],
            "join": join_address(),
            "may_run": self.request.user.has_perm(RUN_ROUND),
            "dashboard": round_dashboard_url(self.round),
        }


class PrintPostersView(PostersView):
    """The posters themselves, each a sheet of A4: of all sessions, or of one."""

    template_name = "admin/feedback/print_posters.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if wanted := self.kwargs.get("session"):
            context["sessions"] = [row for row in context["sessions"] if row["session"].pk == wanted]
            if not context["sessions"]:
                raise Http404("no such session, or it has no code yet")
        return context


class PosterQRCodeView(RoundMixin, StaffView):
    """The QR code of a session as a file, for slides and print."""

    permission = VIEW_ROUND

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session = get_object_or_404(self.round.sessions.exclude(code=None), pk=self.kwargs["session"])
        response = HttpResponse(qr_svg(join_url(session)), content_type="image/svg+xml")
        response["Content-Disposition"] = f'attachment; filename="join-{session.code}.svg"'
        return response


class ReplaceCodeView(RoundPostView):
    """The button that gives a session a new code, because the old one is misused. The old one leads nowhere then."""

    default_action = "replace"

    def get_success_url(self) -> str:
        return reverse("feedback_posters", args=[self.round.pk])

    def replace(self) -> str:
        """Replace the code, and say what has to be done now."""
        session = get_object_or_404(self.round.sessions, pk=self.kwargs["session"])
        with transaction.atomic():
            old_code, session.code = session.code, None
            session.save(update_fields=["code"])
            assign_session_codes(self.round)
            session.refresh_from_db(fields=["code"])
            RoundEvent.write(self.round, "new code", self.request.user, f"{session.code} in place of {old_code}")
        return f"The code is {session.code} now. Put new posters up: the old code leads nowhere."
