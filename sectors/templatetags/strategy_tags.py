"""Template tags for the strategy: the picture of its links, the basis of links in words, differences of versions."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from nelis.core.svg_geometry import Link, link_lines, row_centres
from nelis.core.text_diff import DiffPart

register = template.Library()


@register.inclusion_tag("components/strategy_picture.html")
def strategy_picture(
    sectors: Iterable[Any],
    challenges: Iterable[Any],
    deals: Iterable[Any],
    propositions: Iterable[Any],
    links: Iterable[Any],
    foundations: Iterable[Any] = (),
) -> dict[str, Any]:
    """The strategy in one picture: challenges and deals, sectors, propositions, joined by lines.

    ``links`` are the StrategyLinks of the sectors. A proposition is linked to the sector that leads
    it as stated, whatever else is recorded. A sector without links gets a dotted stub each side.
    """
    sectors, propositions = list(sectors), list(propositions)
    groups = [
        {"title": "Grand Challenges", "members": list(challenges)},
        {"title": "Sector Deals", "members": list(deals)},
    ]
    groups = [group for group in groups if group["members"]]
    accents = {sector.pk: sector.accent for sector in sectors}
    pairs = _pairs(links, accents)
    led = {p.pk: p.lead_theme_id for p in propositions}
    left = row_centres([[item.pk for item in group["members"]] for group in groups])
    middle = row_centres([[sector.pk for sector in sectors]])
    right = row_centres([[proposition.pk for proposition in propositions]])
    into = [Link(other, sector, basis, accents[sector]) for sector, other, basis in pairs]
    out = [Link(theme, pk, "stated", accents[theme]) for pk, theme in led.items() if theme in accents]
    out += [Link(sector, other, basis, accents[sector]) for sector, other, basis in pairs if led.get(other) != sector]
    linked = {link.left for link in out if link.right in right}
    bare = {pk: accent for pk, accent in accents.items() if pk not in linked}
    for proposition in propositions:
        proposition.accent = accents.get(proposition.lead_theme_id, "")
    titles = {item.pk: item.title for group in groups for item in group["members"]}
    return {
        "foundations": list(foundations),
        "groups": groups,
        "sectors": [_sector(sector, into, out, left, right, titles) for sector in sectors],
        "propositions": propositions,
        "into": link_lines(into, left, middle),
        "out": link_lines(out, middle, right, bare),
    }


def _pairs(links: Iterable[Any], sectors: dict[Any, str]) -> list[tuple[Any, Any, str]]:
    """(sector, the other end, basis) for each link, whichever end the link is recorded at."""
    pairs = []
    for link in links:
        if link.page_id in sectors:
            pairs.append((link.page_id, link.target_id, link.basis))
        elif link.target_id in sectors:
            pairs.append((link.target_id, link.page_id, link.basis))
    return pairs


def _sector(
    sector: Any,
    into: list[Link],
    out: list[Link],
    left: dict[Any, float],
    right: dict[Any, float],
    titles: dict[Any, str],
) -> dict[str, Any]:
    """One sector of the picture: its own small fan, and its links in words."""
    incoming = [link for link in into if link.right == sector.pk and link.left in left]
    outgoing = [link for link in out if link.left == sector.pk and link.right in right]
    link_names: dict[str, list[str]] = {}
    for link in incoming:
        link_names.setdefault(link.kind, []).append(titles[link.left])
    return {
        "page": sector,
        "accent": sector.accent,
        "into": [link.kind for link in incoming],
        "out": [link.kind for link in outgoing],
        "left": "challenge or deal" if len(incoming) == 1 else "challenges and deals",
        "right": "proposition" if len(outgoing) == 1 else "propositions",
        "links": sorted(link_names.items(), reverse=True),
    }


@register.filter
def basis_in_words(links: Sequence[Any]) -> str:
    """Who says so, for all ``links`` at once, as a sentence; empty when there are none."""
    stated = sum(linked.link.basis == "stated" for linked in links)
    inferred = len(links) - stated
    if not links:
        return ""
    if not stated:
        if inferred == 1:
            return "No source states this link. It is inferred, with the reason beside it."
        return "No source states these links. They are inferred, with the reason beside each."
    if not inferred:
        return "A source states this link." if stated == 1 else "A source states each of these links."
    return (
        f"A source states {stated} of these {len(links)} links. The others are inferred, with the reason beside each."
    )


#: The element of a change, and the word that a screen reader says before it.
_ELEMENTS = {"added": ("ins", "added: "), "removed": ("del", "removed: ")}


@register.simple_tag
def pieces(changes: Iterable[DiffPart]) -> SafeString:
    """The pieces of a text one after the other, those added in ``ins`` and those removed in ``del``."""
    return format_html_join("", "{}", ((_piece(piece),) for piece in changes))


def _piece(piece: DiffPart) -> SafeString:
    lines = format_html_join(mark_safe("<br><br>"), "{}", ((line,) for line in piece.text.split("\n\n")))
    if piece.state not in _ELEMENTS:
        return lines
    element, word = _ELEMENTS[piece.state]
    return format_html('<{0}><span class="vh">{1}</span>{2}</{0}>', element, word, lines)
