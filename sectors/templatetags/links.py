"""Words about the basis of a set of ties."""

from collections.abc import Sequence
from typing import Any

from django import template

register = template.Library()


@register.filter
def basis_in_words(links: Sequence[Any]) -> str:
    """Who says so, for all ``ties`` at once, as a sentence; empty when there are none."""
    stated = sum(tie.link.basis == "stated" for tie in links)
    inferred = len(links) - stated
    if not links:
        return ""
    if not stated:
        if inferred == 1:
            return "No source makes this link. It is our reading, with the reason beside it."
        return "No source makes these links. Each is our reading, with the reason beside it."
    if not inferred:
        return "A source makes this link." if stated == 1 else "A source makes each of these links."
    return (
        f"A source makes {stated} of these {len(links)} links. The rest are our reading, with the reason beside each."
    )
