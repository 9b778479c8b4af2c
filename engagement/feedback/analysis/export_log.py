"""Log the files that staff take away, and find those that still hold what was withdrawn, erased or redacted since."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from engagement.feedback.models import Export, FeedbackRound, Redaction, Response, RoundEvent
from engagement.feedback.privacy.retention import contact_kept_until

#: The event of somebody's personal details being deleted while their answers stay.
ERASED = "erased"


@dataclass(frozen=True, slots=True)
class StaleExport:
    """A file, and the references of responses that shouldn't be in it as they are."""

    export: Export
    withdrawn: tuple[str, ...]
    #: Whose personal details were deleted, in a file that has such columns.
    erased: tuple[str, ...]
    #: In which words were redacted since.
    redacted: tuple[str, ...]
    #: When contact details were deleted of all who answered, if a file with such details is older.
    contact_expired_at: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.withdrawn or self.erased or self.redacted or self.contact_expired_at)


def record_export(round_: FeedbackRound, options: dict[str, Any], by: Any, *, codes: bool = True) -> Export:
    """Log that a file is taken away, with codes or without, before its first line is made.

    ``options`` are those of the form: shape, format, personal, full and reason.
    """
    is_personal, is_full = bool(options.get("personal")), bool(options.get("full"))
    with transaction.atomic():
        export = Export.objects.create(
            round=round_,
            shape=options["shape"],
            format=options["format"],
            is_personal=is_personal,
            is_full=is_full,
            reason=options.get("reason", "").strip() if is_personal or is_full else "",
            responses=round_.responses.filter(state__in=Response.SENT).count(),
            by=by,
        )
        RoundEvent.write(round_, "exported", by, _description(export, codes))
    return export


def _description(export: Export, codes: bool) -> str:
    parts = [export.get_format_display(), export.get_shape_display().lower(), f"{export.responses} responses"]
    parts.append("with who answered" if export.is_personal else "without who answered")
    if export.is_full:
        parts.append("with what is blacked out")
    if not codes:
        parts.append("without codes")
    return ", ".join(parts) + (f". {export.reason}" if export.reason else "")


#: The reference of a response, when it was submitted, and when something of it was removed.
Removal = tuple[str, datetime, datetime]


def stale_exports(round_: FeedbackRound) -> list[StaleExport]:
    """List the files that hold what was removed after they were made, and not cleared since. Four queries."""
    exports = list(round_.exports.select_related("by"))
    if not exports:
        return []
    withdrawn = round_.responses.filter(state=Response.State.WITHDRAWN).exclude(reference=None)
    withdrawals = _removals(withdrawn, "", "withdrawn_at")
    erasures = _removals(round_.events.filter(action=ERASED).exclude(response=None), "response__", "at")
    sent = Redaction.objects.filter(response__round=round_, response__state__in=Response.SENT)
    redactions = _removals(sent, "response__", "at")
    expiry = contact_kept_until(round_)
    found = []
    for export in exports:
        outlives = expiry and (export.cleared_at or export.at) < expiry <= timezone.now()
        stale = StaleExport(
            export,
            _in_file(export, withdrawals),
            _in_file(export, erasures) if export.is_personal else (),
            _in_file(export, redactions),
            expiry if export.is_personal and outlives else None,
        )
        if stale:
            found.append(stale)
    return found


def _removals(rows: QuerySet[Any], prefix: str, removed_at: str) -> list[Removal]:
    columns = (f"{prefix}reference", f"{prefix}submitted_at", removed_at)
    return [row for row in rows.order_by("pk").values_list(*columns) if None not in row]


def _in_file(export: Export, removals: list[Removal]) -> tuple[str, ...]:
    """Find the references of what was there when a file was made, and was removed after it was last cleared."""
    cleared_at = export.cleared_at or export.at
    references = (
        reference
        for reference, submitted_at, removed_at in removals
        if submitted_at <= export.at and removed_at > cleared_at
    )
    return tuple(dict.fromkeys(references))


def mark_copies_cleared(export: Export, by: Any) -> None:
    """Record that all copies of a file are deleted, or rid of what was removed until now."""
    with transaction.atomic():
        Export.objects.filter(pk=export.pk).update(cleared_at=timezone.now())
        made_at = f"{timezone.localtime(export.at):%d.%m.%Y, %H:%M}"
        RoundEvent.write(export.round, "copies cleared", by, f"of the file of {made_at}")
