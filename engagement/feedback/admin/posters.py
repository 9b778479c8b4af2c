"""Posters for the room: for each session a code to scan and to type."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import View
from wagtail.admin import messages

from engagement.feedback.admin.rounds import RUN_ROUND, VIEW_ROUND, RoundMixin, round_dashboard_url
from engagement.feedback.models import RoundEvent, RoundSession
from engagement.feedback.rounds import opening
from engagement.feedback.rounds.posters import join_address, join_url, qr_svg
from nelis.core.admin.views import StaffView

__all__ = ["PosterQRCodeView", "PostersView", "PrintPostersView", "ReplaceCodeView"]


class PostersView(RoundMixin, StaffView):
    """The sessions of a round with their codes, drawings and posters."""

    permission = VIEW_ROUND
    template_name = "admin/feedback/posters.html"

    def get_page_title(self) -> str:
        return f"Posters for {self.round.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sessions = [
            {"session": one, "url": join_url(one), "qr": qr_svg(join_url(one), inline=True)}
            for one in self.round.sessions.exclude(code=None)
        ]
        return super().get_context_data(**kwargs) | {
            "round": self.round,
            "sessions": sessions,
            "join": join_address(),
            "may_run": self.request.user.has_perm(RUN_ROUND),
            "desk": round_dashboard_url(self.round),
        }


class PrintPostersView(PostersView):
    """The posters themselves, each a sheet of A4: of all sessions, or of one."""

    template_name = "admin/feedback/print_posters.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if wanted := self.kwargs.get("session"):
            context["sessions"] = [one for one in context["sessions"] if one["session"].pk == wanted]
            if not context["sessions"]:
                raise Http404("no such session, or it has no code yet")
        return context


class PosterQRCodeView(View):
    """The code to scan, as a drawing for slides and print."""

    def get(self, request: HttpRequest, pk: int, session: int) -> HttpResponse:
        """The file, to be saved."""
        if not request.user.has_perm(VIEW_ROUND):
            raise PermissionDenied
        found = get_object_or_404(RoundSession.objects.exclude(code=None), round=pk, pk=session)
        response = HttpResponse(qr_svg(join_url(found)), content_type="image/svg+xml")
        response["Content-Disposition"] = f'attachment; filename="join-{found.code}.svg"'
        return response


class ReplaceCodeView(View):
    """The button that gives a session a new code, because the old one is misused. The old one leads nowhere then."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, session: int) -> HttpResponse:
        """Change it, and say what has to be done now."""
        if not request.user.has_perms([VIEW_ROUND, RUN_ROUND]):
            raise PermissionDenied
        found = get_object_or_404(RoundSession, round=pk, pk=session)
        with transaction.atomic():
            old, found.code = found.code, None
            found.save(update_fields=["code"])
            opening.assign_session_codes(found.round)
            found.refresh_from_db(fields=["code"])
            RoundEvent.write(found.round, "new code", request.user, f"{found.code} in place of {old}")
        messages.success(request, f"The code is {found.code} now. Put new posters up: the old code leads nowhere.")
        return redirect(reverse("feedback_posters", args=[pk]))
