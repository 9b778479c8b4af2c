"""Who coded what: each on their own, until both are done. Then their codes are compared, and settled where they differ.

Whoever hasn't said that they are done with a response sees nobody else's codes on it. Whoever has, changes theirs no
more: what two coders agree on is worth something only if neither knew what the other found.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from engagement.feedback.analysis.agreement import Agreement, agreement
from engagement.feedback.analysis.permissions import RefusedError, invalidate_results, lock_response
from engagement.feedback.analysis.response_workflow import change_state
from engagement.feedback.models import (
    Adjudication,
    Answer,
    Code,
    Coding,
    CompletedCoding,
    FeedbackRound,
    PropositionResponse,
    Response,
    RoundEvent,
)
from engagement.feedback.responses.parsing import COMMENT_PARTS

__all__ = [
    "CodeComparison",
    "CoderPair",
    "Disagreement",
    "adjudicate",
    "blinded_events",
    "coder_pairs",
    "coding_queue",
    "compare_coders",
    "complete_coding",
    "disagreements",
    "final_codes",
    "is_unblinded",
    "may_see_all_codes",
    "reopen_coding",
    "unblind",
    "visible_codings",
    "with_text",
]


def with_text(responses: QuerySet[Response]) -> QuerySet[Response]:
    """Those in which something is written."""
    written = Q()
    for part in COMMENT_PARTS:
        written |= ~Q(**{part: ""})
    mine = {"response": OuterRef("pk")}
    return responses.filter(
        Exists(Answer.objects.filter(**mine).exclude(text=""))
        | Exists(PropositionResponse.objects.filter(written, **mine))
    )


def coding_queue(feedback_round: FeedbackRound, by: Any, *, second: bool) -> QuerySet[Response]:
    """What is left for ``by`` to code: as the first, or, of what one other has coded, as the ``second``.

    In an order that has nothing to do with what they say, so that however many are coded twice, they are a fair sample.
    Whoever has looked at everybody's codes is no second any more.
    """
    if second and is_unblinded(feedback_round, by):
        return Response.objects.none()
    waiting = with_text(Response.objects.filter(round=feedback_round).counted())
    waiting = waiting.annotate(readers=Count("completed_codings")).filter(readers=1 if second else 0)
    mine = CompletedCoding.objects.filter(response=OuterRef("pk"), by=by)
    return waiting.exclude(Exists(mine)).order_by("client_key")


#: Written down of whoever chose to see what all others found.
UNBLINDED = "looked at codes"


def is_unblinded(feedback_round: FeedbackRound, by: Any) -> bool:
    """Whether ``by`` chose to see everybody's codes of a round. One query."""
    return bool(feedback_round.events.filter(action=UNBLINDED, by=by).exists())


def may_see_all_codes(feedback_round: FeedbackRound, by: Any) -> bool:
    """Whether ``by`` may see how often each code was given, and where: not with anything left to code as the second."""
    return not coding_queue(feedback_round, by, second=True).exists()


def unblind(feedback_round: FeedbackRound, by: Any) -> None:
    """Show ``by`` everybody's codes from now on. They can't code as the second in this round after that."""
    with transaction.atomic():
        locked_round = FeedbackRound.objects.select_for_update().get(pk=feedback_round.pk)
        if not is_unblinded(locked_round, by):
            RoundEvent.write(locked_round, UNBLINDED, by)


def visible_codings(feedback_round: FeedbackRound, by: Any, at: str = "") -> Q:
    """Which codings ``by`` may see: all, or their own and those of responses they are done with.

    ``at`` leads to a coding from what is asked for.
    """
    if may_see_all_codes(feedback_round, by):
        return Q()
    mine = CompletedCoding.objects.filter(by=by, response__round=feedback_round).values("response")
    return Q((f"{at}by", by), (f"{at}response__in", mine), _connector=Q.OR)


def complete_coding(response: Response, by: Any) -> None:
    """``by`` has given a response all the codes they find fit. Raises RefusedError."""
    with transaction.atomic():
        found = lock_response(response)
        if found.completed_codings.exclude(by=by).exists() and is_unblinded(found.round, by):
            raise RefusedError(
                "A colleague has coded it, and you chose to see everybody’s codes: you can’t be the second."
            )
        _, is_new = CompletedCoding.objects.get_or_create(response=found, by=by)
        if is_new:
            RoundEvent.write(found.round, "done coding", by, response=found)
        if found.state == Response.State.SUBMITTED:
            change_state(found, Response.State.CODED, by)
    response.refresh_from_db(fields=["state"])


def reopen_coding(response: Response, by: Any) -> None:
    """``by`` isn't done after all. Raises RefusedError where somebody else is, whose codes they have seen by now."""
    with transaction.atomic():
        found = lock_response(response)
        if found.completed_codings.exclude(by=by).exists():
            raise RefusedError("A colleague has coded it too, and you see their codes. Yours stay as they are.")
        if found.completed_codings.filter(by=by).delete()[0]:
            RoundEvent.write(found.round, "coding again", by, response=found)


#: Steps whose notes say what a coder found.
REVEALING_ACTIONS = ("coded", "code taken away", "settled")


def blinded_events(events: Iterable[RoundEvent], by: Any) -> list[Any]:
    """``events`` for ``by`` to see: without the notes that say what others found before they are done. One query."""
    shown: list[Any] = list(events)
    about = {event.response_id for event in shown if event.response_id}
    mine = set(CompletedCoding.objects.filter(by=by, response__in=about).values_list("response", flat=True))
    for event in shown:
        if event.action in REVEALING_ACTIONS and event.by_id != by.pk and event.response_id not in mine:
            event.note = ""
    return shown


@dataclass(frozen=True, slots=True)
class CoderPair:
    """Two coders, and how many responses both have coded."""

    one: Any
    other: Any
    both: int

    @property
    def key(self) -> str:
        """For addresses."""
        return f"{self.one.pk}-{self.other.pk}"


def coder_pairs(feedback_round: FeedbackRound) -> list[CoderPair]:
    """Everybody who coded the same responses as somebody else, by twos; most in common first. One query."""
    readers: dict[int, list[Any]] = defaultdict(list)
    for reading in _completed_codings(feedback_round).select_related("by").order_by("by_id"):
        readers[reading.response_id].append(reading.by)
    found: dict[tuple[Any, Any], int] = defaultdict(int)
    for people in readers.values():
        for number, one in enumerate(people):
            for other in people[number + 1 :]:
                found[one, other] += 1
    return sorted((CoderPair(*two, both) for two, both in found.items()), key=lambda pair: (-pair.both, pair.key))


def _completed_codings(feedback_round: FeedbackRound) -> QuerySet[CompletedCoding]:
    return CompletedCoding.objects.filter(response__in=Response.objects.filter(round=feedback_round).counted())


@dataclass(frozen=True, slots=True)
class CodeComparison:
    """What two coders made of one code."""

    code: Code
    agreement: Agreement
    both: int
    first_only: int
    second_only: int
    neither: int


def compare_coders(feedback_round: FeedbackRound, pair: CoderPair, codes: Iterable[Code]) -> list[CodeComparison]:
    """Cohen's kappa for each code, over all responses that both have coded. Two queries."""
    two = (pair.one.pk, pair.other.pk)
    shared = (
        _completed_codings(feedback_round)
        .filter(by__in=two)
        .values("response")
        .annotate(n=Count("pk"))
        .filter(n=2)
        .order_by()
    )
    keys = [row["response"] for row in shared]
    given: dict[tuple[int, int], set[int]] = defaultdict(set)
    in_common = Coding.objects.filter(response__in=shared.values("response"), by__in=two)
    for response, by, code in in_common.values_list("response", "by", "code"):
        given[response, by].add(code)
    return [_code_comparison(code, [tuple(code.pk in given[key, by] for by in two) for key in keys]) for code in codes]


def _code_comparison(code: Code, found: list[tuple[bool, ...]]) -> CodeComparison:
    counted = [found.count(one) for one in ((True, True), (True, False), (False, True), (False, False))]
    return CodeComparison(code, agreement((one, other) for one, other in found), *counted)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A response to which some of its coders gave a code, and others didn't."""

    response: Response
    code: Code
    given_by: tuple[Any, ...]
    not_by: tuple[Any, ...]
    settlement: Adjudication | None


def disagreements(feedback_round: FeedbackRound) -> list[Disagreement]:
    """All of them, those to be settled first. Three queries, however many there are."""
    readers: dict[Response, dict[int, Any]] = defaultdict(dict)
    for reading in _completed_codings(feedback_round).select_related("by", "response").order_by("response", "by"):
        readers[reading.response][reading.by_id] = reading.by
    twice = {response.pk: (response, people) for response, people in readers.items() if len(people) > 1}
    given: dict[tuple[int, Code], set[int]] = defaultdict(set)
    codings = Coding.objects.filter(code__round=feedback_round).select_related("code").order_by("pk")
    for coding in codings:
        if coding.response_id in twice and coding.by_id in twice[coding.response_id][1]:
            given[coding.response_id, coding.code].add(coding.by_id)
    settled = {
        (one.response_id, one.code_id): one
        for one in Adjudication.objects.filter(code__round=feedback_round).select_related("by")
    }
    found = []
    for (key, code), by in given.items():
        response, people = twice[key]
        if by < set(people):
            gave = tuple(person for pk, person in people.items() if pk in by)
            did_not = tuple(person for pk, person in people.items() if pk not in by)
            found.append(Disagreement(response, code, gave, did_not, settled.get((key, code.pk))))
    return sorted(found, key=lambda one: (one.settlement is not None, one.response.pk, one.code.pk))


def adjudicate(response: Response, code: Code, applies: bool, by: Any) -> None:
    """Say whether a code holds of a response on which two coders differ. May be said again. Raises RefusedError."""
    with transaction.atomic():
        found = lock_response(response)
        readers = set(found.completed_codings.values_list("by", flat=True))
        gave = set(found.codings.filter(code=code, by__in=readers).values_list("by", flat=True))
        if not gave or gave == readers:
            raise RefusedError("Its coders don’t differ on that code.")
        Adjudication.objects.update_or_create(response=found, code=code, defaults={"applies": applies, "by": by})
        RoundEvent.write(found.round, "settled", by, f"{code}: {'yes' if applies else 'no'}", found)
        invalidate_results(found.round)


def final_codes(feedback_round: FeedbackRound, responses: Iterable[int] | None = None) -> Mapping[int, set[int]]:
    """Which codes hold of each response, by their keys: what was settled, and else what any coder gave. Two queries.

    ``responses`` are the keys of those asked about; all of the round, if None.
    """
    chosen = {"code__round": feedback_round} | ({} if responses is None else {"response__in": responses})
    found: dict[int, set[int]] = defaultdict(set)
    for response, code in Coding.objects.filter(**chosen).values_list("response", "code"):
        found[response].add(code)
    for response, code, applies in Adjudication.objects.filter(**chosen).values_list("response", "code", "applies"):
        (found[response].add if applies else found[response].discard)(code)
    return found
