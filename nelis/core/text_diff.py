"""Compare two texts word by word."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

_WORD = r"[£$€]?\d+(?:[.,]\d+)*\w*%?|\w+(?:['’\-]\w+)*"
_WORDS = re.compile(_WORD)
# A word or a number, a run of blanks, or a single other character: joined they give the text back.
_TOKENS = re.compile(rf"{_WORD}|\s+|[^\w\s]")
SAME, ADDED, REMOVED = "same", "added", "removed"


@dataclass(frozen=True, slots=True)
class DiffPart:
    """A run of text that is the ``same`` in both, was ``added``, or was ``removed``."""

    state: str
    text: str


def diff_words(old: str, new: str) -> list[DiffPart]:
    """Return the parts that lead from ``old`` to ``new``, in reading order, removals before additions.

    Whole words change, never parts of them. The same and removed parts make up ``old``, the same and added ones
    ``new``. Equal texts give one part, two empty ones none.
    """
    old_tokens, new_tokens = _TOKENS.findall(old), _TOKENS.findall(new)
    steps = SequenceMatcher(None, old_tokens, new_tokens, autojunk=False).get_opcodes()
    return list(_merge_neighbours(_without_lone_blanks(list(_diff_parts(steps, old_tokens, new_tokens)))))


def old_text(parts: Iterable[DiffPart]) -> str:
    """Return the text before the changes."""
    return "".join(part.text for part in parts if part.state != ADDED)


def new_text(parts: Iterable[DiffPart]) -> str:
    """Return the text after the changes."""
    return "".join(part.text for part in parts if part.state != REMOVED)


def quoted(text: str) -> str:
    """Return ``text`` in quotation marks for a sentence about a change; “nothing” for an empty one."""
    return f"“{text}”" if text else "nothing"


def count_words(parts: Iterable[DiffPart]) -> tuple[int, int]:
    """Return how many words were added, and how many removed."""
    counts = {ADDED: 0, REMOVED: 0}
    for part in parts:
        if part.state != SAME:
            counts[part.state] += len(_WORDS.findall(part.text))
    return counts[ADDED], counts[REMOVED]


def _diff_parts(
    steps: Iterable[tuple[str, int, int, int, int]], old_tokens: list[str], new_tokens: list[str]
) -> Iterator[DiffPart]:
    for step, old_start, old_end, new_start, new_end in steps:
        if step == "equal":
            yield DiffPart(SAME, "".join(old_tokens[old_start:old_end]))
            continue
        if old_end > old_start:
            yield DiffPart(REMOVED, "".join(old_tokens[old_start:old_end]))
        if new_end > new_start:
            yield DiffPart(ADDED, "".join(new_tokens[new_start:new_end]))


def _without_lone_blanks(parts: list[DiffPart]) -> Iterator[DiffPart]:
    """Make a blank between two changes a part of both, which reads better."""
    for number, part in enumerate(parts):
        between = 0 < number < len(parts) - 1
        if part.state == SAME and between and part.text.isspace() and "\n" not in part.text:
            yield DiffPart(REMOVED, part.text)
            yield DiffPart(ADDED, part.text)
        else:
            yield part


def _merge_neighbours(parts: Iterable[DiffPart]) -> Iterator[DiffPart]:
    """Merge neighbouring changes: all that was removed, then all that was added."""
    for is_same, group in groupby(parts, key=lambda part: part.state == SAME):
        run = list(group)
        for state in (SAME,) if is_same else (REMOVED, ADDED):
            if text := "".join(part.text for part in run if part.state == state):
                yield DiffPart(state, text)
