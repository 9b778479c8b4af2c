"""What alerts and digests report: published changes and sent bulletins, each with the topics it is news for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from engagement.bulletins.content import change_rows, day
from engagement.bulletins.models import Bulletin
from engagement.mailing_list.models import Topic
from engagement.mailing_list.topic_matching import topics_for
from nelis.core.models import ChangeEntry
from nelis.core.site_address import absolute_url

__all__ = ["NewsGroup", "NewsPart", "news_groups"]


@dataclass(frozen=True, slots=True)
class NewsPart:
    """One thing reported, to those who chose any of ``topics`` (slugs); to everybody when there are none."""

    number: int
    topics: tuple[str, ...]
    row: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NewsGroup:
    """Parts under one heading. Left out for readers who get none of them."""

    number: int
    title: str
    parts: tuple[NewsPart, ...]


def news_groups(bulletin: Bulletin) -> list[NewsGroup]:
    """Return what an alert or a digest reports: bulletins first, then changes, the newest first."""
    if not bulletin.pk or not bulletin.is_generated:
        return []
    # What was cancelled or taken off the web after the draft was made is left out.
    still_shown = Q(reported=None) | Q(reported__in=Bulletin.objects.for_digests())
    query = bulletin.items.filter(still_shown).select_related("change", "reported")
    items = list(query.prefetch_related("reported__topics"))
    everything = whole_strategy_slugs()
    sent = [(_topics_of(item.reported, everything), _row_of(item.reported)) for item in items if item.reported]
    topics = topics_of_changes(item.change for item in items if item.change)
    rows = change_rows(item.change_id for item in items if item.change_id)
    groups: list[NewsGroup] = []
    number = 0
    for title, found in (("Bulletins sent", sent), ("What changed", [(topics[key], row) for key, row in rows.items()])):
        parts = tuple(NewsPart(number + place, slugs, row) for place, (slugs, row) in enumerate(found))
        number += len(parts)
        if parts:
            groups.append(NewsGroup(len(groups), title, parts))
    return groups


def topics_of_changes(changes: Iterable[ChangeEntry]) -> dict[int, tuple[str, ...]]:
    """Return the slugs of the topics that each change is news for, by its key: at least the whole strategy's."""
    slugs = dict(Topic.objects.values_list("pk", "slug"))
    everything = whole_strategy_slugs()
    return {
        key: tuple(sorted({*(slugs[topic] for topic in topics), *everything}))
        for key, topics in topics_for(list(changes)).items()
    }


def whole_strategy_slugs() -> list[str]:
    """Return the slugs of the topics that stand for everything; a word that no topic has, where there is none."""
    return list(Topic.objects.filter(group=Topic.Group.WHOLE).values_list("slug", flat=True)) or ["-"]


def _topics_of(bulletin: Bulletin, everything: list[str]) -> tuple[str, ...]:
    slugs = [topic.slug for topic in bulletin.topics.all()]
    return tuple(sorted({*slugs, *everything})) if slugs else ()


def _row_of(bulletin: Bulletin) -> dict[str, Any]:
    return {
        "kind": "Bulletin",
        "subject": "",
        "ref": "",
        "title": bulletin.subject,
        "url": absolute_url(bulletin.get_absolute_url()) if bulletin.is_public else "",
        "text": bulletin.preheader,
        "when": day(bulletin.started_at),
    }
