"""What a bulletin says, worked out once as plain data: from this it is set as mail, as text and as a web page.

Every address is whole, since a mail has no page it stands on. What is gone meanwhile, such as a page that was taken
down, is left out here and named by the checks.
"""

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

from engagement.mailing_list.links import absolute_url
from nelis.core.models import ChangeEntry
from nelis.core.richtext import expand_all_links
from nelis.core.search.urls import public_pages
from nelis.evidence.figures import format_figure
from sectors.changes import changes_by_day

__all__ = ["ContentBlock", "change_row", "content_blocks", "text_lines"]

#: Mail programs show images at most this wide; twice that is sharp on every screen.
IMAGE_FILTER = "width-1200|format-jpeg|jpegquality-70"
_BLANKS = re.compile(r"\s+")


@dataclass(slots=True)
class ContentBlock:
    """One part of a bulletin: its kind (that of its block) and what it says."""

    kind: str
    says: dict[str, Any] = field(default_factory=dict)


def content_blocks(body: Any) -> list[ContentBlock]:
    """The pieces of a body, in order. A fixed number of queries, but for images."""
    pages = _public_pages(body)
    makers = {
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
    found = [ContentBlock(child.block_type, makers[child.block_type](child.value) or {}) for child in body or ()]
    return [piece for piece in found if piece.says]


def _public_pages(body: Any) -> dict[int, Page]:
    """The public pages that the body names, by their keys."""
    named: list[Any] = []
    for child in body or ():
        if child.block_type == "pages":
            named += [row.get("page") for row in child.value["pages"]]
        elif child.block_type == "button":
            named.append(child.value.get("page"))
    keys = {page.pk for page in named if page}
    return {page.pk: page for page in public_pages().filter(pk__in=keys).specific()} if keys else {}


def page_url(page: Page) -> str:
    """The whole address of a page; empty for one that no site has."""
    parts = page.get_url_parts()
    return absolute_url(parts[2]) if parts and parts[2] else ""


# --- running text ----------------------------------------------------------------------------------


def _text(value: Any) -> dict[str, Any]:
    html = absolute_links(expand_all_links([value.source])[0]) if value else ""
    return {"html": html, "lines": text_lines(html)} if strip_tags(html).strip() else {}


def absolute_links(html: str) -> SafeString:
    """``html`` with the site's address before every link within it. A link to nowhere becomes its words."""
    soup = BeautifulSoup(html, "html.parser")
    for link in soup.find_all("a"):
        href = str(link.get("href") or "")
        if href.startswith("/") and not href.startswith("//"):
            link["href"] = absolute_url(href)
        elif not href:
            link.unwrap()
    # Rich text is cleaned when it is saved, and written anew by the parser here.
    return mark_safe(str(soup))  # noqa: S308


def text_lines(html: str) -> list[str]:
    """The paragraphs and items of rich text for a plain text mail: items with a mark, links written out after them."""
    soup = BeautifulSoup(html, "html.parser")
    for link in soup.find_all("a", href=True):
        words = _BLANKS.sub(" ", link.get_text()).strip()
        href = str(link["href"])
        link.replace_with(href if words in ("", href) else f"{words} ({href})")
    lines = []
    for block in soup.find_all(["p", "li"]) or [soup]:
        words = _BLANKS.sub(" ", block.get_text()).strip()
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
        if page is not None and (url := page_url(page)):
            said = row.get("sentence") or getattr(page, "summary", "")
            ref = getattr(page, "reference", "")
            rows.append({"ref": ref, "title": page.title, "url": url, "text": said})
    return {"title": value.get("title") or "", "rows": rows} if rows else {}


def _button(value: Any, pages: dict[int, Page]) -> dict[str, Any]:
    page = pages.get(value["page"].pk) if value.get("page") else None
    url = page_url(page) if page else value.get("address") or ""
    return {"label": value["label"], "url": url} if url and value.get("label") else {}


def _figures(statistic: Any) -> dict[str, Any]:
    if statistic is None or not statistic.live:
        return {}
    group = [statistic, *statistic.rivals]
    return {"disputed": statistic.is_disputed, "figures": [_figure(one) for one in group]}


def _figure(statistic: Any) -> dict[str, Any]:
    """A figure as the site shows it: value, what it counts, period, place, source; or that it isn't held, and why."""
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
    rows = change_rows(keys)
    return {"title": value["title"], "rows": list(rows.values()), "since": date_format(since, "j F Y")}


def change_rows(keys: Iterable[int]) -> dict[int, dict[str, str]]:
    """How changes read in a mail, by their keys, newest first. Three queries."""
    return {change.entry.pk: change_row(change) for _, changes in changes_by_day(keys) for change in changes}


def change_row(change: Any) -> dict[str, str]:
    """One change: what was done to what, why, and where to read it."""
    entry = change.entry
    if entry.note:
        why = entry.note
    elif entry.kind in (ChangeEntry.Kind.NEW, ChangeEntry.Kind.WITHDRAWN):
        why = ""
    else:
        why = "No reason was given."
    return {
        "kind": entry.get_kind_display(),
        "subject": entry.subject_kind,
        "ref": entry.ref,
        "title": entry.title,
        "url": absolute_url(change.compare_url or change.url) if change.url else "",
        "text": why,
        "when": date_format(timezone.localtime(entry.at), "j F Y"),
    }


def _image(value: Any) -> dict[str, Any]:
    image = value.get("image")
    if not image:
        return {}
    rendition = image.get_rendition(IMAGE_FILTER)
    width = min(rendition.width, 600)
    return {
        "src": rendition.url if rendition.url.startswith("http") else absolute_url(rendition.url),
        "width": width,
        "height": round(rendition.height * width / rendition.width),
        "alt": image.alt,
        "decorative": image.decorative,
        "caption": " ".join(filter(None, [value.get("caption"), image.credit])),
    }
