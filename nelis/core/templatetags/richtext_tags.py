"""Template tags that render body text, whole or section by section, with one query for all its links."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from nelis.core.richtext import expand_all_links

register = template.Library()


@dataclass(slots=True)
class Section:
    """A section of body text: its heading, the id that links to it, and its HTML."""

    id: str
    title: str
    html: SafeString


@register.simple_tag(takes_context=True)
def prose(context: template.Context, stream: Any) -> SafeString:
    """Render body text as the direct children of ``.prose``."""
    return expand_all_links(["".join(_rendered(context, stream))])[0]


@register.simple_tag(takes_context=True)
def body_sections(context: template.Context, stream: Any) -> list[Section]:
    """Render body text as sections, without their headings, which the template renders itself.

    What stands before the first heading is a section without title and id. Ids are unique on the page, even when two
    headings are the same.
    """
    parts: list[tuple[str, list[Any]]] = []
    for child in stream or ():
        opens_section = child.block_type == "heading" and child.value["level"] != "3"
        if opens_section:
            parts.append((child.value["text"], [child]))
        elif parts:
            parts[-1][1].append(child)
        else:
            parts.append(("", [child]))
    texts = ["".join(_rendered(context, blocks[1:] if title else blocks)) for title, blocks in parts]
    taken: dict[str, int] = {}
    sections = []
    for (title, blocks), html in zip(parts, expand_all_links(texts), strict=True):
        anchor = blocks[0].value.anchor if title else ""
        taken[anchor] = taken.get(anchor, 0) + 1
        if anchor and taken[anchor] > 1:
            anchor = f"{anchor}-{taken[anchor]}"
        sections.append(Section(anchor, title, html))
    return sections


def _rendered(context: template.Context, blocks: Iterable[Any]) -> list[SafeString]:
    """Render each block, with its links to pages still in their stored form."""
    with context.push(links_unexpanded=True):
        flat = context.flatten()
    return [mark_safe(block.render(context=flat)) for block in blocks or ()]  # noqa: S308 - a template's own output
