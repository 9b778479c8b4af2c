"""What the wall's page needs: the question, its results or words, and the way to join."""

from typing import Any

from django.utils.safestring import mark_safe

from engagement.feedback.models import RoundSession, Wall
from engagement.feedback.rounds.session_codes import join_address, join_url, qr_svg, spaced_code
from engagement.feedback.wall.live_results import WallQuestion, response_totals, visible_results, wall_questions
from engagement.feedback.wall.moderation import approved_quotes

__all__ = ["current_question", "get_wall", "wall_context"]


def get_wall(session: RoundSession) -> Wall:
    """The session's wall; one that shows the invitation, and isn't kept yet, where there is none."""
    return Wall.objects.filter(session=session).first() or Wall(session=session)


def current_question(wall: Wall, asked: list[WallQuestion]) -> WallQuestion | None:
    """The question that stands there, if the form still asks it."""
    return next((one for one in asked if one.key == wall.question), None)


def wall_context(session: RoundSession) -> dict[str, Any]:
    """For the page. A fixed number of queries."""
    asked_round = session.round
    form = asked_round.newest_form()
    asked = wall_questions(session, form.schema if form else None)
    wall = get_wall(session)
    now = current_question(wall, asked)
    groups = visible_results(wall, asked_round, now)
    return {
        "round": asked_round,
        "session": session,
        "hue": now.hue if now else "",
        "question": now,
        "number": asked.index(now) + 1 if now else 0,
        "questions": len(asked),
        "people": groups.get("people", []),
        "tables": groups.get("tables", []),
        "waits": wall.shows_results and not groups,
        "words": approved_quotes(asked_round, now),
        "heard": response_totals(session, asked_round.suppression_threshold),
        "open": asked_round.takes_answers(),
        "scan": mark_safe(qr_svg(join_url(session), inline=True)),  # noqa: S308 - our own drawing
        "address": join_address(),
        "code": spaced_code(session.code or ""),
    }
