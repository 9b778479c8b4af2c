"""Template tags of the design: marks, stages, drawings, dates and metadata."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from django import template
from django.template.loader import render_to_string, select_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from nelis.core import svg_geometry
from nelis.core.dates import partial_date
from nelis.core.site_address import absolute_url

register = template.Library()
register.filter(partial_date)

_MARK_WORDS = {
    "stated": "Stated",
    "inferred": "Inferred",
    "missing": "Not held",
    "disputed": "Disputed",
    "against": "Counts against",
}
# The shape beside a status; the text carries the meaning.
_STATUS_SHAPES = {
    "met": "met",
    "on course": "up",
    "behind pace": "level",
    "slow": "level",
    "moving away": "down",
    "not met": "cross",
    "too close to call": "waves",
}
# Characters that could close the script element, as in Django's own json_script.
_JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.inclusion_tag("components/mark.html")
def mark(kind: str, text: str = "", confidence: str = "", sense: str = "") -> dict[str, Any]:
    """Show how certain a statement is, and what it says: a short line and a word.

    ``kind`` is stated, inferred, missing or disputed, and decides how the line is drawn. ``sense`` is for or against,
    and decides how it ends. Versions keep "against" as a kind of its own: that is inferred and against.
    ``text`` replaces the word; ``confidence`` (high, medium, low) follows it.
    """
    if kind == "against":
        kind, sense = "inferred", "against"
    words = text or _MARK_WORDS.get(sense, "") or _MARK_WORDS.get(kind, "")
    return {"kind": kind, "sense": sense, "text": f"{words}, {confidence}" if confidence and words else words}


@register.inclusion_tag("components/stage.html")
def stage(position: int, label: str, total: int = 8) -> dict[str, Any]:
    """Show a stage: ``total`` boxes, ``position`` of them filled, and its label."""
    return {"boxes": svg_geometry.stage_boxes(position, total), "label": label, "width": 7 * total - 1}


@register.inclusion_tag("components/steps.html")
def steps(names: Iterable[Any], position: int, label: str = "", long: bool = False) -> dict[str, Any]:
    """Show a line of named steps with ``position`` of them reached; 0 when none is.

    ``label`` names the line for screen readers. ``long`` is for more than five steps: on a phone
    only the current one keeps its name.
    """
    items = []
    for number, name in enumerate(names, 1):
        state = "now" if number == position else "done" if number < position else ""
        items.append({"name": name, "state": state})
    return {"items": items, "label": label, "long": long}


@register.inclusion_tag("components/status.html")
def status(words: object, text: str = "") -> dict[str, Any]:
    """Show the status of a target: a shape and a word. ``text`` replaces the word.

    ``words`` is the status as readers see it, such as "On course"; an unknown one gets the dotted
    ring of something not held.
    """
    shape = _STATUS_SHAPES.get(str(words).lower(), "unknown")
    return {"shape": shape, "text": text or str(words)}


@register.inclusion_tag("components/date_range.html")
def spread(
    start: date | None,
    end: date | None,
    first: date,
    last: date,
    kind: str = "range",
) -> dict[str, Any]:
    """Draw a span of time on the axis from ``first`` to ``last``, as decoration beside the dates in words.

    ``kind`` is certain (the date is known), range (it lies somewhere in here) or bar (it goes on
    all the while). Without dates, or outside the axis, the line is dotted.
    """
    drawn = svg_geometry.time_span(start, end or start, first, last) if start else None
    return {"span": drawn, "kind": kind}


@register.inclusion_tag("components/fan.html")
def fan(into: Sequence[str], out: Sequence[str], left: str = "", right: str = "") -> dict[str, Any]:
    """Draw the links into and out of one object as a small fan, with a label at both ends.

    ``into`` and ``out`` are the bases of the links: stated, inferred. ``left`` and ``right`` name
    what is counted at each end.
    """
    return {
        "lines": svg_geometry.fan(list(into), list(out)),
        "counts": (len(into), len(out)),
        "left": left,
        "right": right,
    }


@register.simple_tag
def motif(accent: str, name: str = "motif") -> SafeString:
    """Return the drawing for a sector's accent; a plain one for a sector without.

    ``name`` picks the drawing: motif for the large one (none without an accent), span for the bridge of
    the home page (a plain beam without an accent).
    """
    return _drawing(name, accent if accent.isalpha() else "none")


@cache
def _drawing(name: str, accent: str) -> SafeString:
    drawing = select_template([f"components/motifs/{name}-{accent}.svg", f"components/motifs/{name}-none.svg"])
    return mark_safe(drawing.render({}))  # noqa: S308 - our own drawing


@register.filter
def common_value(items: Iterable[Any], attribute: str) -> Any:
    """Return the value of ``attribute`` that all ``items`` share, or "" when they differ or there are none.

    A list can then say once what would otherwise stand in every row.
    """
    values = {getattr(item, attribute, None) for item in items}
    return values.pop() if len(values) == 1 else ""


@register.simple_tag
def absolute_static(path: str) -> str:
    """Return the full URL of a static file, for link previews."""
    return absolute_url(static(path))


@register.simple_tag
def full_url(name: str, *args: Any) -> str:
    """Return the full address of the URL called ``name``, whatever host the request came by."""
    return absolute_url(reverse(name, args=args))


@register.simple_tag(takes_context=True)
def page_address(context: template.Context) -> str:
    """Return the full address of the page that is shown, without its query, which may hold a key; empty outside one.

    A preview has that of the page it is of.
    """
    request: Any = context.get("request")
    if getattr(request, "is_preview", False):
        return getattr(context.get("page"), "full_url", None) or ""
    return absolute_url(request.path) if request else ""


@register.simple_block_tag
def metadata(content: str, title: str, url: str, og_type: str = "") -> SafeString:
    """Tell search engines and link previews about a page; its description stands between the tags."""
    # Escaped where it was rendered.
    description = mark_safe(" ".join(content.split()))  # noqa: S308
    context = {"title": title, "description": description, "url": url, "og_type": og_type or "website"}
    return render_to_string("components/metadata.html", context)


@register.simple_tag(takes_context=True)
def json_ld(context: template.Context, page: Any) -> SafeString:
    """Return the page's schema.org data as a script element; nothing for a page without any."""
    data = page.json_ld(context.get("request")) if hasattr(page, "json_ld") else None
    if not data:
        return mark_safe("")
    text = json.dumps(data, ensure_ascii=False, default=str).translate(_JSON_ESCAPES)
    return mark_safe(  # noqa: S308 - every character that could end the element is escaped
        f'<script type="application/ld+json">{text}</script>'
    )
