"""What is looked at before a bulletin may be approved. Faults stop it; warnings are for its author to weigh."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from engagement.bulletins.audience import Reach, Rule, reach
from engagement.bulletins.freeze import PLACES, UnfitError, freeze
from engagement.bulletins.headers import REQUIRED
from engagement.bulletins.links import CLOSED, ELSEWHERE, MISSING, PLACE, Link, links_of, open_pages
from engagement.bulletins.models import Bulletin

__all__ = ["CLIPPED", "Finding", "Report", "examine"]

#: Gmail cuts a mail here, and with it the link to leave the list.
CLIPPED = 102 * 1024
#: What the links of one reader add to the places that stand for them.
ROOM = 1024
SUBJECT = 60
FAULT, WARNING, FINE = "fault", "warning", "fine"
_LEFT_OVER = re.compile(r"\{\{.*?\}\}|\[\[.*?\]\]|\bXXX+\b|\blorem ipsum\b", re.IGNORECASE)
_UNSETTLED = re.compile(r"\bT(?:BC|BA|BD)\b")
_VAGUE = {"here", "click here", "this", "link", "this link", "read more", "more"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how it stands, and what it means."""

    level: str
    text: str


@dataclass(slots=True)
class Report:
    """Everything that was found."""

    findings: list[Finding] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    reach: Reach | None = None
    size: int = 0

    @classmethod
    def of(cls, bulletin: Bulletin, frozen: dict[str, Any]) -> "Report":
        """Look at what would be approved."""
        soup = BeautifulSoup(frozen["html"], "html.parser")
        report = cls(links=links_of(soup, frozen["web_url"]), size=len(frozen["html"].encode()) + ROOM)
        if bulletin.audience is None:
            # Once there is a list of recipients, whoever would get it now is beside the point.
            rule = frozen["audience"]
            report.reach = reach(Rule(tuple(rule["frequencies"]), tuple(rule["topics"])))
        for look in (_subject, _body, _readers, _blocks, _images, _places, _size, _headers, _text):
            report.findings += look(bulletin, frozen, soup)
        report.findings += _link_findings(report.links)
        report.findings += _reach_findings(report.reach)
        return report

    @property
    def faults(self) -> list[Finding]:
        """What has to be mended."""
        return [one for one in self.findings if one.level == FAULT]

    @property
    def warnings(self) -> list[Finding]:
        """What somebody should think about."""
        return [one for one in self.findings if one.level == WARNING]

    @property
    def fine(self) -> list[Finding]:
        """What is in order."""
        return [one for one in self.findings if one.level == FINE]


def examine(bulletin: Bulletin) -> tuple[dict[str, Any] | None, Report]:
    """What would be approved, and what there is to say about it. Nothing to approve when it can't be frozen."""
    try:
        frozen = freeze(bulletin)
    except UnfitError as unfit:
        return None, Report([Finding(FAULT, str(unfit))])
    return frozen, Report.of(bulletin, frozen)


# --- words -----------------------------------------------------------------------------------------


def _subject(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[Finding]:
    length = len(frozen["subject"])
    if not frozen["subject"].strip():
        yield Finding(FAULT, "It has no subject.")
    elif length > SUBJECT:
        yield Finding(
            WARNING, f"The subject has {length} characters. Phones show about 40, most programs {SUBJECT} at most."
        )
    else:
        yield Finding(FINE, f"The subject has {length} characters.")
    if not frozen["preheader"]:
        yield Finding(WARNING, "Without a preheader, programs show the first words of the mail after the subject.")
    elif frozen["preheader"].strip().casefold() == frozen["subject"].strip().casefold():
        yield Finding(WARNING, "The preheader repeats the subject.")


def _body(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[Finding]:
    if not (_children(bulletin) or frozen["parts"]):
        yield Finding(FAULT, "It says nothing yet.")
    said = f"{frozen['subject']} {frozen['preheader']} {frozen['words']}"
    for found in dict.fromkeys(_LEFT_OVER.findall(said)):
        yield Finding(FAULT, f"“{found}” still waits to be filled in.")
    for found in dict.fromkeys(_UNSETTLED.findall(said)):
        yield Finding(WARNING, f"It says “{found}”. Say what isn’t known, and when it will be.")


def _readers(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[Finding]:
    """Their digest names a bulletin, and leads to its page."""
    if not (bulletin.is_made or bulletin.is_public or bulletin.cannot_wait):
        yield Finding(
            FAULT,
            "Weekly and monthly readers couldn’t read it: their digest only leads to what is on the web. Put it on the "
            "web, or mark it “can’t wait”.",
        )


def _blocks(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[Finding]:
    """Blocks that were complete when they were saved, and have lost what they refer to."""
    leads = [number for number, child in enumerate(_children(bulletin)) if child.block_type == "lead"]
    if leads and leads != [0]:
        yield Finding(WARNING, "The lead belongs at the top, once.")
    are_open = open_pages(_named(bulletin))
    for child in _children(bulletin):
        value = child.value
        if child.block_type == "figure" and (value is None or not value.live):
            yield Finding(FAULT, f"A figure isn’t public{f': {value.key}' if value else ', or is gone'}.")
        elif child.block_type == "figure" and value.status == "superseded":
            yield Finding(WARNING, f"The figure {value.key} has been superseded.")
        elif child.block_type == "pages":
            for row in value["pages"]:
                yield from _public(row.get("page"), "A page in a list", are_open)
        elif child.block_type == "button" and not value.get("address"):
            yield from _public(value.get("page"), f"The page that “{value.get('label')}” leads to", are_open)
        elif child.block_type == "image" and not value.get("image"):
            yield Finding(FAULT, "An image is missing.")


def _children(bulletin: Bulletin) -> list[Any]:
    body: Any = bulletin.body
    return list(body or ())


def _named(bulletin: Bulletin) -> Iterator[Any]:
    """The pages that its blocks name."""
    for child in _children(bulletin):
        if child.block_type == "pages":
            yield from (row.get("page") for row in child.value["pages"])
        elif child.block_type == "button":
            yield child.value.get("page")


def _public(page: Any, what: str, are_open: set[int]) -> Iterator[Finding]:
    if page is None:
        yield Finding(FAULT, f"{what} isn’t chosen, or is gone.")
    elif page.pk not in are_open:
        yield Finding(FAULT, f"{what} isn’t public: “{page.title}”.")


def _images(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[Finding]:
    images = [child.value["image"] for child in _children(bulletin) if child.block_type == "image"]
    bare = [image for image in images if image and not image.decorative and not image.alt]
    for image in bare:
        yield Finding(FAULT, f"The image “{image.title}” has no alternative text. Give it one, or mark it decorative.")
    if images and not bare:
        yield Finding(FINE, "Every image is described, or marked as decoration.")


# --- the mail --------------------------------------------------------------------------------------


def _places(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[Finding]:
    for name in ("html", "text"):
        found = {place for place in PLACE.findall(frozen[name]) if not re.fullmatch(r"/?(?:group|part) \d+", place)}
        if unknown := sorted(found - PLACES):
            yield Finding(FAULT, f"Nothing fills {', '.join(unknown)}.")
        for needed in ("leave", "choices"):
            if needed not in found:
                yield Finding(FAULT, "The mail has no link to leave the list, or to change one’s choices.")


def _size(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[Finding]:
    size = len(frozen["html"].encode()) + ROOM
    words = f"{size / 1024:.0f} KB"
    if size > CLIPPED:
        yield Finding(FAULT, f"It has {words}. Gmail cuts a mail at 102 KB, and the end of this one would be lost.")
    elif size > CLIPPED * 0.8:
        yield Finding(WARNING, f"It has {words}; Gmail cuts a mail at 102 KB.")
    else:
        yield Finding(FINE, f"It has {words}; Gmail cuts a mail at 102 KB.")


def _headers(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[Finding]:
    headers = frozen["headers"]
    missing = [name for name in REQUIRED if not headers.get(name)]
    if not missing and "⟦leave⟧" not in headers["List-Unsubscribe"]:
        yield Finding(FAULT, "The header for leaving with one press isn’t each reader’s own.")
    elif missing:
        yield Finding(FAULT, f"These headers are missing: {', '.join(missing)}.")
    else:
        yield Finding(FINE, "The headers for leaving with one press are there.")
    try:
        validate_email(settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">"))
    except ValidationError:
        yield Finding(FAULT, "The address it comes from isn’t set up properly. Tell an administrator.")


def _text(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[Finding]:
    if bulletin.subject and bulletin.subject.upper() in frozen["text"].replace("\n", " "):
        yield Finding(FINE, f"The plain text is there, {len(frozen['text'].split())} words.")
    else:
        yield Finding(FAULT, "There is no plain text.")


# --- links -----------------------------------------------------------------------------------------


def _link_findings(links: list[Link]) -> Iterator[Finding]:
    for link in links:
        if link.state == MISSING:
            yield Finding(FAULT, f"“{link.words or link.url}” leads nowhere: {link.url or 'no address'}")
        elif link.state == CLOSED:
            yield Finding(FAULT, f"“{link.words or link.url}” leads to what readers can’t open: {link.url}")
        elif link.url.startswith("http://") and link.state == ELSEWHERE:
            yield Finding(WARNING, f"“{link.words}” leads to an address without https: {link.url}")
        if not link.words:
            yield Finding(FAULT, f"A link to {link.url} has no words.")
        elif link.words.casefold() in _VAGUE or link.words == link.url:
            yield Finding(WARNING, f"“{link.words}” doesn’t say where it leads.")
    if elsewhere := sum(link.state == ELSEWHERE for link in links):
        yield Finding(FINE, f"Links to other sites, listed below: {elsewhere}. Try each of them; the site doesn’t.")
    if links and not any(link.state in (MISSING, CLOSED) for link in links):
        yield Finding(
            FINE,
            "Every link to this site leads to something that anybody can open. Whether a place on it, after a # in the "
            "address, is there isn’t looked at.",
        )


def _reach_findings(found: Reach | None) -> Iterator[Finding]:
    if found is None:
        return
    if found.total:
        yield Finding(FINE, f"Recipients, if it were sent now: {found.total:,}.")
    else:
        yield Finding(WARNING, "Nobody would get it, if it were sent now.")
