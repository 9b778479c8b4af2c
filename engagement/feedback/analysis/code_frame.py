"""The code frame of a round: its tree of codes, how often each is used, and what changes it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from engagement.feedback.analysis.permissions import RefusedError, locked_round
from engagement.feedback.models import Adjudication, Code, Coding, FeedbackRound, RoundEvent


@dataclass(frozen=True, slots=True)
class CodeNode:
    """A code in the tree: how deep it stands, and how many responses and spans have it."""

    code: Code
    depth: int
    path: str
    responses: int = 0
    spans: int = 0


def code_tree(round_: FeedbackRound, counted: Q | None = None) -> list[CodeNode]:
    """List all codes, each before those below it, with how often they are used. One query.

    ``counted`` filters the codings that are counted (see ``coding_workflow.visible_codings``); without it, all are.
    """
    counts = {
        "responses": Count("codings__response", filter=counted or None, distinct=True),
        "spans": Count("codings", filter=counted or None),
    }
    children: dict[int | None, list[Any]] = defaultdict(list)
    for code in round_.codes.annotate(**counts).order_by("sort_order", "name", "pk"):
        children[code.parent_id].append(code)

    def walk(parent: int | None, depth: int, path: str) -> Iterator[CodeNode]:
        for code in children[parent]:
            code_path = f"{path} › {code.name}" if path else code.name
            yield CodeNode(code, depth, code_path, code.responses, code.spans)
            yield from walk(code.pk, depth + 1, code_path)

    return list(walk(None, 0, ""))


def descendant_keys(nodes: list[CodeNode], code: Code) -> set[int]:
    """Collect the keys of a code and of all codes below it."""
    keys = {code.pk}
    for node in nodes:
        if node.code.parent_id in keys:
            keys.add(node.code.pk)
    return keys


def save_code(code: Code, by: Any, previous_name: str = "") -> None:
    """Save a code that was added, or changed if it has a ``previous_name``, and log it."""
    with transaction.atomic():
        code.save()
        note = f"{previous_name} → {code.name}" if previous_name not in ("", code.name) else code.name
        RoundEvent.write(code.round, "code changed" if previous_name else "code added", by, note)


def merge_codes(code: Code, into: Code, by: Any) -> None:
    """Merge ``code`` into another: every span that had it has ``into`` afterwards. Raises RefusedError."""
    if code.pk == into.pk or code.round_id != into.round_id:
        raise RefusedError("Choose another code of this round.")
    with locked_round(code.round) as round_:
        if into.pk in descendant_keys(code_tree(round_), code):
            raise RefusedError("That one stands below it. Move it first.")
        _move_codings(code, into)
        # What was decided about one of the two codes says nothing about the one they are now.
        Adjudication.objects.filter(code__in=(code, into)).delete()
        code.children.update(parent=into)
        for theme in code.themes.all():
            theme.codes.add(into)
        RoundEvent.write(round_, "codes merged", by, f"{code.name} → {into.name}")
        Code.objects.get(pk=code.pk).delete()
        round_.invalidate_results()


def _move_codings(code: Code, into: Code) -> None:
    fields = ("response", "anchor", "start", "end", "by")
    existing = set(into.codings.values_list(*fields))
    repeated = [pk for pk, *span in code.codings.values_list("pk", *fields) if tuple(span) in existing]
    Coding.objects.filter(pk__in=repeated).delete()
    code.codings.update(code=into)


def delete_code(code: Code, by: Any) -> None:
    """Delete a code that isn't used and has none below it. Raises RefusedError for others."""
    with locked_round(code.round) as round_:
        if code.codings.exists() or code.children.exists():
            raise RefusedError("It is used, or has codes below it. Merge it with another one.")
        Adjudication.objects.filter(code=code).delete()
        RoundEvent.write(round_, "code deleted", by, code.name)
        code.delete()
