"""When a publication makes a new public version, and the making of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.dispatch import receiver

from nelis.core.change_log import publication_recorded
from nelis.core.dates import partial_date
from nelis.core.models import ChangeEntry
from sectors.models import PropositionPage, PropositionVersion, content_hash
from sectors.versions.compare import change_sentences, compare
from sectors.versions.snapshot import take_snapshot

Reason = PropositionVersion.Reason

#: Publications that wait for what they refer to, while much is published at once.
_waiting: ContextVar[list[tuple[Any, ChangeEntry]] | None] = ContextVar("versions_waiting", default=None)


@contextmanager
def versions_at_the_end() -> Iterator[None]:
    """Versions that fall due are made at the end of the block, when everything they refer to is published."""
    waiting: list[tuple[Any, ChangeEntry]] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    for page, entry in waiting:
        create_version_if_due(page, entry)


def create_version_if_due(page: Any, entry: ChangeEntry) -> PropositionVersion | None:
    """Make a version of ``page``, which ``entry`` says went live, if one is due. Call it in the same transaction.

    The first publication makes one, so does a new stage, and so does any change of content that isn't a minor
    one. A new stage, and in words what changed, are saved in ``entry``.
    """
    waiting = _waiting.get()
    if waiting is not None:
        waiting.append((page, entry))
        return None
    # Two publications at once would otherwise both make the same number.
    page = type(page).objects.select_for_update(of=("self",)).get(pk=page.pk)
    last = page.versions.order_by("number").last()
    document = take_snapshot(page)
    data = document.as_data()
    is_new_stage = last is not None and last.stage != page.stage
    if last is not None and not is_new_stage:
        is_same = last.content_hash == content_hash(data)
        if is_same or entry.kind in ChangeEntry.UNLISTED:
            return None
    if last is not None:
        entry.details = change_sentences(compare(last.document, document))
        if is_new_stage and entry.kind != ChangeEntry.Kind.CORRECTION:
            entry.kind = ChangeEntry.Kind.STAGE
        entry.save(update_fields=["details", "kind"])
    return PropositionVersion.objects.create(
        proposition=page,
        number=last.number + 1 if last else 1,
        revision=entry.revision,
        entry=entry,
        reason=_reason(last, entry, is_new_stage),
        stage=page.stage,
        label=_label(page),
        published_at=entry.at,
        change_note=entry.note,
        corrects=last if entry.kind == ChangeEntry.Kind.CORRECTION else None,
        content=data,
        content_hash=content_hash(data),
    )


@receiver(publication_recorded, sender=PropositionPage)
def create_version_on_publication(instance: PropositionPage, entry: ChangeEntry, **kwargs: Any) -> None:
    """Make a version in the transaction of the publication, if one is due."""
    create_version_if_due(instance, entry)


def _reason(last: PropositionVersion | None, entry: ChangeEntry, is_new_stage: bool) -> str:
    if last is None:
        return Reason.FIRST
    if entry.kind == ChangeEntry.Kind.CORRECTION:
        return Reason.CORRECTION
    return Reason.STAGE if is_new_stage else Reason.CONTENT


def _label(page: Any) -> str:
    """The stage, and when it was reached: “Proposed at summit, July 2019”."""
    stage = page.get_stage_display()
    return f"{stage}, {partial_date(page.stage_date, 'month')}" if page.stage_date else stage
