"""The blocks of body text: “- heading: …”, “- text: …”, “- callout: …”, “- statistic: …”."""

import uuid
from collections.abc import Callable
from typing import Any

from nelis.home.content_loader.report import ExpectationError
from nelis.home.content_loader.rich_text import parse_html
from nelis.home.content_loader.values import Ref, Stream

__all__ = ["parse_body", "parse_parts"]

# Block ids are made from what they belong to, so that loading the same file twice gives the same ids.
_NAMESPACE = uuid.UUID("6f2e7b52-9d0c-4a9e-8d3f-2f6f0f8f6a11")


def parse_body(value: object, owner: str, link_kinds: frozenset[str]) -> Stream:
    """Body text as its blocks. ``owner`` names what it belongs to."""
    parsers: dict[str, Callable[[Any], Any]] = {
        "heading": lambda text: {"text": _line(text, 120), "level": "2"},
        "subheading": lambda text: {"text": _line(text, 120), "level": "3"},
        "text": lambda text: parse_html(text, link_kinds),
        "callout": lambda data: _callout(data, link_kinds),
        "statistic": lambda key: Ref("statistic", _line(key, 60)),
    }
    if not isinstance(value, list):
        raise ExpectationError("a list of blocks")
    blocks = []
    for number, item in enumerate(value, start=1):
        if not isinstance(item, dict) or len(item) != 1 or next(iter(item)) not in parsers:
            raise ExpectationError(f"one of {', '.join(parsers)}", f"block {number}")
        ((name, content),) = item.items()
        try:
            parsed = parsers[name](content)
        except ExpectationError as error:
            raise ExpectationError(error.expected, f"block {number} ({name})") from None
        type_ = "heading" if name == "subheading" else name
        blocks.append((type_, parsed, _block_id(owner, number)))
    return Stream(tuple(blocks))


def parse_parts(value: object, owner: str) -> Stream:
    """The lettered parts of a finding."""
    if not isinstance(value, list):
        raise ExpectationError("a list of parts, each with a label and a text")
    blocks = []
    for number, item in enumerate(value, start=1):
        if not isinstance(item, dict) or set(item) != {"label", "text"}:
            raise ExpectationError("a label and a text", f"part {number}")
        part = {"label": _line(item["label"], 4), "text": _line(item["text"], 400)}
        blocks.append(("part", part, _block_id(owner, number)))
    return Stream(tuple(blocks))


def _line(text: object, limit: int) -> str:
    if not isinstance(text, str) or not text.strip():
        raise ExpectationError("words")
    if len(text) > limit:
        raise ExpectationError(f"at most {limit} characters; these are {len(text)}")
    return text.strip()


def _callout(data: object, link_kinds: frozenset[str]) -> dict[str, Any]:
    if not isinstance(data, dict) or set(data) != {"title", "text"}:
        raise ExpectationError("a title and a text")
    text = data["text"]
    if isinstance(text, str) and not text.lstrip().startswith("<"):
        text = f"<p>{text}</p>"
    return {"title": _line(data["title"], 100), "text": parse_html(text, link_kinds)}


def _block_id(owner: str, number: int) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{owner}#{number}"))
