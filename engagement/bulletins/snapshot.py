"""From what editors see to what is sent: a bulletin as frozen data with a hash, and back to the mail of one reader.

Frozen is everything that is approved: subject, HTML with its styles written into it, text, web page, headers, and whom
it is for. What differs from one reader to the next are places. ⟦chose⟧, ⟦often⟧ and ⟦month⟧, and the parts that only
some get, are filled for each way to choose (``mould``); ⟦leave⟧ and ⟦choices⟧ for each reader.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import escape

from engagement.bulletins.audience import AudienceRule, audience_rule
from engagement.bulletins.content import ContentBlock, content_blocks
from engagement.bulletins.headers import headers_for
from engagement.bulletins.models import Bulletin
from engagement.bulletins.news_items import NewsGroup, news_groups
from engagement.bulletins.plain_text import blocks_as_text, margin_for, row_as_text
from engagement.mail.message import MessageTemplate
from engagement.mail.mime import CONTROL_CHARACTERS
from engagement.mail.render import render, wrap_text
from engagement.mailing_list.links import absolute_url
from engagement.mailing_list.models import Topic
from nelis.core.richtext import plain_text

__all__ = [
    "SCHEMA_VERSION",
    "SnapshotError",
    "cached_message_template",
    "content_hash",
    "message_template",
    "snapshot_audience",
    "take_snapshot",
]

#: The shape of the frozen data. Raise it when it changes; old bulletins keep theirs.
SCHEMA_VERSION = 1
#: Places for what differs from reader to reader, which no author may write.
PLACEHOLDERS = frozenset({"chose", "often", "month", "leave", "choices"})
PLACEHOLDER_MARKS = "⟦⟧"
_PLACEHOLDER = re.compile("⟦([a-z]+)⟧")
Kind = Bulletin.Kind
KIND_PHRASES = {
    Kind.BULLETIN: "this bulletin",
    Kind.ALERT: "this news",
    Kind.WEEKLY: "this digest",
    Kind.MONTHLY: "this digest",
}
FREQUENCY_PHRASES = {"immediate": "as it happens", "weekly": "once a week", "monthly": "once a month"}


class SnapshotError(ValueError):
    """Raised when a bulletin can't be frozen, with the reason for its author."""


def take_snapshot(bulletin: Bulletin) -> dict[str, Any]:
    """Everything that is approved, as data. The same content gives the same data.

    Raises UnfitError when the text has a sign in it that is reserved for places, or the subject could be no header:
    then every single mail would fail, and none could be shown.
    """
    if CONTROL_CHARACTERS.search(bulletin.subject + bulletin.preheader):
        raise SnapshotError("The subject or the preheader has a control character in it. Type it anew.")
    pieces, groups = content_blocks(bulletin.body), news_groups(bulletin)
    if any(mark in said for mark in PLACEHOLDER_MARKS for said in _all_strings(bulletin, pieces, groups)):
        raise SnapshotError("The signs ⟦ and ⟧ have a meaning of their own here. Take them out.")
    web_url = absolute_url(bulletin.get_absolute_url()) if bulletin.is_public and bulletin.slug else ""
    context = {
        "subject": bulletin.subject,
        "preheader": bulletin.preheader,
        "opening": opening_line(bulletin),
        "noun": KIND_PHRASES[Kind(bulletin.kind)],
        "pieces": pieces,
        "groups": groups,
        "words": _plain_text(pieces, groups),
        "web_url": web_url,
    }
    mail = render("bulletin/bulletin", context)
    parts = {str(part.number): list(part.topics) for group in groups for part in group.parts}
    topics = _audience_topics(bulletin, groups)
    return {
        "form": SCHEMA_VERSION,
        "kind": bulletin.kind,
        "subject": bulletin.subject,
        "preheader": bulletin.preheader,
        "html": mail.html,
        "text": mail.text,
        "web": with_relative_links(render_to_string("bulletins/body.html", {"pieces": pieces, "groups": groups})),
        "web_url": web_url,
        "words": plain_text(" ".join(_all_strings(bulletin, pieces, groups)))[:20000],
        "parts": parts,
        "audience": asdict(audience_rule(bulletin, topics)),
        "headers": headers_for(bulletin, web_url),
    }


def with_relative_links(html: str) -> str:
    """``html`` for a page of the site: links within it need no host."""
    return html.replace(f'="{settings.BASE_URL}/', '="/')


def content_hash(frozen: dict[str, Any]) -> str:
    """The SHA-256 of frozen data: keys in order, no blanks, UTF-8."""
    text = json.dumps(frozen, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def opening_line(bulletin: Bulletin) -> str:
    """What the quiet line under the rule begins with."""
    if bulletin.is_generated and bulletin.kind in Bulletin.DIGEST_KINDS and bulletin.period_start:
        return f"{bulletin.get_kind_display()}, {period_label(bulletin)}."
    return f"{bulletin.get_kind_display()}, ⟦month⟧."


def period_label(bulletin: Bulletin) -> str:
    """The week or month a digest is about."""
    start = bulletin.period_start
    if start is None or bulletin.kind == Kind.MONTHLY:
        return date_format(start, "F Y") if start else ""
    return f"week of {date_format(start, 'j F Y')}"


def _audience_topics(bulletin: Bulletin, groups: list[NewsGroup]) -> list[str] | None:
    """Whom a made bulletin is for: who gets any of its parts. None for what is written by hand, which says so."""
    if not bulletin.is_generated:
        return None
    parts = [part for group in groups for part in group.parts]
    # A part for everybody makes it a mail for everybody.
    return [] if any(not part.topics for part in parts) else [slug for part in parts for slug in part.topics]


def _all_strings(bulletin: Bulletin, pieces: list[ContentBlock], groups: list[NewsGroup]) -> list[str]:
    rows = [part.row for group in groups for part in group.parts]
    return [bulletin.subject, bulletin.preheader, *_strings([piece.says for piece in pieces]), *_strings(rows)]


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


def _plain_text(pieces: list[ContentBlock], groups: list[NewsGroup]) -> str:
    text = blocks_as_text(pieces)
    for group in groups:
        margin = margin_for(part.row for part in group.parts)
        parts = "".join(
            f"⟦part {part.number}⟧\n{row_as_text(part.row, margin)}\n\n⟦/part {part.number}⟧\n" for part in group.parts
        )
        text += f"\n\n⟦group {group.number}⟧\n\n{group.title}\n\n{parts}⟦/group {group.number}⟧\n"
    return text


# --- back to a mail --------------------------------------------------------------------------------


def message_template(
    frozen: dict[str, Any], topics: frozenset[str], frequency: str, month: str, chose: str
) -> MessageTemplate:
    """The mail for readers who chose ``topics`` (slugs): their parts, and the lines about their choice."""
    hidden = [number for number, wanted in frozen["parts"].items() if wanted and topics.isdisjoint(wanted)]
    often = FREQUENCY_PHRASES[frequency]
    if frequency != "immediate" and frequency not in (frozen["kind"],):
        often += "; this one can’t wait"
    values = {"chose": chose, "often": often, "month": month}
    html = _fill_placeholders(
        _without_parts(frozen["html"], hidden, "<!--", "-->"), {name: escape(said) for name, said in values.items()}
    )
    text = wrap_text(_fill_placeholders(_without_parts(frozen["text"], hidden, "⟦", "⟧"), values))
    return MessageTemplate(frozen["subject"], text, html, frozen["headers"])


def _without_parts(text: str, hidden: Iterable[str], opens: str, closes: str) -> str:
    """``text`` without the parts that are ``hidden``, without groups that have no part left, and without the marks."""
    for number in hidden:
        mark = re.escape(f"{opens}part {number}{closes}")
        end = re.escape(f"{opens}/part {number}{closes}")
        text = re.sub(f"{mark}.*?{end}\n?", "", text, flags=re.DOTALL)
    group = f"{opens}group (\\d+){closes}(?P<within>.*?){opens}/group \\1{closes}\n?"
    text = re.sub(group, lambda match: match[0] if f"{opens}part " in match["within"] else "", text, flags=re.DOTALL)
    return re.sub(f"{opens}/?(?:group|part) \\d+{closes}\n?", "", text)


def _fill_placeholders(text: str, values: dict[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


@lru_cache(maxsize=256)
def cached_message_template(bulletin_id: int, hashed: str, topics: frozenset[str], frequency: str) -> MessageTemplate:
    """The same, kept in this process for each way to choose: the database is asked once for each of them."""
    frozen, started_at = _stored_snapshot(bulletin_id, hashed)
    names = list(Topic.objects.filter(slug__in=topics).values_list("name", flat=True))
    return message_template(frozen, topics, frequency, month_name(started_at), join_names(names))


def snapshot_audience(bulletin_id: int, hashed: str) -> AudienceRule:
    """Whom a bulletin was approved for. The database is asked once in this process."""
    rule = _stored_snapshot(bulletin_id, hashed)[0]["audience"]
    return AudienceRule(tuple(rule["frequencies"]), tuple(rule["topics"]))


@lru_cache(maxsize=8)
def _stored_snapshot(bulletin_id: int, hashed: str) -> tuple[dict[str, Any], datetime | None]:
    bulletin = Bulletin.objects.only("frozen", "started_at").get(pk=bulletin_id, content_hash=hashed)
    return bulletin.frozen or {}, bulletin.started_at


def month_name(moment: datetime | None) -> str:
    """The month a bulletin is sent in, such as July 2019."""
    return date_format(timezone.localtime(moment or timezone.now()), "F Y")


def join_names(names: list[str]) -> str:
    """Names of topics as a reader is told of them."""
    said = [f"the {name[4:]}" if name.startswith("The ") else name for name in names]
    if not said:
        return "no topics"
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
