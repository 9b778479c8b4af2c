"""The context of the wall's page: the question, its results or quotes, and the way to join."""

from typing import Any

from django.utils.safestring import mark_safe

from engagement.feedback.models import RoundSession, Wall
from engagement.feedback.rounds.session_codes import join_address, join_url, qr_svg, spaced_code
from engagement.feedback.wall.live_results import WallQuestion, response_totals, visible_results, wall_questions
from engagement.feedback.wall.moderation import approved_quotes

__all__ = ["current_question", "get_wall", "wall_context"]


def get_wall(session: RoundSession) -> Wall:
    """The session's wall; an unsaved one that shows the invitation, where there is none."""
    return Wall.objects.filter(session=session).first() or Wall(session=session)


def current_question(wall: Wall, questions: list[WallQuestion]) -> WallQuestion | None:
    """The question that stands there, if the form still asks it."""
    return next((question for question in questions if question.key == wall.question), None)


def wall_context(session: RoundSession) -> dict[str, Any]:
    """The context of the wall. A fixed number of queries."""
    round_, wall = session.round, get_wall(session)
    version = round_.newest_form()
    questions = wall_questions(session, version.schema if version else None)
    question = current_question(wall, questions)
    results = visible_results(wall, round_, question)
    return {
        "round": round_,
        "session": session,
        "accent": question.accent if question else "",
        "question": question,
        "number": questions.index(question) + 1 if question else 0,
        "questions": len(questions),
        "people": results.get("people", []),
        "tables": results.get("tables", []),
        "waits": wall.shows_results and not results,
        "quotes": approved_quotes(round_, question),
        "totals": response_totals(session, round_.suppression_threshold),
        "open": round_.takes_answers(),
        "qr_code": mark_safe(qr_svg(join_url(session), inline=True)),  # noqa: S308 - our own drawing
        "address": join_address(),
        "code": spaced_code(session.code or ""),
    }
