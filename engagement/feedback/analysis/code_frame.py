"""The tree of codes of a round: adding, renaming, moving, merging, and how often each is used."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from engagement.feedback.analysis.permissions import RefusedError, invalidate_results
from engagement.feedback.models import Adjudication, Code, Coding, FeedbackRound, RoundEvent

__all__ = ["CodeNode", "add_code", "code_tree", "delete_code", "descendant_keys", "merge_codes", "update_code"]


@dataclass(frozen=True, slots=True)
class CodeNode:
    """A code in its place: how deep it stands, and how many responses and stretches have it."""

    code: Code
    depth: int
    path: str
    responses: int = 0
    spans: int = 0


def code_tree(feedback_round: FeedbackRound, shown: Q | None = None) -> list[CodeNode]:
    """All codes, each before those below it, with how often they are used. One query.

    ``shown`` says which codings are counted (see ``coders.visible``); all, without it.
    """
    counted = {
        "responses": Count("codings__response", filter=shown or None, distinct=True),
        "spans": Count("codings", filter=shown or None),
    }
    children: dict[int | None, list[Any]] = defaultdict(list)
    for code in feedback_round.codes.annotate(**counted).order_by("sort_order", "name", "pk"):
        children[code.parent_id].append(code)
    return list(_walk(children, None, 0, ""))


def _walk(children: dict[int | None, list[Any]], parent: int | None, depth: int, above: str) -> Any:
    for code in children[parent]:
        path = f"{above} › {code.name}" if above else code.name
        yield CodeNode(code, depth, path, code.responses, code.spans)
        yield from _walk(children, code.pk, depth + 1, path)


def descendant_keys(branches: list[CodeNode], code: Code) -> set[int]:
    """The keys of a code and of all that stand below it."""
    found = {code.pk}
    for branch in branches:
        if branch.code.parent_id in found:
            found.add(branch.code.pk)
    return found


def add_code(code: Code, by: Any) -> None:
    """Keep a new code, and write it down."""
    with transaction.atomic():
        code.save()
        RoundEvent.write(code.round, "code added", by, code.name)


def update_code(code: Code, was: str, by: Any) -> None:
    """Keep what was changed of a code that was called ``was``."""
    with transaction.atomic():
        code.save()
        note = code.name if was == code.name else f"{was} → {code.name}"
        RoundEvent.write(code.round, "code changed", by, note)


def merge_codes(code: Code, into: Code, by: Any) -> None:
    """Make one code of two: everything that had ``code`` has ``into`` afterwards. Raises RefusedError."""
    if code.pk == into.pk or code.round_id != into.round_id:
        raise RefusedError("Choose another code of this round.")
    with transaction.atomic():
        feedback_round = FeedbackRound.objects.select_for_update().get(pk=code.round_id)
        if into.pk in descendant_keys(code_tree(feedback_round), code):
            raise RefusedError("That one stands below it. Move it first.")
        _move_codings(code, into)
        # What was decided about one of the two codes says nothing about the one they are now.
        Adjudication.objects.filter(code__in=(code, into)).delete()
        code.children.update(parent=into)
        for theme in code.themes.all():
            theme.codes.add(into)
        RoundEvent.write(feedback_round, "codes merged", by, f"{code.name} → {into.name}")
        Code.objects.get(pk=code.pk).delete()
        invalidate_results(feedback_round)


def _move_codings(code: Code, into: Code) -> None:
    where = ("response", "anchor", "start", "end", "by")
    there = set(into.codings.values_list(*where))
    twice = [pk for pk, *span in code.codings.values_list("pk", *where) if tuple(span) in there]
    Coding.objects.filter(pk__in=twice).delete()
    code.codings.update(code=into)


def delete_code(code: Code, by: Any) -> None:
    """Take a code away that nothing has, and nothing stands below. Raises RefusedError."""
    with transaction.atomic():
        feedback_round = FeedbackRound.objects.select_for_update().get(pk=code.round_id)
        if code.codings.exists() or code.children.exists():
            raise RefusedError("It is used, or has codes below it. Merge it with another one.")
        Adjudication.objects.filter(code=code).delete()
        RoundEvent.write(feedback_round, "code deleted", by, code.name)
        code.delete()
