"""What is checked before a bulletin may be approved. Faults stop the approval; warnings are for its author to weigh."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from engagement.bulletins.content import chosen_pages, image_rendition
from engagement.bulletins.link_checks import EXTERNAL, MISSING, PLACEHOLDER, RESTRICTED, CheckedLink, check_links
from engagement.bulletins.models import Bulletin
from engagement.bulletins.recipients import AudienceCounts, AudienceRule, count_audience
from engagement.bulletins.snapshot import PLACEHOLDERS, REQUIRED_HEADERS, SnapshotError, take_snapshot
from nelis.core.search.urls import public_pages

__all__ = ["MAX_SIZE", "CheckReport", "CheckResult", "check_bulletin"]

#: Gmail cuts an email here, and with it the link to unsubscribe.
MAX_SIZE = 102 * 1024
#: What the links of one reader add to the placeholders that stand for them.
LINK_ALLOWANCE = 1024
MAX_SUBJECT_LENGTH = 60
FAULT, WARNING, PASSED = "fault", "warning", "passed"
_UNFILLED = re.compile(r"\{\{.*?\}\}|\[\[.*?\]\]|\bXXX+\b|\blorem ipsum\b", re.IGNORECASE)
_TO_BE_CONFIRMED = re.compile(r"\bT(?:BC|BA|BD)\b")
_VAGUE_LINK_TEXTS = {"here", "click here", "this", "link", "this link", "read more", "more"}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check: its level, and what it means for the author."""

    level: str
    text: str


@dataclass(slots=True)
class CheckReport:
    """The results of all checks of a bulletin."""

    results: list[CheckResult] = field(default_factory=list)
    links: list[CheckedLink] = field(default_factory=list)
    audience: AudienceCounts | None = None

    @classmethod
    def for_snapshot(cls, bulletin: Bulletin, snapshot: dict[str, Any]) -> "CheckReport":
        """Check what would be approved."""
        report = cls(links=check_links(BeautifulSoup(snapshot["html"], "html.parser"), snapshot["web_url"]))
        if bulletin.recipient_count is None:
            # Once there is a list of recipients, whoever would get it now is beside the point.
            report.audience = count_audience(AudienceRule.from_snapshot(snapshot))
        for check in (_subject, _words, _digest_readers, _blocks, _images, _placeholders, _size, _headers, _text):
            report.results += check(bulletin, snapshot)
        report.results += _links(report.links)
        report.results += _audience(report.audience)
        return report

    def _of_level(self, level: str) -> list[CheckResult]:
        return [result for result in self.results if result.level == level]

    @property
    def faults(self) -> list[CheckResult]:
        """What has to be mended."""
        return self._of_level(FAULT)

    @property
    def warnings(self) -> list[CheckResult]:
        """What somebody should think about."""
        return self._of_level(WARNING)

    @property
    def passed(self) -> list[CheckResult]:
        """What is in order."""
        return self._of_level(PASSED)


def check_bulletin(bulletin: Bulletin) -> tuple[dict[str, Any] | None, CheckReport]:
    """Return the snapshot that would be approved (None where none can be taken), and the report on it."""
    try:
        snapshot = take_snapshot(bulletin)
    except SnapshotError as error:
        return None, CheckReport([CheckResult(FAULT, str(error))])
    return snapshot, CheckReport.for_snapshot(bulletin, snapshot)


# --- words -----------------------------------------------------------------------------------------


def _subject(bulletin: Bulletin, snapshot: dict[str, Any]) -> Iterator[CheckResult]:
    subject, preheader = snapshot["subject"], snapshot["preheader"]
    length = len(subject)
    if not subject.strip():
        yield CheckResult(FAULT, "It has no subject.")
    elif length > MAX_SUBJECT_LENGTH:
        shown = f"Phones show about 40, most programs {MAX_SUBJECT_LENGTH} at most."
        yield CheckResult(WARNING, f"The subject has {length} characters. {shown}")
    else:
        yield CheckResult(PASSED, f"The subject has {length} characters.")
    if not preheader:
        yield CheckResult(WARNING, "Without a preheader, programs show the first words of the mail after the subject.")
    elif preheader.strip().casefold() == subject.strip().casefold():
        yield CheckResult(WARNING, "The preheader repeats the subject.")


def _words(bulletin: Bulletin, snapshot: dict[str, Any]) -> Iterator[CheckResult]:
    if not (list(bulletin.body) or snapshot["parts"]):
        yield CheckResult(FAULT, "It says nothing yet.")
    words = f"{snapshot['subject']} {snapshot['preheader']} {snapshot['words']}"
    for found in dict.fromkeys(_UNFILLED.findall(words)):
        yield CheckResult(FAULT, f"“{found}” still waits to be filled in.")
    for found in dict.fromkeys(_TO_BE_CONFIRMED.findall(words)):
        yield CheckResult(WARNING, f"It says “{found}”. Say what isn’t known, and when it will be.")


def _digest_readers(bulletin: Bulletin, snapshot: dict[str, Any]) -> Iterator[CheckResult]:
    """Their digest only names a bulletin, and leads to its page."""
    if not (bulletin.is_generated or bulletin.is_public or bulletin.cannot_wait):
        yield CheckResult(
            FAULT,
            "Weekly and monthly readers couldn’t read it: their digest only leads to what is on the web. Put it on the "
            "web, or mark it “can’t wait”.",
        )


def _blocks(bulletin: Bulletin, snapshot: dict[str, Any]) -> Iterator[CheckResult]:
    """Blocks were complete when they were saved, and may have lost since what they refer to."""
    blocks = list(bulletin.body)
    leads = [number for number, block in enumerate(blocks) if block.block_type == "lead"]
    if leads and leads != [0]:
        yield CheckResult(WARNING, "The lead belongs at the top, once.")
    keys = {page.pk for page in chosen_pages(blocks) if page}
    public = set(public_pages().filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    for block in blocks:
        value = block.value
        if block.block_type == "figure" and (value is None or not value.live):
            yield CheckResult(FAULT, f"A figure isn’t public{f': {value.key}' if value else ', or is gone'}.")
        elif block.block_type == "figure" and value.status == "superseded":
            yield CheckResult(WARNING, f"The figure {value.key} has been superseded.")
        elif block.block_type == "pages":
            for row in value["pages"]:
                yield from _page(row.get("page"), "A page in a list", public)
        elif block.block_type == "button" and not value.get("address"):
            yield from _page(value.get("page"), f"The page that “{value.get('label')}” leads to", public)
        elif block.block_type == "image" and not value.get("image"):
            yield CheckResult(FAULT, "An image is missing.")
        elif block.block_type == "image" and image_rendition(value["image"]) is None:
            title = value["image"].title
            yield CheckResult(FAULT, f"The file of the image “{title}” is gone or damaged. Upload it anew.")


def _page(page: Any, what: str, public: set[int]) -> Iterator[CheckResult]:
    if page is None:
        yield CheckResult(FAULT, f"{what} isn’t chosen, or is gone.")
    elif page.pk not in public:
        yield CheckResult(FAULT, f"{what} isn’t public: “{page.title}”.")


def _images(bulletin: Bulletin, snapshot: dict[str, Any]) -> Iterator[CheckResult]:
    images = [block.value["image"] for block in bulletin.body if block.block_type == "image"]
    bare = [image for image in images if image and not image.decorative and not image.alt]
    for image in bare:
        yield CheckResult(
            FAULT, f"The image “{image.title}” has no alternative text. Give it one, or mark it decorative."
        )
    if images and not bare:
        yield CheckResult(PASSED, "Every image is described, or marked as decoration.")


# --- the email -------------------------------------------------------------------------------------


def _placeholders(bulletin: Bulletin, snapshot: dict[str, Any]) -> Iterator[CheckResult]:
    for form in ("html", "text"):
        names = {
            name for name in PLACEHOLDER.findall(snapshot[form]) if not re.fullmatch(r"/?(?:group|part) \d+", name)
        }
        if unknown := sorted(names - PLACEHOLDERS):
            yield CheckResult(FAULT, f"Nothing fills {', '.join(unknown)}.")
        if not names >= {"leave", "choices"}:
            yield CheckResult(FAULT, "The mail has no link to leave the list, or to change one’s choices.")


def _size(bulletin: Bulletin, snapshot: dict[str, Any]) -> Iterator[CheckResult]:
    size = len(snapshot["html"].encode()) + LINK_ALLOWANCE
    text = f"It has {size / 1024:.0f} KB"
    if size > MAX_SIZE:
        yield CheckResult(FAULT, f"{text}. Gmail cuts an email at 102 KB, and the end of this one would be lost.")
    else:
        level = WARNING if size > MAX_SIZE * 0.8 else PASSED
        yield CheckResult(level, f"{text}; Gmail cuts an email at 102 KB.")


def _headers(bulletin: Bulletin, snapshot: dict[str, Any]) -> Iterator[CheckResult]:
    headers = snapshot["headers"]
    if missing := [name for name in REQUIRED_HEADERS if not headers.get(name)]:
        yield CheckResult(FAULT, f"These headers are missing: {', '.join(missing)}.")
    elif "⟦leave⟧" not in headers["List-Unsubscribe"]:
        yield CheckResult(FAULT, "The header for leaving with one press isn’t each reader’s own.")
    else:
        yield CheckResult(PASSED, "The headers for leaving with one press are there.")
    try:
        validate_email(settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">"))
    except ValidationError:
        yield CheckResult(FAULT, "The address it comes from isn’t set up properly. Tell an administrator.")


def _text(bulletin: Bulletin, snapshot: dict[str, Any]) -> Iterator[CheckResult]:
    if bulletin.subject and bulletin.subject.upper() in snapshot["text"].replace("\n", " "):
        yield CheckResult(PASSED, f"The plain text is there, {len(snapshot['text'].split())} words.")
    else:
        yield CheckResult(FAULT, "There is no plain text.")


# --- links and audience ----------------------------------------------------------------------------


def _links(links: list[CheckedLink]) -> Iterator[CheckResult]:
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
    if external := sum(link.state == EXTERNAL for link in links):
        text = f"Links to other sites, listed below: {external}. Try each of them; the site doesn’t."
        yield CheckResult(PASSED, text)
    if links and not any(link.state in (MISSING, RESTRICTED) for link in links):
        yield CheckResult(
            PASSED,
            "Every link to this site leads to something that anybody can open. Whether a place on it, after a # in the "
            "address, is there isn’t looked at.",
        )


def _audience(audience: AudienceCounts | None) -> Iterator[CheckResult]:
    if audience is None:
        return
    if audience.total:
        yield CheckResult(PASSED, f"Recipients, if it were sent now: {audience.total:,}.")
    else:
        yield CheckResult(WARNING, "Nobody would get it, if it were sent now.")
