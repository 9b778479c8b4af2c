"""What the wall's page needs: the question, its results or words, and the way to join."""

from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from engagement.feedback.models import RoundSession, Wall
from engagement.feedback.wall import Asked, asked_on, heard, look
from engagement.feedback.wall_words import words_on

__all__ = ["context", "current", "scan", "spaced", "wall_of"]


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
        "join": join_address(session),
        # The same for those who type: without https, which a browser adds by itself.
        "host": urlsplit(settings.BASE_URL).netloc,
        "path": reverse("feedback:join").rstrip("/"),
        "code": spaced(session.code or ""),
    }


def join_address(session: RoundSession) -> str:
    """Where the code to scan leads."""
    return f"{settings.BASE_URL}{reverse('feedback:join_code', args=[session.code])}"


def spaced(code: str) -> str:
    """A session's code as it is read out: AM 7194."""
    return f"{code[:2]} {code[2:]}"


def scan(address: str, label: str) -> SafeString:
    """The code to scan for an address, as a picture that any size is sharp in. Dark on light, with its quiet border."""
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=4)]
    runs = "".join(
        f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for start, length in dark_runs(row)
    )
    return format_html(
        '<svg class="scan" role="img" aria-label="{}" viewBox="0 0 {} {}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{}v{}H0z"/><path fill="#000" d="{}"/></svg>',
        *(label, len(rows), len(rows), len(rows), len(rows), runs),
    )


def dark_runs(row: bytes) -> list[tuple[int, int]]:
    """Where dark stretches of a row begin, and how long they are."""
    runs: list[tuple[int, int]] = []
    for place, is_dark in enumerate(row):
        if is_dark and runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif is_dark:
            runs.append((place, 1))
    return runs
