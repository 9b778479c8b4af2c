"""The approved form of a bulletin: taken from what editors wrote, and turned into the email of one reader.

A snapshot is plain data and holds everything that is approved: subject, HTML with its styles inlined, text, web page,
headers, and the audience. What differs between readers are placeholders. ⟦chose⟧, ⟦often⟧ and ⟦month⟧, and the parts
that only some readers get, are filled once for each way to choose (``message_template``); ⟦leave⟧ and ⟦choices⟧ for
each reader.
"""

import json
import re
from collections.abc import Iterable, Mapping
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

from engagement.bulletins.content import ContentBlock, content_blocks
from engagement.bulletins.models import Bulletin
from engagement.bulletins.news_items import NewsGroup, news_groups
from engagement.bulletins.plain_text import as_text
from engagement.bulletins.recipients import AudienceRule
from engagement.mail.message import MessageTemplate
from engagement.mail.mime import CONTROL_CHARACTERS, PLACEHOLDER
from engagement.mail.render import render, wrap_text
from engagement.mailing_list.models import Topic
from nelis.core.richtext import plain_text
from nelis.core.site_address import absolute_url, site_host

__all__ = [
    "PLACEHOLDERS",
    "REQUIRED_HEADERS",
    "SnapshotError",
    "approved_audience",
    "cached_message_template",
    "content_hash",
    "join_names",
    "message_template",
    "month_name",
    "take_snapshot",
]

#: The shape of the data. Raise it when the shape changes; old bulletins keep theirs.
SCHEMA_VERSION = 1
#: What differs between readers. No author may write the marks around these.
PLACEHOLDERS = frozenset({"chose", "often", "month", "leave", "choices"})
MARKS = "⟦⟧"
#: Without these headers, nothing is approved.
REQUIRED_HEADERS = ("List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Feedback-ID", "Precedence")
Kind = Bulletin.Kind
KIND_PHRASES = {
    Kind.BULLETIN: "this bulletin",
    Kind.ALERT: "this news",
    Kind.WEEKLY: "this digest",
    Kind.MONTHLY: "this digest",
}
FREQUENCY_PHRASES = {"immediate": "as it happens", "weekly": "once a week", "monthly": "once a month"}


class SnapshotError(ValueError):
    """Raised when no snapshot of a bulletin can be taken, with the reason for its author."""


# --- taking a snapshot -----------------------------------------------------------------------------


def take_snapshot(bulletin: Bulletin) -> dict[str, Any]:
    """Return everything that is approved, as data. The same content gives the same data.

    Raises SnapshotError when the text has a mark in it that is reserved for placeholders, or the subject could be no
    header: then every single email would fail, and none could be shown.
    """
    if CONTROL_CHARACTERS.search(bulletin.subject + bulletin.preheader):
        raise SnapshotError("The subject or the preheader has a control character in it. Type it anew.")
    blocks, groups = content_blocks(bulletin.body), news_groups(bulletin)
    written = [bulletin.subject, bulletin.preheader, *_written_text(blocks, groups)]
    if any(mark in text for mark in MARKS for text in written):
        raise SnapshotError("The signs ⟦ and ⟧ have a meaning of their own here. Take them out.")
    web_url = absolute_url(bulletin.get_absolute_url()) if bulletin.is_public and bulletin.slug else ""
    email = render(
        "bulletin/bulletin",
        {
            "subject": bulletin.subject,
            "preheader": bulletin.preheader,
            "opening": _opening_line(bulletin),
            "noun": KIND_PHRASES[Kind(bulletin.kind)],
            "blocks": blocks,
            "groups": groups,
            "text": as_text(blocks, groups),
            "web_url": web_url,
        },
    )
    web = render_to_string("bulletins/body.html", {"blocks": blocks, "groups": groups})
    return {
        "schema": SCHEMA_VERSION,
        "kind": bulletin.kind,
        "subject": bulletin.subject,
        "preheader": bulletin.preheader,
        "html": email.html,
        "text": email.text,
        # Links within a page of the site need no host.
        "web": web.replace(f'="{settings.BASE_URL}/', '="/'),
        "web_url": web_url,
        "words": plain_text(" ".join(written))[:20000],
        "parts": {str(part.number): list(part.topics) for group in groups for part in group.parts},
        "audience": asdict(AudienceRule.for_bulletin(bulletin, _topics_of_parts(bulletin, groups))),
        "headers": _headers(bulletin, web_url),
    }


def content_hash(snapshot: dict[str, Any]) -> str:
    """Return the SHA-256 of a snapshot: keys in order, no blanks, UTF-8."""
    text = json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def _headers(bulletin: Bulletin, web_url: str) -> dict[str, str]:
    """Return the headers beyond From, To, Subject, Date and Message-ID, which the mail app sets."""
    host = site_host()
    headers = {
        "List-Unsubscribe": "<⟦leave⟧>",
        # RFC 8058: email programs may unsubscribe their reader with one POST, without opening a page.
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f'"{settings.SITE_NAME}" <bulletins.{host}>',
        # Which email a complaint is about, for providers that count: nothing in it names a reader.
        "Feedback-ID": f"{bulletin.pk or 0}:{bulletin.kind}:bulletins:{host}",
        # Keeps out-of-office replies away from whoever reads the address it comes from.
        "Precedence": "bulk",
    }
    if web_url:
        headers["Archived-At"] = f"<{web_url}>"
    if bulletin.is_generated:
        headers["Auto-Submitted"] = "auto-generated"
    return headers


def _opening_line(bulletin: Bulletin) -> str:
    """Return the start of the line above the title: the kind, and the week or month of a digest."""
    start = bulletin.period_start
    if start is None or bulletin.kind not in Bulletin.DIGEST_KINDS:
        period = "⟦month⟧"
    elif bulletin.kind == Kind.MONTHLY:
        period = date_format(start, "F Y")
    else:
        period = f"week of {date_format(start, 'j F Y')}"
    return f"{bulletin.get_kind_display()}, {period}."


def _topics_of_parts(bulletin: Bulletin, groups: list[NewsGroup]) -> list[str] | None:
    """Return whom an alert or a digest is for: who gets any of its parts. None for a bulletin written by hand."""
    if not bulletin.is_generated:
        return None
    parts = [part for group in groups for part in group.parts]
    # A part for everybody makes it an email for everybody.
    return [] if any(not part.topics for part in parts) else [slug for part in parts for slug in part.topics]


def _written_text(blocks: list[ContentBlock], groups: list[NewsGroup]) -> Iterable[str]:
    """Return every string that editors, or the pages they chose, put into the bulletin."""
    yield from _strings([block.data for block in blocks])
    yield from _strings([part.row for group in groups for part in group.parts])


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _strings(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)


# --- from a snapshot to emails ---------------------------------------------------------------------


def message_template(
    snapshot: dict[str, Any], topics: frozenset[str], frequency: str, month: str, chose: str
) -> MessageTemplate:
    """Return the email for readers who chose ``topics`` (slugs): their parts, and the lines about their choice."""
    hidden = [number for number, wanted in snapshot["parts"].items() if wanted and topics.isdisjoint(wanted)]
    often = FREQUENCY_PHRASES[frequency]
    if frequency not in ("immediate", snapshot["kind"]):
        often += "; this one can’t wait"
    values = {"chose": chose, "often": often, "month": month}
    escaped = {name: escape(value) for name, value in values.items()}
    html = _fill(_without_parts(snapshot["html"], hidden, "<!--", "-->"), escaped)
    text = wrap_text(_fill(_without_parts(snapshot["text"], hidden, "⟦", "⟧"), values))
    return MessageTemplate(snapshot["subject"], text, html, snapshot["headers"])


def _without_parts(text: str, hidden: Iterable[str], opens: str, closes: str) -> str:
    """Return ``text`` without the ``hidden`` parts, without groups that have no part left, and without the marks."""
    for number in hidden:
        start = re.escape(f"{opens}part {number}{closes}")
        end = re.escape(f"{opens}/part {number}{closes}")
        text = re.sub(f"{start}.*?{end}\n?", "", text, flags=re.DOTALL)
    group = f"{opens}group (\\d+){closes}(?P<within>.*?){opens}/group \\1{closes}\n?"
    text = re.sub(group, lambda match: match[0] if f"{opens}part " in match["within"] else "", text, flags=re.DOTALL)
    return re.sub(f"{opens}/?(?:group|part) \\d+{closes}\n?", "", text)


def _fill(text: str, values: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


@lru_cache(maxsize=256)
def cached_message_template(
    bulletin_id: int, content_hash: str, topics: frozenset[str], frequency: str
) -> MessageTemplate:
    """Return the same for a bulletin being sent. Each process asks the database once for each way to choose."""
    snapshot, started_at = _stored_snapshot(bulletin_id, content_hash)
    names = list(Topic.objects.filter(slug__in=topics).values_list("name", flat=True))
    return message_template(snapshot, topics, frequency, month_name(started_at), join_names(names))


def approved_audience(bulletin_id: int, content_hash: str) -> AudienceRule:
    """Return whom a bulletin was approved for. Each process asks the database once."""
    return AudienceRule.from_snapshot(_stored_snapshot(bulletin_id, content_hash)[0])


@lru_cache(maxsize=8)
def _stored_snapshot(bulletin_id: int, content_hash: str) -> tuple[dict[str, Any], datetime | None]:
    bulletin = Bulletin.objects.only("snapshot", "started_at").get(pk=bulletin_id, content_hash=content_hash)
    return bulletin.snapshot or {}, bulletin.started_at


def month_name(moment: datetime | None) -> str:
    """Return the month a bulletin is sent in, such as July 2019."""
    return date_format(timezone.localtime(moment), "F Y")


def join_names(names: list[str]) -> str:
    """Return names of topics as a reader is told of them: “Kites, Bells and the whole strategy”."""
    names = [f"the {name[4:]}" if name.startswith("The ") else name for name in names]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]])) or "no topics"
