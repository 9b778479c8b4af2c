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

from engagement.bulletins.audience import Rule, rule_of
from engagement.bulletins.content import Piece, pieces_of
from engagement.bulletins.headers import headers_of
from engagement.bulletins.models import Bulletin
from engagement.bulletins.news import Group, groups_of
from engagement.bulletins.words import in_words, margin_of, row_in_words
from engagement.mailing_list.links import absolute
from engagement.mailing_list.models import Topic
from engagement.post.letters import Mould
from engagement.post.mould import CONTROL
from engagement.post.render import render, wrapped
from nelis.core.richtext import plain_text

__all__ = ["FORM", "UnfitError", "content_hash", "freeze", "frozen_rule", "mould", "mould_of"]

#: The shape of the frozen data. Raise it when it changes; old bulletins keep theirs.
FORM = 1
#: Places for what differs from reader to reader, which no author may write.
PLACES = frozenset({"chose", "often", "month", "leave", "choices"})
MARKS = "⟦⟧"
_PLACE = re.compile("⟦([a-z]+)⟧")
Kind = Bulletin.Kind
NOUNS = {
    Kind.BULLETIN: "this bulletin",
    Kind.ALERT: "this news",
    Kind.WEEKLY: "this digest",
    Kind.MONTHLY: "this digest",
}
OFTEN = {"immediate": "as it happens", "weekly": "once a week", "monthly": "once a month"}


class UnfitError(ValueError):
    """Raised when a bulletin can't be frozen, with the reason for its author."""


def freeze(bulletin: Bulletin) -> dict[str, Any]:
    """Everything that is approved, as data. The same content gives the same data.

    Raises UnfitError when the text has a sign in it that is reserved for places, or the subject could be no header:
    then every single mail would fail, and none could be shown.
    """
    if CONTROL.search(bulletin.subject + bulletin.preheader):
        raise UnfitError("The subject or the preheader has a control character in it. Type it anew.")
    pieces, groups = pieces_of(bulletin.body), groups_of(bulletin)
    if any(mark in said for mark in MARKS for said in _said(bulletin, pieces, groups)):
        raise UnfitError("The signs ⟦ and ⟧ have a meaning of their own here. Take them out.")
    web_url = absolute(bulletin.get_absolute_url()) if bulletin.is_public and bulletin.slug else ""
    context = {
        "subject": bulletin.subject,
        "preheader": bulletin.preheader,
        "opening": opening(bulletin),
        "noun": NOUNS[Kind(bulletin.kind)],
        "pieces": pieces,
        "groups": groups,
        "words": _all_words(pieces, groups),
        "web_url": web_url,
    }
    mail = render("bulletin/bulletin", context)
    parts = {str(part.number): list(part.topics) for group in groups for part in group.parts}
    topics = _topics(bulletin, groups)
    return {
        "form": FORM,
        "kind": bulletin.kind,
        "subject": bulletin.subject,
        "preheader": bulletin.preheader,
        "html": mail.html,
        "text": mail.text,
        "web": on_this_site(render_to_string("bulletins/body.html", {"pieces": pieces, "groups": groups})),
        "web_url": web_url,
        "words": plain_text(" ".join(_said(bulletin, pieces, groups)))[:20000],
        "parts": parts,
        "audience": asdict(rule_of(bulletin, topics)),
        "headers": headers_of(bulletin, web_url),
    }


def on_this_site(html: str) -> str:
    """``html`` for a page of the site: links within it need no host."""
    return html.replace(f'="{settings.BASE_URL}/', '="/')


def content_hash(frozen: dict[str, Any]) -> str:
    """The SHA-256 of frozen data: keys in order, no blanks, UTF-8."""
    text = json.dumps(frozen, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def opening(bulletin: Bulletin) -> str:
    """What the quiet line under the rule begins with."""
    if bulletin.is_made and bulletin.kind in Bulletin.DIGESTS and bulletin.period_start:
        return f"{bulletin.get_kind_display()}, {period_in_words(bulletin)}."
    return f"{bulletin.get_kind_display()}, ⟦month⟧."


def period_in_words(bulletin: Bulletin) -> str:
    """The week or month a digest is about."""
    start = bulletin.period_start
    if start is None or bulletin.kind == Kind.MONTHLY:
        return date_format(start, "F Y") if start else ""
    return f"week of {date_format(start, 'j F Y')}"


def _topics(bulletin: Bulletin, groups: list[Group]) -> list[str] | None:
    """Whom a made bulletin is for: who gets any of its parts. None for what is written by hand, which says so."""
    if not bulletin.is_made:
        return None
    parts = [part for group in groups for part in group.parts]
    # A part for everybody makes it a mail for everybody.
    return [] if any(not part.topics for part in parts) else [slug for part in parts for slug in part.topics]


def _said(bulletin: Bulletin, pieces: list[Piece], groups: list[Group]) -> list[str]:
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


def _all_words(pieces: list[Piece], groups: list[Group]) -> str:
    text = in_words(pieces)
    for group in groups:
        margin = margin_of(part.row for part in group.parts)
        parts = "".join(
            f"⟦part {part.number}⟧\n{row_in_words(part.row, margin)}\n\n⟦/part {part.number}⟧\n" for part in group.parts
        )
        text += f"\n\n⟦group {group.number}⟧\n\n{group.title}\n\n{parts}⟦/group {group.number}⟧\n"
    return text


# --- back to a mail --------------------------------------------------------------------------------


def mould(frozen: dict[str, Any], topics: frozenset[str], frequency: str, month: str, chose: str) -> Mould:
    """The mail for readers who chose ``topics`` (slugs): their parts, and the lines about their choice."""
    hidden = [number for number, wanted in frozen["parts"].items() if wanted and topics.isdisjoint(wanted)]
    often = OFTEN[frequency]
    if frequency != "immediate" and frequency not in (frozen["kind"],):
        often += "; this one can’t wait"
    values = {"chose": chose, "often": often, "month": month}
    html = _fill(_without(frozen["html"], hidden, "<!--", "-->"), {name: escape(said) for name, said in values.items()})
    text = wrapped(_fill(_without(frozen["text"], hidden, "⟦", "⟧"), values))
    return Mould(frozen["subject"], text, html, frozen["headers"])


def _without(text: str, hidden: Iterable[str], opens: str, closes: str) -> str:
    """``text`` without the parts that are ``hidden``, without groups that have no part left, and without the marks."""
    for number in hidden:
        mark = re.escape(f"{opens}part {number}{closes}")
        end = re.escape(f"{opens}/part {number}{closes}")
        text = re.sub(f"{mark}.*?{end}\n?", "", text, flags=re.DOTALL)
    group = f"{opens}group (\\d+){closes}(?P<within>.*?){opens}/group \\1{closes}\n?"
    text = re.sub(group, lambda match: match[0] if f"{opens}part " in match["within"] else "", text, flags=re.DOTALL)
    return re.sub(f"{opens}/?(?:group|part) \\d+{closes}\n?", "", text)


def _fill(text: str, values: dict[str, str]) -> str:
    return _PLACE.sub(lambda match: values.get(match[1], match[0]), text)


@lru_cache(maxsize=256)
def mould_of(bulletin_id: int, hashed: str, topics: frozenset[str], frequency: str) -> Mould:
    """The same, kept in this process for each way to choose: the database is asked once for each of them."""
    frozen, started_at = _frozen(bulletin_id, hashed)
    names = list(Topic.objects.filter(slug__in=topics).values_list("name", flat=True))
    return mould(frozen, topics, frequency, month_of(started_at), in_a_row(names))


def frozen_rule(bulletin_id: int, hashed: str) -> Rule:
    """Whom a bulletin was approved for. The database is asked once in this process."""
    rule = _frozen(bulletin_id, hashed)[0]["audience"]
    return Rule(tuple(rule["frequencies"]), tuple(rule["topics"]))


@lru_cache(maxsize=8)
def _frozen(bulletin_id: int, hashed: str) -> tuple[dict[str, Any], datetime | None]:
    bulletin = Bulletin.objects.only("frozen", "started_at").get(pk=bulletin_id, content_hash=hashed)
    return bulletin.frozen or {}, bulletin.started_at


def month_of(moment: datetime | None) -> str:
    """The month a bulletin is sent in, such as July 2019."""
    return date_format(timezone.localtime(moment or timezone.now()), "F Y")


def in_a_row(names: list[str]) -> str:
    """Names of topics as a reader is told of them."""
    said = [f"the {name[4:]}" if name.startswith("The ") else name for name in names]
    if not said:
        return "no topics"
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
