"""What is looked at before a bulletin may be approved. Faults stop it; warnings are for its author to weigh."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from engagement.bulletins.audience import AudienceCounts, AudienceRule, count_audience
from engagement.bulletins.headers import REQUIRED_HEADERS
from engagement.bulletins.link_checks import (
    EXTERNAL,
    MISSING,
    PLACEHOLDER,
    RESTRICTED,
    CheckedLink,
    check_links,
    public_page_ids,
)
from engagement.bulletins.models import Bulletin
from engagement.bulletins.snapshot import PLACEHOLDERS, SnapshotError, take_snapshot

__all__ = ["MAX_SIZE", "CheckReport", "CheckResult", "check_bulletin"]

#: Gmail cuts a mail here, and with it the link to leave the list.
MAX_SIZE = 102 * 1024
#: What the links of one reader add to the places that stand for them.
LINK_ALLOWANCE = 1024
MAX_SUBJECT_LENGTH = 60
FAULT, WARNING, PASSED = "fault", "warning", "fine"
_UNFILLED = re.compile(r"\{\{.*?\}\}|\[\[.*?\]\]|\bXXX+\b|\blorem ipsum\b", re.IGNORECASE)
_TO_BE_CONFIRMED = re.compile(r"\bT(?:BC|BA|BD)\b")
_VAGUE_LINK_TEXTS = {"here", "click here", "this", "link", "this link", "read more", "more"}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One thing that was looked at: how it stands, and what it means."""

    level: str
    text: str


@dataclass(slots=True)
class CheckReport:
    """Everything that was found."""

    findings: list[CheckResult] = field(default_factory=list)
    links: list[CheckedLink] = field(default_factory=list)
    reach: AudienceCounts | None = None
    size: int = 0

    @classmethod
    def of(cls, bulletin: Bulletin, frozen: dict[str, Any]) -> "CheckReport":
        """Look at what would be approved."""
        soup = BeautifulSoup(frozen["html"], "html.parser")
        report = cls(links=check_links(soup, frozen["web_url"]), size=len(frozen["html"].encode()) + LINK_ALLOWANCE)
        if bulletin.audience is None:
            # Once there is a list of recipients, whoever would get it now is beside the point.
            rule = frozen["audience"]
            report.reach = count_audience(AudienceRule(tuple(rule["frequencies"]), tuple(rule["topics"])))
        for look in (_subject, _body, _digest_readers, _blocks, _images, _placeholders, _size, _headers, _text):
            report.findings += look(bulletin, frozen, soup)
        report.findings += _link_results(report.links)
        report.findings += _audience_results(report.reach)
        return report

    @property
    def faults(self) -> list[CheckResult]:
        """What has to be mended."""
        return [one for one in self.findings if one.level == FAULT]

    @property
    def warnings(self) -> list[CheckResult]:
        """What somebody should think about."""
        return [one for one in self.findings if one.level == WARNING]

    @property
    def fine(self) -> list[CheckResult]:
        """What is in order."""
        return [one for one in self.findings if one.level == PASSED]


def check_bulletin(bulletin: Bulletin) -> tuple[dict[str, Any] | None, CheckReport]:
    """What would be approved, and what there is to say about it. Nothing to approve when it can't be frozen."""
    try:
        frozen = take_snapshot(bulletin)
    except SnapshotError as unfit:
        return None, CheckReport([CheckResult(FAULT, str(unfit))])
    return frozen, CheckReport.of(bulletin, frozen)


# --- words -----------------------------------------------------------------------------------------


def _subject(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[CheckResult]:
    length = len(frozen["subject"])
    if not frozen["subject"].strip():
        yield CheckResult(FAULT, "It has no subject.")
    elif length > MAX_SUBJECT_LENGTH:
        yield CheckResult(
            WARNING,
            f"The subject has {length} characters. Phones show about 40, most programs {MAX_SUBJECT_LENGTH} at most.",
        )
    else:
        yield CheckResult(PASSED, f"The subject has {length} characters.")
    if not frozen["preheader"]:
        yield CheckResult(WARNING, "Without a preheader, programs show the first words of the mail after the subject.")
    elif frozen["preheader"].strip().casefold() == frozen["subject"].strip().casefold():
        yield CheckResult(WARNING, "The preheader repeats the subject.")


def _body(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[CheckResult]:
    if not (_body_blocks(bulletin) or frozen["parts"]):
        yield CheckResult(FAULT, "It says nothing yet.")
    said = f"{frozen['subject']} {frozen['preheader']} {frozen['words']}"
    for found in dict.fromkeys(_UNFILLED.findall(said)):
        yield CheckResult(FAULT, f"“{found}” still waits to be filled in.")
    for found in dict.fromkeys(_TO_BE_CONFIRMED.findall(said)):
        yield CheckResult(WARNING, f"It says “{found}”. Say what isn’t known, and when it will be.")


def _digest_readers(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[CheckResult]:
    """Their digest names a bulletin, and leads to its page."""
    if not (bulletin.is_generated or bulletin.is_public or bulletin.cannot_wait):
        yield CheckResult(
            FAULT,
            "Weekly and monthly readers couldn’t read it: their digest only leads to what is on the web. Put it on the "
            "web, or mark it “can’t wait”.",
        )


def _blocks(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[CheckResult]:
    """Blocks that were complete when they were saved, and have lost what they refer to."""
    leads = [number for number, child in enumerate(_body_blocks(bulletin)) if child.block_type == "lead"]
    if leads and leads != [0]:
        yield CheckResult(WARNING, "The lead belongs at the top, once.")
    are_open = public_page_ids(_chosen_pages(bulletin))
    for child in _body_blocks(bulletin):
        value = child.value
        if child.block_type == "figure" and (value is None or not value.live):
            yield CheckResult(FAULT, f"A figure isn’t public{f': {value.key}' if value else ', or is gone'}.")
        elif child.block_type == "figure" and value.status == "superseded":
            yield CheckResult(WARNING, f"The figure {value.key} has been superseded.")
        elif child.block_type == "pages":
            for row in value["pages"]:
                yield from _check_public(row.get("page"), "A page in a list", are_open)
        elif child.block_type == "button" and not value.get("address"):
            yield from _check_public(value.get("page"), f"The page that “{value.get('label')}” leads to", are_open)
        elif child.block_type == "image" and not value.get("image"):
            yield CheckResult(FAULT, "An image is missing.")


def _body_blocks(bulletin: Bulletin) -> list[Any]:
    body: Any = bulletin.body
    return list(body or ())


def _chosen_pages(bulletin: Bulletin) -> Iterator[Any]:
    """The pages that its blocks name."""
    for child in _body_blocks(bulletin):
        if child.block_type == "pages":
            yield from (row.get("page") for row in child.value["pages"])
        elif child.block_type == "button":
            yield child.value.get("page")


def _check_public(page: Any, what: str, are_open: set[int]) -> Iterator[CheckResult]:
    if page is None:
        yield CheckResult(FAULT, f"{what} isn’t chosen, or is gone.")
    elif page.pk not in are_open:
        yield CheckResult(FAULT, f"{what} isn’t public: “{page.title}”.")


def _images(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[CheckResult]:
    images = [child.value["image"] for child in _body_blocks(bulletin) if child.block_type == "image"]
    bare = [image for image in images if image and not image.decorative and not image.alt]
    for image in bare:
        yield CheckResult(
            FAULT, f"The image “{image.title}” has no alternative text. Give it one, or mark it decorative."
        )
    if images and not bare:
        yield CheckResult(PASSED, "Every image is described, or marked as decoration.")


# --- the mail --------------------------------------------------------------------------------------


def _placeholders(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[CheckResult]:
    for name in ("html", "text"):
        found = {
            place for place in PLACEHOLDER.findall(frozen[name]) if not re.fullmatch(r"/?(?:group|part) \d+", place)
        }
        if unknown := sorted(found - PLACEHOLDERS):
            yield CheckResult(FAULT, f"Nothing fills {', '.join(unknown)}.")
        for needed in ("leave", "choices"):
            if needed not in found:
                yield CheckResult(FAULT, "The mail has no link to leave the list, or to change one’s choices.")


def _size(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[CheckResult]:
    size = len(frozen["html"].encode()) + LINK_ALLOWANCE
    words = f"{size / 1024:.0f} KB"
    if size > MAX_SIZE:
        yield CheckResult(FAULT, f"It has {words}. Gmail cuts a mail at 102 KB, and the end of this one would be lost.")
    elif size > MAX_SIZE * 0.8:
        yield CheckResult(WARNING, f"It has {words}; Gmail cuts a mail at 102 KB.")
    else:
        yield CheckResult(PASSED, f"It has {words}; Gmail cuts a mail at 102 KB.")


def _headers(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[CheckResult]:
    headers = frozen["headers"]
    missing = [name for name in REQUIRED_HEADERS if not headers.get(name)]
    if not missing and "⟦leave⟧" not in headers["List-Unsubscribe"]:
        yield CheckResult(FAULT, "The header for leaving with one press isn’t each reader’s own.")
    elif missing:
        yield CheckResult(FAULT, f"These headers are missing: {', '.join(missing)}.")
    else:
        yield CheckResult(PASSED, "The headers for leaving with one press are there.")
    try:
        validate_email(settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">"))
    except ValidationError:
        yield CheckResult(FAULT, "The address it comes from isn’t set up properly. Tell an administrator.")


def _text(bulletin: Bulletin, frozen: dict[str, Any], soup: Tag) -> Iterator[CheckResult]:
    if bulletin.subject and bulletin.subject.upper() in frozen["text"].replace("\n", " "):
        yield CheckResult(PASSED, f"The plain text is there, {len(frozen['text'].split())} words.")
    else:
        yield CheckResult(FAULT, "There is no plain text.")


# --- links -----------------------------------------------------------------------------------------


def _link_results(links: list[CheckedLink]) -> Iterator[CheckResult]:
    for link in links:
        if link.state == MISSING:
            yield CheckResult(FAULT, f"“{link.words or link.url}” leads nowhere: {link.url or 'no address'}")
        elif link.state == RESTRICTED:
            yield CheckResult(FAULT, f"“{link.words or link.url}” leads to what readers can’t open: {link.url}")
        elif link.url.startswith("http://") and link.state == EXTERNAL:
            yield CheckResult(WARNING, f"“{link.words}” leads to an address without https: {link.url}")
        if not link.words:
            yield CheckResult(FAULT, f"A link to {link.url} has no words.")
        elif link.words.casefold() in _VAGUE_LINK_TEXTS or link.words == link.url:
            yield CheckResult(WARNING, f"“{link.words}” doesn’t say where it leads.")
    if elsewhere := sum(link.state == EXTERNAL for link in links):
        yield CheckResult(
            PASSED, f"Links to other sites, listed below: {elsewhere}. Try each of them; the site doesn’t."
        )
    if links and not any(link.state in (MISSING, RESTRICTED) for link in links):
        yield CheckResult(
            PASSED,
            "Every link to this site leads to something that anybody can open. Whether a place on it, after a # in the "
            "address, is there isn’t looked at.",
        )


def _audience_results(found: AudienceCounts | None) -> Iterator[CheckResult]:
    if found is None:
        return
    if found.total:
        yield CheckResult(PASSED, f"Recipients, if it were sent now: {found.total:,}.")
    else:
        yield CheckResult(WARNING, "Nobody would get it, if it were sent now.")
