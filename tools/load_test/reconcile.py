"""Compare what a room full of phones was told with what the database has. Needs Django set up on that database."""

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


def reconcile(results: Iterable[PhoneResult]) -> Reconciliation:
    """Compare: a response for each phone, one receipt each, and every answer that was acknowledged."""
    from engagement.feedback.models import Response

    found = Reconciliation(responses=Response.objects.count(), sent=Response.objects.counted().count())
    responses = Response.objects.prefetch_related("answers", "stances", "respondent")
    by_key = {response.client_key: stored_values(response) for response in responses}
    references: Counter[str] = Counter()
    for result in results:
        phone = f"phone {result.number}"
        if result.error:
            found.faults.append(f"{phone}: {result.error}")
        if len({receipt.key for receipt in result.acknowledged}) > 1:
            found.faults.append(f"{phone} was given several responses")
        references[result.reference] += bool(result.reference)
        found.acknowledged += len(result.acknowledged)
        for receipt in result.acknowledged:
            found.faults += [f"{phone}: {fault}" for fault in missing_values(receipt, by_key, result.reference)]
    found.receipts = sum(references.values())
    found.faults += [f"{reference} was given {count} times" for reference, count in references.items() if count > 1]
    return found


def stored_values(response: Any) -> dict[str, set[str]]:
    """Everything stored of a response, by the name of the control it was sent with."""
    stored: dict[str, set[str]] = {"reference": {response.reference or ""}}
    for answer in response.answers.all():
        stored[str(answer.question)] = {answer.text, *answer.chosen}
    for stance in response.stances.all():
        stored[f"p{stance.proposition_id}"] = {stance.stance}
        stored[f"p{stance.proposition_id}-comment"] = {stance.comment}
    if hasattr(response, "respondent"):
        stored["organisation"] = {response.respondent.organisation}
    return stored


def missing_values(receipt: Acknowledged, by_key: dict[str, dict[str, set[str]]], reference: str) -> Iterator[str]:
    """What was acknowledged and isn't stored."""
    if receipt.key not in by_key:
        yield f"no response, though {receipt.page} was acknowledged"
        return
    stored = by_key[receipt.key]
    for name, value in receipt.sent:
        if name != "form" and value not in stored.get(name, set()):
            yield f"{name} was sent to {receipt.page} and isn’t stored"
    if receipt.page == "check" and not (stored["reference"] - {""}):
        yield "sent, and it has no receipt"
    if reference and stored["reference"] != {reference}:
        yield f"the receipt says {reference}, the database {stored['reference']}"
