"""Differences as readers see and hear them."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from nelis.core.text_diff import DiffPart

register = template.Library()

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
