"""The plain text of a bulletin, laid out so that it reads as well as the HTML.

A paragraph is one line here: the email's own wrapping breaks it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engagement.bulletins.content import ContentBlock
from engagement.bulletins.news_items import NewsGroup

__all__ = ["as_text"]

#: Between two blocks.
SEPARATOR = "\n\n"


def as_text(blocks: Iterable[ContentBlock], groups: Iterable[NewsGroup]) -> str:
    """Return the blocks, then the groups of news with the marks of their parts, one under the other."""
    texts = [_WRITERS[block.kind](block.data) for block in blocks]
    return SEPARATOR.join(text for text in texts if text) + "".join(map(_group, groups))


def _group(group: NewsGroup) -> str:
    margin = _margin(part.row for part in group.parts)
    parts = "".join(
        f"⟦part {part.number}⟧\n{_row(part.row, margin)}\n\n⟦/part {part.number}⟧\n" for part in group.parts
    )
    return f"\n\n⟦group {group.number}⟧\n\n{group.title}\n\n{parts}⟦/group {group.number}⟧\n"


def _row(row: Mapping[str, Any], margin: int) -> str:
    """A page or a change: its reference in a margin of so many columns; title, sentence and URL beside it."""
    indent = " " * margin
    lines = [f"{row['ref']:<{margin}}{row['title']}" if margin else row["title"]]
    if row.get("kind"):
        details = [row["kind"], row["subject"][:1].lower() + row["subject"][1:], row.get("when", "")]
        lines.append(indent + ", ".join(filter(None, details)))
    lines += [indent + row[name] for name in ("text", "url") if row.get(name)]
    return "\n".join(lines)


def _margin(rows: Iterable[Mapping[str, Any]]) -> int:
    """The columns of the longest reference, with two blanks after it; none where nothing has one."""
    longest = max((len(row["ref"]) for row in rows), default=0)
    return longest + 2 if longest else 0


def _title(data: Mapping[str, Any]) -> str:
    return f"\n{data['title']}\n\n" if data.get("title") else ""


def _rows(data: Mapping[str, Any]) -> str:
    margin = _margin(data["rows"])
    rows = [_row(row, margin) for row in data["rows"]]
    return _title(data) + (SEPARATOR.join(rows) or f"Nothing has changed since {data['since']}.")


def _figures(data: Mapping[str, Any]) -> str:
    figures = ["\n".join(figure[name] for name in ("value", "label", "meta", "url")) for figure in data["figures"]]
    if not data["disputed"]:
        return figures[0]
    count = "two" if len(figures) == 2 else str(len(figures))
    return SEPARATOR.join([f"Disputed: {count} different figures for the same fact.", *figures])


def _steps(data: Mapping[str, Any]) -> str:
    return _title(data) + "\n".join(f"-  {step['what']}. {step['text']}" for step in data["steps"])


def _image(data: Mapping[str, Any]) -> str:
    return "\n".join(filter(None, [data["alt"] and f"[Image: {data['alt']}]", data["caption"]]))


def _lines(lines: list[str]) -> str:
    """Paragraphs with an empty line between them, items of a list without."""
    text = ""
    for number, line in enumerate(lines):
        in_list = number and _is_item(line) and _is_item(lines[number - 1])
        text += ("\n" if in_list else SEPARATOR) * bool(number) + line
    return text


def _is_item(line: str) -> bool:
    mark, blanks, _ = line.partition("  ")
    return bool(blanks) and (mark == "-" or mark.rstrip(".").isdigit())


_WRITERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "lead": lambda data: SEPARATOR.join(data["paragraphs"]),
    "heading": lambda data: f"\n{data['text']}",
    "text": lambda data: _lines(data["lines"]),
    "pages": _rows,
    "changes": _rows,
    "figure": _figures,
    "next": _steps,
    "button": lambda data: f"{data['label']}:\n{data['url']}",
    "image": _image,
    "rule": lambda data: "-" * 20,
}
