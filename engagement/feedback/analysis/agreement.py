"""Compare two coders: Cohen's kappa for each code, the responses on which they differ, and how that is adjudicated."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import Count, QuerySet

from engagement.feedback.analysis.permissions import RefusedError, locked_response
from engagement.feedback.models import (
    Adjudication,
    Code,
    Coding,
    CompletedCoding,
    FeedbackRound,
    Response,
    RoundEvent,
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two coders agree: observed, and expected by chance given the habits of each (both 0 to 1)."""

    answers: int
    observed: float
    expected: float

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: 1 for full agreement, 0 for what chance gives, below 0 for less.

        None where it says nothing: with no answers, or where both gave everything the same single code.
        """
        if not self.answers or self.expected == 1:
            return None
        return (self.observed - self.expected) / (1 - self.expected)


def agreement(pairs: Iterable[tuple[Hashable, Hashable]]) -> Agreement:
    """Measure agreement over ``pairs``: for each answer, what the first coder gave it and what the second did.

    Source: J. Cohen, “A coefficient of agreement for nominal scales”, Educational and Psychological Measurement 20
    (1960), pages 37 to 46.
    """
    values = list(pairs)
    if not values:
        return Agreement(0, 0.0, 0.0)
    first, second = (Counter(column) for column in zip(*values, strict=True))
    observed = sum(one == other for one, other in values) / len(values)
    expected = sum(first[value] * second[value] for value in first) / len(values) ** 2
    return Agreement(len(values), observed, expected)


@dataclass(frozen=True, slots=True)
class CoderPair:
    """Two coders, and how many responses both have coded."""

    first: Any
    second: Any
    shared: int

    @property
    def key(self) -> str:
        """Identify the pair in a URL."""
        return f"{self.first.pk}-{self.second.pk}"


def coder_pairs(round_: FeedbackRound) -> list[CoderPair]:
    """List all pairs of coders who coded the same responses, those with the most in common first. One query."""
    coders: dict[int, list[Any]] = defaultdict(list)
    for completed in _completed_codings(round_).select_related("by").order_by("by_id"):
        coders[completed.response_id].append(completed.by)
    counts = Counter(pair for people in coders.values() for pair in combinations(people, 2))
    pairs = [CoderPair(first, second, shared) for (first, second), shared in counts.items()]
    return sorted(pairs, key=lambda pair: (-pair.shared, pair.key))


def _completed_codings(round_: FeedbackRound) -> QuerySet[CompletedCoding]:
    return CompletedCoding.objects.filter(response__in=Response.objects.filter(round=round_).counted())


@dataclass(frozen=True, slots=True)
class CodeComparison:
    """To how many of their shared responses two coders gave one code."""

    code: Code
    agreement: Agreement
    both: int
    first_only: int
    second_only: int
    neither: int


def compare_coders(round_: FeedbackRound, pair: CoderPair, codes: Iterable[Code]) -> list[CodeComparison]:
    """Compare two coders code by code, over all responses that both have coded. Two queries."""
    coders = (pair.first.pk, pair.second.pk)
    completed = _completed_codings(round_).filter(by__in=coders)
    shared = completed.values("response").annotate(coders=Count("pk")).filter(coders=2).order_by().values("response")
    responses = [row["response"] for row in shared]
    codes_given: dict[tuple[int, int], set[int]] = defaultdict(set)
    codings = Coding.objects.filter(response__in=shared, by__in=coders)
    for response, coder, code_key in codings.values_list("response", "by", "code"):
        codes_given[response, coder].add(code_key)
    comparisons = []
    for code in codes:
        pairs = [tuple(code.pk in codes_given[response, coder] for coder in coders) for response in responses]
        cells = [pairs.count(cell) for cell in ((True, True), (True, False), (False, True), (False, False))]
        comparisons.append(CodeComparison(code, agreement((one, other) for one, other in pairs), *cells))
    return comparisons


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A response to which some of its coders gave a code, and others didn't."""

    response: Response
    code: Code
    given_by: tuple[Any, ...]
    not_by: tuple[Any, ...]
    adjudication: Adjudication | None


def disagreements(round_: FeedbackRound) -> list[Disagreement]:
    """List all disagreements of a round, the open ones first. Three queries."""
    coders: dict[Response, dict[int, Any]] = defaultdict(dict)
    for completed in _completed_codings(round_).select_related("by", "response").order_by("response", "by"):
        coders[completed.response][completed.by_id] = completed.by
    coded_twice = {response.pk: (response, people) for response, people in coders.items() if len(people) > 1}
    given: dict[tuple[int, Code], set[int]] = defaultdict(set)
    for coding in Coding.objects.filter(code__round=round_).select_related("code").order_by("pk"):
        if coding.response_id in coded_twice and coding.by_id in coded_twice[coding.response_id][1]:
            given[coding.response_id, coding.code].add(coding.by_id)
    adjudications = {
        (adjudication.response_id, adjudication.code_id): adjudication
        for adjudication in Adjudication.objects.filter(code__round=round_).select_related("by")
    }
    found = []
    for (key, code), givers in given.items():
        response, people = coded_twice[key]
        if givers < set(people):
            given_by = tuple(person for pk, person in people.items() if pk in givers)
            not_by = tuple(person for pk, person in people.items() if pk not in givers)
            found.append(Disagreement(response, code, given_by, not_by, adjudications.get((key, code.pk))))
    return sorted(found, key=lambda item: (item.adjudication is not None, item.response.pk, item.code.pk))


def adjudicate(response: Response, code: Code, applies: bool, by: Any) -> None:
    """Decide whether a code applies to a response on which coders differ; may be decided anew. Raises RefusedError."""
    with locked_response(response) as locked:
        coders = set(locked.completed_codings.values_list("by", flat=True))
        givers = set(locked.codings.filter(code=code, by__in=coders).values_list("by", flat=True))
        if not givers or givers == coders:
            raise RefusedError("Its coders don’t differ on that code.")
        Adjudication.objects.update_or_create(response=locked, code=code, defaults={"applies": applies, "by": by})
        RoundEvent.write(locked.round, "settled", by, f"{code}: {'yes' if applies else 'no'}", response=locked)
        locked.round.invalidate_results()
