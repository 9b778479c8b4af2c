"""What the blocks of a bulletin say, as plain data: from this the email, its text and its web page are rendered.

Every URL is absolute, since an email has no page it stands on. Whatever is gone meanwhile, such as an unpublished
page, is left out here and reported by ``approval_checks.py``.
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from bs4 import BeautifulSoup
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from nelis.core.models import ChangeEntry
from nelis.core.page_addresses import page_path
from nelis.core.richtext import expand_all_links
from nelis.core.search.urls import public_pages
from nelis.core.site_address import absolute_url
from nelis.evidence.figures import format_figure
from sectors.changes import changes_by_day

__all__ = ["ContentBlock", "change_rows", "content_blocks", "day", "image_rendition"]

logger = logging.getLogger(__name__)

#: Mail programs show images at most 600 pixels wide; twice that is sharp on every screen.
IMAGE_FILTER = "width-1200|format-jpeg|jpegquality-70"
_WHITESPACE = re.compile(r"\s+")


@dataclass(slots=True)
class ContentBlock:
    """One block of a bulletin: its kind (the name in ``BulletinBody``) and what it says."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)


def content_blocks(body: Any) -> list[ContentBlock]:
    """Return the data of the blocks of a body, without empty ones. A fixed number of queries, but for images."""
    pages = _public_pages(body)
    readers = {
        "lead": lambda value: {"paragraphs": [line.strip() for line in value.splitlines() if line.strip()]},
        "heading": lambda value: {"text": value},
        "text": _text,
        "pages": lambda value: _page_rows(value, pages),
        "figure": _figures,
        "changes": _changes,
        "next": lambda value: {"title": value["title"], "steps": [dict(step) for step in value["steps"]]},
        "button": lambda value: _button(value, pages),
        "image": _image,
        "rule": lambda value: {"line": True},
    }
    blocks = [ContentBlock(child.block_type, readers[child.block_type](child.value) or {}) for child in body or ()]
    return [block for block in blocks if block.data]


def chosen_pages(body: Any) -> list[Page | None]:
    """Return the pages that editors chose in the blocks of a body; None where one is gone or not chosen yet."""
    pages: list[Page | None] = []
    for child in body or ():
        if child.block_type == "pages":
            pages += [row.get("page") for row in child.value["pages"]]
        elif child.block_type == "button":
            pages.append(child.value.get("page"))
    return pages


def _public_pages(body: Any) -> dict[int, Page]:
    """Return those of the chosen pages that anybody may read, by their keys."""
    keys = {page.pk for page in chosen_pages(body) if page}
    return {page.pk: page for page in public_pages().filter(pk__in=keys).specific()} if keys else {}


def _page_url(page: Page) -> str:
    """Return the absolute URL of a page; empty for one that no site has."""
    path = page_path(page)
    return absolute_url(path) if path else ""


# --- running text ----------------------------------------------------------------------------------


def _text(value: Any) -> dict[str, Any]:
    html = _absolute_links(expand_all_links([value.source])[0]) if value else ""
    return {"html": html, "lines": _text_lines(html)} if strip_tags(html).strip() else {}


def _absolute_links(html: str) -> SafeString:
    """Return ``html`` with absolute URLs in the links within the site. A link to nowhere becomes its words."""
    soup = BeautifulSoup(html, "html.parser")
    for link in soup.find_all("a"):
        href = str(link.get("href") or "")
        if href.startswith("/") and not href.startswith("//"):
            link["href"] = absolute_url(href)
        elif not href:
            link.unwrap()
    # Rich text is cleaned when it is saved, and written anew by the parser here.
    return mark_safe(str(soup))  # noqa: S308


def _text_lines(html: str) -> list[str]:
    """Return the paragraphs and list items of rich text as plain text, each link followed by its URL."""
    soup = BeautifulSoup(html, "html.parser")
    for link in soup.find_all("a", href=True):
        words = _WHITESPACE.sub(" ", link.get_text()).strip()
        href = str(link["href"])
        link.replace_with(href if words in ("", href) else f"{words} ({href})")
    lines = []
    for block in soup.find_all(["p", "li"]) or [soup]:
        words = _WHITESPACE.sub(" ", block.get_text()).strip()
        if words and block.name == "li":
            ordered = block.parent is not None and block.parent.name == "ol"
            number = len(block.find_previous_siblings("li")) + 1
            lines.append(f"{number}.  {words}" if ordered else f"-  {words}")
        elif words:
            lines.append(words)
    return lines


# --- from the site ---------------------------------------------------------------------------------


def _page_rows(value: Any, pages: dict[int, Page]) -> dict[str, Any]:
    rows = []
    for row in value["pages"]:
        page = pages.get(row["page"].pk) if row.get("page") else None
        if page is not None and (url := _page_url(page)):
            text = row.get("sentence") or getattr(page, "summary", "")
            rows.append({"ref": getattr(page, "reference", ""), "title": page.title, "url": url, "text": text})
    return {"title": value.get("title") or "", "rows": rows} if rows else {}


def _button(value: Any, pages: dict[int, Page]) -> dict[str, Any]:
    page = pages.get(value["page"].pk) if value.get("page") else None
    url = _page_url(page) if page else value.get("address") or ""
    return {"label": value["label"], "url": url} if url and value.get("label") else {}


def _figures(statistic: Any) -> dict[str, Any]:
    """Return a figure, or all figures for one disputed fact."""
    if statistic is None or not statistic.live:
        return {}
    return {
        "disputed": statistic.is_disputed,
        "figures": [_figure(figure) for figure in (statistic, *statistic.rivals)],
    }


def _figure(statistic: Any) -> dict[str, Any]:
    """Return a figure as the site shows it: value, label, period, place and source; or that it isn't held, and why."""
    composed = format_figure(statistic)
    period = statistic.period_text or "period not stated"
    meta = [f"{period[:1].upper()}{period[1:]}.", f"{statistic.geography.name}."]
    if statistic.source:
        meta.append(f"Source: {statistic.source.title}.")
    if statistic.note:
        meta.append(statistic.note)
    return {
        "before": composed.before,
        "main": composed.main,
        "after": composed.after,
        "value": composed.text,
        "held": composed.held,
        "label": statistic.label,
        "meta": " ".join(meta),
        "url": absolute_url(statistic.get_absolute_url()),
    }


def _changes(value: Any) -> dict[str, Any]:
    since = value.get("since")
    if not since:
        return {}
    start = timezone.make_aware(datetime.combine(since, time()))
    keys = ChangeEntry.objects.public().filter(at__gte=start).values_list("pk", flat=True)[: value["most"] or 10]
    return {"title": value["title"], "rows": list(change_rows(keys).values()), "since": date_format(since, "j F Y")}


def change_rows(keys: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return how the changes with these keys read in an email, by key, newest first. Three queries."""
    return {change.entry.pk: _change_row(change) for _, changes in changes_by_day(keys) for change in changes}


def _change_row(change: Any) -> dict[str, str]:
    entry = change.entry
    no_reason = "" if entry.kind in (ChangeEntry.Kind.NEW, ChangeEntry.Kind.WITHDRAWN) else "No reason was given."
    return {
        "kind": entry.get_kind_display(),
        "subject": entry.subject_kind,
        "ref": entry.ref,
        "title": entry.title,
        "url": absolute_url(change.compare_url or change.url) if change.url else "",
        "text": entry.note or no_reason,
        "when": day(entry.at),
    }


def day(moment: datetime | None) -> str:
    """Return the day of ``moment`` here, such as 8 July 2019; empty for None."""
    return date_format(timezone.localtime(moment), "j F Y") if moment else ""


def image_rendition(image: Any) -> Any:
    """Return the copy of an image that mails show; None when its file is gone or damaged."""
    try:
        return image.get_rendition(IMAGE_FILTER)
    # What Pillow and Wagtail raise for a file that is gone, cut off or no picture.
    except (OSError, ValueError, SyntaxError, EOFError):
        logger.warning("The file of image %s can't be read.", image.pk, exc_info=True)
        return None


def _image(value: Any) -> dict[str, Any]:
    image = value.get("image")
    rendition = image_rendition(image) if image else None
    if rendition is None:
        return {}
    width = min(rendition.width, 600)
    return {
        "src": rendition.url if rendition.url.startswith("http") else absolute_url(rendition.url),
        "width": width,
        "height": round(rendition.height * width / rendition.width),
        "alt": image.alt,
        "caption": " ".join(filter(None, [value.get("caption"), image.credit])),
    }
