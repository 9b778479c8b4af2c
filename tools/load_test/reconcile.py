"""What a room full of phones was told, beside what the database has. Needs Django set up on that database."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tools.load_test.phones import Acknowledged, PhoneResult

__all__ = ["Reconciliation", "reconcile"]


@dataclass
class Reconciliation:
    """``faults`` is empty when nothing is lost and nothing is there twice."""

    receipts: int = 0
    responses: int = 0
    sent: int = 0
    acknowledged: int = 0
    faults: list[str] = field(default_factory=list)


def reconcile(outcomes: Iterable[PhoneResult]) -> Reconciliation:
    """Compare: a response for each phone, one receipt each, and every answer that was acknowledged."""
    from engagement.feedback.models import Response

    found = Reconciliation(responses=Response.objects.count(), sent=Response.objects.counted().count())
    rows = Response.objects.prefetch_related("answers", "stances", "respondent")
    by_key = {one.client_key: stored_values(one) for one in rows}
    references: Counter[str] = Counter()
    for outcome in outcomes:
        if outcome.error:
            found.faults.append(f"phone {outcome.number}: {outcome.error}")
        if len({one.key for one in outcome.acknowledged}) > 1:
            found.faults.append(f"phone {outcome.number} was given several responses")
        references[outcome.reference] += bool(outcome.reference)
        found.acknowledged += len(outcome.acknowledged)
        for one in outcome.acknowledged:
            found.faults += [
                f"phone {outcome.number}: {what}" for what in missing_values(one, by_key, outcome.reference)
            ]
    found.receipts = sum(references.values())
    found.faults += [f"{reference} was given {count} times" for reference, count in references.items() if count > 1]
    return found


def stored_values(response: Any) -> dict[str, set[str]]:
    """Everything kept of a response, by the name of the control it was sent with."""
    there: dict[str, set[str]] = {"reference": {response.reference or ""}}
    for answer in response.answers.all():
        there[str(answer.question)] = {answer.text, *answer.chosen}
    for stance in response.stances.all():
        there[f"p{stance.proposition_id}"] = {stance.stance}
        there[f"p{stance.proposition_id}-comment"] = {stance.comment}
    if hasattr(response, "respondent"):
        there["organisation"] = {response.respondent.organisation}
    return there


def missing_values(one: Acknowledged, by_key: dict[str, dict[str, set[str]]], reference: str) -> Iterator[str]:
    """What was acknowledged and isn't there."""
    if one.key not in by_key:
        yield f"no response, though {one.page} was acknowledged"
        return
    there = by_key[one.key]
    for name, value in one.sent:
        if name != "form" and value not in there.get(name, set()):
            yield f"{name} was sent to {one.page} and isn’t kept"
    if one.page == "check" and not (there["reference"] - {""}):
        yield "sent, and it has no receipt"
    if reference and there["reference"] != {reference}:
        yield f"the receipt says {reference}, the database {there['reference']}"
