"""Blind double coding: each coder works alone, and sees colleagues' codes on a response only after completing it.

Who has completed a response changes their codes on it no more: what two coders agree on is worth something only if
neither knew what the other found. How they are compared is in ``agreement``.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from engagement.feedback.analysis.permissions import RefusedError, locked_response, locked_round
from engagement.feedback.analysis.response_workflow import change_state
from engagement.feedback.models import (
    Adjudication,
    Answer,
    Coding,
    CompletedCoding,
    FeedbackRound,
    PropositionResponse,
    Response,
    RoundEvent,
)
from engagement.feedback.schema import COMMENT_PARTS

#: The event of a coder who chose to see everybody's codes.
UNBLINDED = "looked at codes"
#: Events whose notes say which codes a coder gave.
REVEALING_ACTIONS = ("coded", "code taken away", "settled")


def with_text(responses: QuerySet[Response]) -> QuerySet[Response]:
    """Filter responses to those in which something is written."""
    has_comment = Q()
    for part in COMMENT_PARTS:
        has_comment |= ~Q(**{part: ""})
    answers = Answer.objects.filter(response=OuterRef("pk")).exclude(text="")
    return responses.filter(
        Exists(answers) | Exists(PropositionResponse.objects.filter(has_comment, response=OuterRef("pk")))
    )


def coding_queue(round_: FeedbackRound, by: Any, *, second: bool) -> QuerySet[Response]:
    """List what ``by`` can still code: as the first coder or, of what one colleague has coded, as the ``second``.

    The order has nothing to do with what responses say, so that those coded twice are a fair sample. Who is unblinded
    can't be the second coder any more.
    """
    if second and is_unblinded(round_, by):
        return Response.objects.none()
    waiting = with_text(Response.objects.filter(round=round_).counted())
    waiting = waiting.annotate(coders=Count("completed_codings")).filter(coders=1 if second else 0)
    completed_by_user = CompletedCoding.objects.filter(response=OuterRef("pk"), by=by)
    return waiting.exclude(Exists(completed_by_user)).order_by("client_key")


def is_unblinded(round_: FeedbackRound, by: Any) -> bool:
    """Tell whether ``by`` chose to see everybody's codes of a round. One query."""
    return bool(round_.events.filter(action=UNBLINDED, by=by).exists())


def may_see_all_codes(round_: FeedbackRound, by: Any) -> bool:
    """Tell whether ``by`` may see everybody's codes: not with anything left to code as the second coder."""
    return not coding_queue(round_, by, second=True).exists()


def unblind(round_: FeedbackRound, by: Any) -> None:
    """Show ``by`` everybody's codes from now on; they can't be a second coder in this round after that."""
    with locked_round(round_) as locked:
        if not is_unblinded(locked, by):
            RoundEvent.write(locked, UNBLINDED, by)


def visible_codings(round_: FeedbackRound, by: Any, prefix: str = "") -> Q:
    """Build the filter for codings that ``by`` may see: all, or their own and those of responses they completed.

    ``prefix`` is the lookup that leads to a coding, such as ``codings__``.
    """
    if may_see_all_codes(round_, by):
        return Q()
    completed = CompletedCoding.objects.filter(by=by, response__round=round_).values("response")
    return Q((f"{prefix}by", by), (f"{prefix}response__in", completed), _connector=Q.OR)


def complete_coding(response: Response, by: Any) -> None:
    """Record that ``by`` has given a response all the codes they find fit. Raises RefusedError."""
    with locked_response(response) as locked:
        if locked.completed_codings.exclude(by=by).exists() and is_unblinded(locked.round, by):
            raise RefusedError(
                "A colleague has coded it, and you chose to see everybody’s codes: you can’t be the second."
            )
        _, is_new = CompletedCoding.objects.get_or_create(response=locked, by=by)
        if is_new:
            RoundEvent.write(locked.round, "done coding", by, response=locked)
        if locked.state == Response.State.SUBMITTED:
            change_state(locked, Response.State.CODED, by)
    response.refresh_from_db(fields=["state"])


def reopen_coding(response: Response, by: Any) -> None:
    """Let ``by`` change their codes again. Raises RefusedError where a colleague's codes are visible to them by now."""
    with locked_response(response) as locked:
        if locked.completed_codings.exclude(by=by).exists():
            raise RefusedError("A colleague has coded it too, and you see their codes. Yours stay as they are.")
        if locked.completed_codings.filter(by=by).delete()[0]:
            RoundEvent.write(locked.round, "coding again", by, response=locked)


def blinded_events(events: Iterable[RoundEvent], by: Any) -> list[Any]:
    """Empty the notes of ``events`` that would tell ``by`` a colleague's codes too early. One query."""
    shown: list[Any] = list(events)
    responses = {event.response_id for event in shown if event.response_id}
    completed = set(CompletedCoding.objects.filter(by=by, response__in=responses).values_list("response", flat=True))
    for event in shown:
        if event.action in REVEALING_ACTIONS and event.by_id != by.pk and event.response_id not in completed:
            event.note = ""
    return shown


def final_codes(round_: FeedbackRound, responses: Iterable[int] | None = None) -> Mapping[int, set[int]]:
    """Map responses to the codes that apply to them (keys): as adjudicated, else as any coder gave. Two queries.

    ``responses`` are the keys of those asked about; None for all of the round.
    """
    wanted = {"code__round": round_} | ({} if responses is None else {"response__in": responses})
    codes: dict[int, set[int]] = defaultdict(set)
    for response, code in Coding.objects.filter(**wanted).values_list("response", "code"):
        codes[response].add(code)
    for response, code, applies in Adjudication.objects.filter(**wanted).values_list("response", "code", "applies"):
        (codes[response].add if applies else codes[response].discard)(code)
    return codes
