"""The list of changes: what was published or taken down since a day, by kind and subject."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from nelis.core.listing import Facet, Listing, Option, Row, build_listing
from nelis.core.models import ChangeEntry, SearchEntry
from sectors.models import PropositionVersion

SINCE = "since"


@dataclass(frozen=True, slots=True)
class Change:
    """An entry as readers see it: with the present address of what it is about, and the version it made."""

    entry: ChangeEntry
    url: str
    version: PropositionVersion | None

    @property
    def compare_url(self) -> str:
        """Where the version is set beside the one before; empty for a first one."""
        if self.version is None or self.version.number == 1 or not self.url:
            return ""
        return f"{self.url}compare/?from={self.version.number - 1}&to={self.version.number}"


def parse_since(raw: str) -> date | None:
    """The day that ``raw`` (such as 2019-07-16) names; None for anything else."""
    # Python reads further forms of a date, which no form of ours sends.
    if len(raw) != 10:
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None


def subject_key(entry: ChangeEntry) -> str:
    """What a filter calls the thing an entry is about: its reference, or else its title."""
    return slugify(entry.ref or entry.title)[:60]


def listed_changes(params: Any, per_page: int = 50) -> Listing:
    """The public changes that ``params`` (a QueryDict) asks for, newest first. One query.

    ``since`` is a day: what was published on it or after it. ``kind``, ``subject`` (the kind of thing) and
    ``about`` (a single thing) are facets. A day that doesn't exist is among the unknown.
    """
    entries = list(ChangeEntry.objects.public().defer("details", "note"))
    raw = params.get(SINCE, "")
    since = parse_since(raw)
    shown = [entry for entry in entries if since is None or timezone.localdate(entry.at) >= since]
    rows = [
        Row(
            entry.pk,
            {
                "kind": frozenset([entry.kind]),
                "subject": frozenset([slugify(entry.subject_kind)]),
                "about": frozenset([subject_key(entry)]),
            },
        )
        for entry in shown
    ]
    subjects = {slugify(entry.subject_kind): entry.subject_kind for entry in entries}
    # The newest title stands for a thing that has been renamed.
    titles = {subject_key(entry): f"{entry.ref} {entry.title}".strip() for entry in reversed(entries)}
    kinds = [(value, label) for value, label in ChangeEntry.Kind.choices if value not in ChangeEntry.UNLISTED]
    facets = [
        Facet("kind", "Kind of change", [Option(str(value), str(label)) for value, label in kinds]),
        Facet("subject", "Subject", _options(subjects)),
        Facet("about", "One thing only", _options(titles), is_collapsible=True),
    ]
    listing = build_listing(rows, facets, params, per_page=per_page)
    if raw and since is None:
        listing.unknown.append(("Since", raw[:60]))
    elif since is not None:
        listing.query = "&".join(filter(None, [f"{SINCE}={since:%Y-%m-%d}", listing.query]))
    return listing


def changes_by_day(keys: Iterable[int]) -> list[tuple[date, list[Change]]]:
    """The entries with these keys, newest first, by the day they were written. Three queries."""
    entries = list(ChangeEntry.objects.filter(pk__in=list(keys)))
    found = SearchEntry.objects.filter(object_id__in={entry.object_id for entry in entries})
    urls = {(content_type, pk): url for content_type, pk, url in found.values_list("content_type", "object_id", "url")}
    versions = PropositionVersion.objects.filter(entry__in=entries).defer("content")
    by_entry = {version.entry_id: version for version in versions}
    changes = [
        Change(entry, urls.get((entry.content_type_id, entry.object_id), ""), by_entry.get(entry.pk))
        for entry in entries
    ]
    return [
        (day, list(group)) for day, group in groupby(changes, key=lambda change: timezone.localdate(change.entry.at))
    ]


def _options(labels: dict[str, str]) -> list[Option]:
    return [Option(value, label) for value, label in sorted(labels.items(), key=lambda item: item[1])]
