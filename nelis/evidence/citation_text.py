"""Citations of figures, findings and publications: one line of plain text with source, date and permanent address.

The date a citation gives as "as at" is the one the fact is about: the end of the figure's own period where the
source gives it, else the date of the source. Never that of our page, which would make an old figure look new.
That the reader saw it here, and when, is said at the end.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst

from nelis.core.dates import partial_date
from nelis.core.site_address import absolute_url
from nelis.evidence.figures import format_figure


def cite_figure(statistic: Any, rivals: Iterable[Any] = (), today: date | None = None) -> str:
    """A statistic with its period, area and source. ``rivals``: the other figures disputed for its fact.

    A missing one is cited as not held. A disputed one says that it is, and what the rivals give.
    """
    figure = format_figure(statistic)
    named = f"{figure.text} {statistic.label}" if figure.held else f"{figure.text}: {statistic.label}"
    area = statistic.geography.name if statistic.geography else ""
    return join_sentences(
        as_sentence(named),
        as_sentence(", ".join(filter(None, [statistic.period_text or "period not stated", area]))),
        _source("Source:", statistic),
        _as_at(statistic.source, statistic.period_end),
        _standing(statistic, rivals),
        site_reference(statistic.get_absolute_url(), statistic.key, today),
    )


def cite_finding(finding: Any, today: date | None = None) -> str:
    """A finding with the source that it puts in our words."""
    return join_sentences(
        as_sentence(f"{finding.get_kind_display()}: {finding.statement}"),
        _source("In our words, from", finding),
        _as_at(finding.source),
        site_reference(finding.get_absolute_url(), finding.ref, today),
    )


def cite_publication(source: Any, today: date | None = None) -> str:
    """A publication itself, and where this site lists it. One that isn't held says so."""
    return join_sentences(
        as_sentence(", ".join(filter(None, [_document(source, source.get_kind_display().lower()), source.page_ref]))),
        as_sentence(source.url),
        "" if source.held else "Not held by this site.",
        site_reference(source.get_absolute_url(), source.ref, today),
    )


def site_reference(path: str, ref: str = "", today: date | None = None) -> str:
    """The end of every citation: this site, the reference and address of the thing, and when it was read."""
    accessed = f"accessed {partial_date(today or timezone.localdate())}"
    return as_sentence(", ".join(filter(None, [settings.SITE_NAME, ref, absolute_url(path), accessed])))


def as_sentence(text: str) -> str:
    """``text`` as a sentence: a capital first, one full stop at its end. Empty when there is none."""
    # An address keeps the letters it begins with.
    text = text.strip().removesuffix(".")
    return f"{text if '://' in text.split(' ')[0] else capfirst(text)}." if text else ""


def join_sentences(*parts: str) -> str:
    """The sentences of a citation, without those that are empty, in one line."""
    return " ".join(" ".join(parts).split())


def _document(source: Any, kind: str = "") -> str:
    dated = partial_date(source.published, source.published_precision)
    planned = "planned for " if source.status == "planned" and source.published else ""
    return ", ".join(filter(None, [f"“{source.title}”", source.publisher, kind, planned + dated]))


def _source(before: str, instance: Any) -> str:
    if not instance.source:
        return "No source yet."
    held = "" if instance.source.held else "which this site doesn’t hold"
    return as_sentence(f"{before} {', '.join(filter(None, [_document(instance.source), instance.page_ref, held]))}")


def _as_at(source: Any, period_end: date | None = None) -> str:
    if period_end:
        return f"As at {partial_date(period_end)}."
    if (
        not source
        or not source.published
        or partial_date(source.published, source.published_precision).startswith("date")
    ):
        return "As at a date that the source doesn’t give."
    return f"As at {partial_date(source.published, source.published_precision)}, the date of the source."


def _standing(statistic: Any, rivals: Iterable[Any]) -> str:
    if statistic.status == "superseded":
        return "Superseded."
    if statistic.status != "disputed":
        return ""
    others = "; ".join(
        f"{format_figure(rival).text} {rival.label} ({_document(rival.source) if rival.source else 'no source yet'})"
        for rival in rivals
        if rival.key != statistic.key
    )
    if not others:
        return "Disputed."
    return as_sentence(f"Disputed: sources disagree, and nobody has reconciled them. Also given: {others}")
