"""Files of a round's answers: who took which, and what has been withdrawn since but is still in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from engagement.feedback.models import Export, FeedbackRound, Redaction, Response, RoundEvent
from engagement.feedback.privacy.retention_dates import contact_kept_until

__all__ = ["ERASED", "StaleExport", "mark_copies_cleared", "record_export", "stale_exports"]

#: What is written down when somebody's personal details are deleted while their answers stay.
ERASED = "erased"


@dataclass(frozen=True, slots=True)
class StaleExport:
    """A file, and what is in it that shouldn't be any more: responses, by their receipts."""

    export: Export
    withdrawn: tuple[str, ...]
    #: Whose personal details were deleted, in a file that has such columns.
    erased: tuple[str, ...]
    #: In which words were blacked out, in a file that has all words.
    redacted: tuple[str, ...]
    #: When contact details were deleted of all who answered, if a file with such details is older.
    outlived: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.withdrawn or self.erased or self.redacted or self.outlived)


def record_export(feedback_round: FeedbackRound, said: dict[str, Any], by: Any, *, codes: bool = True) -> Export:
    """Write down that a file is taken away, with codes or without, before its first line is made."""
    is_personal, is_full = bool(said.get("personal")), bool(said.get("full"))
    with transaction.atomic():
        export = Export.objects.create(
            round=feedback_round,
            shape=said["shape"],
            format=said["format"],
            is_personal=is_personal,
            is_full=is_full,
            reason=said.get("reason", "").strip() if is_personal or is_full else "",
            responses=feedback_round.responses.filter(state__in=Response.SENT).count(),
            by=by,
        )
        RoundEvent.write(feedback_round, "exported", by, describe_export(export, codes=codes))
    return export


def describe_export(export: Export, *, codes: bool = True) -> str:
    """A file in words."""
    parts = [export.get_format_display(), export.get_shape_display().lower(), f"{export.responses} responses"]
    parts.append("with who answered" if export.is_personal else "without who answered")
    if export.is_full:
        parts.append("with what is blacked out")
    if not codes:
        parts.append("without codes")
    return ", ".join(parts) + (f". {export.reason}" if export.reason else "")


def stale_exports(feedback_round: FeedbackRound) -> list[StaleExport]:
    """The files that hold what was withdrawn, erased or blacked out after they were made. Four queries.

    What somebody said is out of all copies of a file (``clear``) isn't looked for again.
    """
    exports = list(feedback_round.exports.select_related("by"))
    if not exports:
        return []
    withdrawn = _times(
        feedback_round.responses.filter(state=Response.State.WITHDRAWN).exclude(reference=None),
        "reference",
        "submitted_at",
        "withdrawn_at",
    )
    erased = _times(
        feedback_round.events.filter(action=ERASED).exclude(response=None),
        "response__reference",
        "response__submitted_at",
        "at",
    )
    hidden = _times(
        Redaction.objects.filter(response__round=feedback_round, response__state__in=Response.SENT),
        "response__reference",
        "response__submitted_at",
        "at",
    )
    until = contact_kept_until(feedback_round)
    outlived = until if until and until <= timezone.now() else None
    found = [
        StaleExport(
            one,
            _removed_since(one, withdrawn),
            _removed_since(one, erased) if one.is_personal else (),
            _removed_since(one, hidden),
            outlived if one.is_personal and outlived and (one.cleared_at or one.at) < outlived else None,
        )
        for one in exports
    ]
    return [one for one in found if one]


Times = list[tuple[str, datetime, datetime]]


def _times(rows: Any, *columns: str) -> Times:
    return [row for row in rows.order_by("pk").values_list(*columns) if None not in row]


def _removed_since(export: Export, times: Times) -> tuple[str, ...]:
    """The receipts of what was there when the file was made, and went after it was last cleared."""
    seen = export.cleared_at or export.at
    return _unique(reference for reference, sent, gone in times if sent <= export.at and gone > seen)


def _unique(references: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(references))


def mark_copies_cleared(export: Export, by: Any) -> None:
    """Somebody says that all copies of a file are deleted, or rid of what was withdrawn until now."""
    with transaction.atomic():
        Export.objects.filter(pk=export.pk).update(cleared_at=timezone.now())
        RoundEvent.write(
            export.round, "copies cleared", by, f"of the file of {timezone.localtime(export.at):%d.%m.%Y, %H:%M}"
        )
