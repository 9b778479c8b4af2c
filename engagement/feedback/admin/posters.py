"""Posters for the room: for each session a code to scan and to type."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import View
from wagtail.admin import messages

from engagement.feedback import opening
from engagement.feedback.admin.rounds import RUN, VIEW, OfRound, desk_url
from engagement.feedback.models import RoundEvent, RoundSession
from engagement.feedback.posters import join_address, join_url, qr_svg
from nelis.core.admin.views import StaffView

__all__ = ["NewCode", "PosterDrawing", "PosterSheets", "Posters"]


class Posters(OfRound, StaffView):
    """The sessions of a round with their codes, drawings and posters."""

    permission = VIEW
    template_name = "editing/feedback_posters.html"

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
            "may_run": self.request.user.has_perm(RUN),
            "desk": desk_url(self.round),
        }


class PosterSheets(Posters):
    """The posters themselves, each a sheet of A4: of all sessions, or of one."""

    template_name = "editing/feedback_poster_sheets.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if wanted := self.kwargs.get("session"):
            context["sessions"] = [one for one in context["sessions"] if one["session"].pk == wanted]
            if not context["sessions"]:
                raise Http404("no such session, or it has no code yet")
        return context


class PosterDrawing(View):
    """The code to scan, as a drawing for slides and print."""

    def get(self, request: HttpRequest, pk: int, session: int) -> HttpResponse:
        """The file, to be saved."""
        if not request.user.has_perm(VIEW):
            raise PermissionDenied
        found = get_object_or_404(RoundSession.objects.exclude(code=None), round=pk, pk=session)
        response = HttpResponse(qr_svg(join_url(found)), content_type="image/svg+xml")
        response["Content-Disposition"] = f'attachment; filename="join-{found.code}.svg"'
        return response


class NewCode(View):
    """The button that gives a session a new code, because the old one is misused. The old one leads nowhere then."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, session: int) -> HttpResponse:
        """Change it, and say what has to be done now."""
        if not request.user.has_perms([VIEW, RUN]):
            raise PermissionDenied
        found = get_object_or_404(RoundSession, round=pk, pk=session)
        with transaction.atomic():
            old, found.code = found.code, None
            found.save(update_fields=["code"])
            opening.give_codes(found.round)
            found.refresh_from_db(fields=["code"])
            RoundEvent.write(found.round, "new code", request.user, f"{found.code} in place of {old}")
        messages.success(request, f"The code is {found.code} now. Put new posters up: the old code leads nowhere.")
        return redirect(reverse("feedback_posters", args=[pk]))
