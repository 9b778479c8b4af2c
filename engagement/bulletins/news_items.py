"""What alerts and digests tell: the public changes and the bulletins that nobody has told yet, by topic."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.dateformat import format as date_format

from engagement.bulletins.content import change_rows
from engagement.bulletins.models import Bulletin
from engagement.mailing_list.links import absolute_url
from engagement.mailing_list.models import Topic
from engagement.mailing_list.topic_matching import topics_for
from nelis.core.models import ChangeEntry

__all__ = ["NewsGroup", "NewsPart", "news_groups", "topics_of_changes"]


@dataclass(frozen=True, slots=True)
class NewsPart:
    """One thing told, and to whom: those who chose any of ``topics`` (slugs); everybody when there is none."""

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
    """What a made bulletin tells, bulletins first, then changes, the newest first."""
    if not bulletin.pk or not bulletin.is_generated:
        return []
    # What was stopped or taken off the web after the draft was made is left out.
    told = Q(told=None) | Q(told__in=Bulletin.objects.for_digests())
    items = list(bulletin.items.filter(told).select_related("change", "told").prefetch_related("told__topics"))
    whole = whole_strategy_slugs()
    sent = [(_bulletin_topics(item.told, whole), _bulletin_row(item.told)) for item in items if item.told]
    rows = change_rows([item.change_id for item in items if item.change_id])
    topics = topics_of_changes([item.change for item in items if item.change])
    changes = [(topics[key], row) for key, row in rows.items()]
    groups, number = [], 0
    for title, found in (("Bulletins sent", sent), ("What changed", changes)):
        parts = tuple(NewsPart(number + place, topics, row) for place, (topics, row) in enumerate(found))
        number += len(parts)
        if parts:
            groups.append(NewsGroup(len(groups), title, parts))
    return groups


def topics_of_changes(changes: Iterable[ChangeEntry]) -> dict[int, tuple[str, ...]]:
    """The slugs of the topics that each change is news for, by its key: at least that of the whole strategy."""
    slugs = dict(Topic.objects.values_list("pk", "slug"))
    whole = whole_strategy_slugs()
    return {
        key: tuple(sorted({*(slugs[topic] for topic in topics), *whole})) for key, topics in topics_for(changes).items()
    }


def whole_strategy_slugs() -> list[str]:
    """The slugs of the topics that stand for everything; a word that no topic has, where there is none."""
    return list(Topic.objects.filter(group=Topic.Group.WHOLE).values_list("slug", flat=True)) or ["-"]


def _bulletin_topics(bulletin: Bulletin, whole: list[str]) -> tuple[str, ...]:
    slugs = [topic.slug for topic in bulletin.topics.all()]
    return tuple(sorted({*slugs, *whole})) if slugs else ()


def _bulletin_row(bulletin: Bulletin) -> dict[str, Any]:
    sent = timezone.localtime(bulletin.started_at) if bulletin.started_at else None
    return {
        "kind": "Bulletin",
        "subject": "",
        "ref": "",
        "title": bulletin.subject,
        "url": absolute_url(bulletin.get_absolute_url()) if bulletin.is_public else "",
        "text": bulletin.preheader,
        "when": date_format(sent, "j F Y") if sent else "",
    }
