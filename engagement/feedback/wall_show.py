"""What the wall's page needs: the question, its results or words, and the way to join."""

from typing import Any

from django.utils.safestring import mark_safe

from engagement.feedback.models import RoundSession, Wall
from engagement.feedback.posters import join_address, join_url, qr_svg
from engagement.feedback.wall import Asked, asked_on, heard, look
from engagement.feedback.wall_words import words_on

__all__ = ["context", "current", "spaced", "wall_of"]


def wall_of(session: RoundSession) -> Wall:
    """The session's wall; one that shows the invitation, and isn't kept yet, where there is none."""
    return Wall.objects.filter(session=session).first() or Wall(session=session)


def current(wall: Wall, asked: list[Asked]) -> Asked | None:
    """The question that stands there, if the form still asks it."""
    return next((one for one in asked if one.key == wall.question), None)


def context(session: RoundSession) -> dict[str, Any]:
    """For the page. A fixed number of queries."""
    asked_round = session.round
    form = asked_round.newest_form()
    asked = asked_on(session, form.form if form else None)
    wall = wall_of(session)
    now = current(wall, asked)
    groups = look(wall, asked_round, now)
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
        "words": words_on(asked_round, now),
        "heard": heard(session, asked_round.smallest_number),
        "open": asked_round.takes_answers(),
        "scan": mark_safe(qr_svg(join_url(session), inline=True)),  # noqa: S308 - our own drawing
        "address": join_address(),
        "code": spaced(session.code or ""),
    }


def spaced(code: str) -> str:
    """A session's code as it is read out: AM 7194."""
    return f"{code[:2]} {code[2:]}"
