"""A bulletin as plain text, laid out by hand: as good to read as the HTML."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engagement.bulletins.content import ContentBlock

__all__ = ["blocks_as_text", "row_as_text"]

#: Between two parts.
SEPARATOR = "\n\n"


def blocks_as_text(pieces: Iterable[ContentBlock]) -> str:
    """The pieces one under the other. Paragraphs are one line each: the mail's own wrapping breaks them."""
    blocks = [_WRITERS[piece.kind](piece.says) for piece in pieces]
    return SEPARATOR.join(block for block in blocks if block)


def row_as_text(row: Mapping[str, Any], margin: int = 0) -> str:
    """A page or a change: its reference in a margin of so many columns, then title, sentence and address under it."""
    indent = " " * margin
    lines = [f"{row['ref']:<{margin}}{row['title']}" if margin else row["title"]]
    if row.get("kind"):
        said = [row["kind"], row["subject"][:1].lower() + row["subject"][1:], row.get("when", "")]
        lines.append(indent + ", ".join(filter(None, said)))
    lines += [indent + row[name] for name in ("text", "url") if row.get(name)]
    return "\n".join(lines)


def margin_for(rows: Iterable[Mapping[str, Any]]) -> int:
    """The columns that the longest reference takes, with two blanks after it; none where nothing has one."""
    longest = max((len(row["ref"]) for row in rows), default=0)
    return longest + 2 if longest else 0


def _title(says: Mapping[str, Any]) -> str:
    return f"\n{says['title']}\n\n" if says.get("title") else ""


def _rows(says: Mapping[str, Any]) -> str:
    margin = margin_for(says["rows"])
    rows = [row_as_text(row, margin) for row in says["rows"]]
    return _title(says) + (SEPARATOR.join(rows) if rows else f"Nothing has changed since {says['since']}.")


def _figures(says: Mapping[str, Any]) -> str:
    shown = [f"{one['value']}\n{one['label']}\n{one['meta']}\n{one['url']}" for one in says["figures"]]
    if not says["disputed"]:
        return shown[0]
    count = {2: "Two"}.get(len(shown), str(len(shown)))
    return f"Disputed: {count.lower()} figures for one fact, not reconciled.{SEPARATOR}{SEPARATOR.join(shown)}"


def _steps(says: Mapping[str, Any]) -> str:
    return _title(says) + "\n".join(f"-  {step['what']}. {step['text']}" for step in says["steps"])


def _image(says: Mapping[str, Any]) -> str:
    shown = f"[Image: {says['alt']}]" if says["alt"] else ""
    return "\n".join(filter(None, [shown, says["caption"]]))


_WRITERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "lead": lambda says: SEPARATOR.join(says["paragraphs"]),
    "heading": lambda says: f"\n{says['text']}",
    "text": lambda says: _lines(says["lines"]),
    "pages": _rows,
    "changes": _rows,
    "figure": _figures,
    "next": _steps,
    "button": lambda says: f"{says['label']}:\n{says['url']}",
    "image": _image,
    "rule": lambda says: "-" * 20,
}


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
