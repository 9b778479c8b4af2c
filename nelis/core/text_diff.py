"""What changed between two texts, word by word."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

__all__ = ["DiffPart", "apply_diff", "count_words", "diff_words", "new_text", "old_text", "quoted"]

_WORD = r"[£$€]?\d+(?:[.,]\d+)*\w*%?|\w+(?:['’\-]\w+)*"
_WORDS = re.compile(_WORD)
# A word or a number, a run of blanks, or a single other character: together they give the text back.
_TOKENS = re.compile(rf"{_WORD}|\s+|[^\w\s]")
SAME, ADDED, REMOVED = "same", "added", "removed"


@dataclass(frozen=True, slots=True)
class DiffPart:
    """A run of text that is the ``same`` in both, was ``added``, or was ``removed``."""

    state: str
    text: str


def diff_words(old: str, new: str) -> list[DiffPart]:
    """The pieces that lead from ``old`` to ``new``, in reading order; what was removed before what came in its place.

    Whole words change, never parts of them. The pieces that are same or removed make up ``old``, those that are
    same or added ``new``. Equal texts give one piece, two empty ones none.
    """
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return list(_merge_neighbours(_without_lone_blanks(list(_diff_parts(steps, before, after)))))


def apply_diff(old: str, pieces: Iterable[DiffPart]) -> str:
    """``old`` with the changes made. Raises ValueError when the pieces were not made from ``old``."""
    pieces = list(pieces)
    if old_text(pieces) != old:
        raise ValueError("These changes belong to another text.")
    return new_text(pieces)


def old_text(pieces: Iterable[DiffPart]) -> str:
    """The text before the changes."""
    return "".join(piece.text for piece in pieces if piece.state != ADDED)


def new_text(pieces: Iterable[DiffPart]) -> str:
    """The text after the changes."""
    return "".join(piece.text for piece in pieces if piece.state != REMOVED)


def quoted(text: str) -> str:
    """``text`` as a sentence about a change names it: in quotation marks, or as nothing."""
    return f"“{text}”" if text else "nothing"


def count_words(pieces: Iterable[DiffPart]) -> tuple[int, int]:
    """How many words were added, and how many removed."""
    counts = {ADDED: 0, REMOVED: 0}
    for piece in pieces:
        if piece.state != SAME:
            counts[piece.state] += len(_WORDS.findall(piece.text))
    return counts[ADDED], counts[REMOVED]


def _diff_parts(
    steps: Iterable[tuple[str, int, int, int, int]], before: list[str], after: list[str]
) -> Iterator[DiffPart]:
    for step, i1, i2, j1, j2 in steps:
        if step == "equal":
            yield DiffPart(SAME, "".join(before[i1:i2]))
            continue
        if i2 > i1:
            yield DiffPart(REMOVED, "".join(before[i1:i2]))
        if j2 > j1:
            yield DiffPart(ADDED, "".join(after[j1:j2]))


def _without_lone_blanks(pieces: list[DiffPart]) -> Iterator[DiffPart]:
    """A blank left standing between two changes reads better as a part of both."""
    for number, piece in enumerate(pieces):
        between = 0 < number < len(pieces) - 1
        if piece.state == SAME and between and piece.text.isspace() and "\n" not in piece.text:
            yield DiffPart(REMOVED, piece.text)
            yield DiffPart(ADDED, piece.text)
        else:
            yield piece


def _merge_neighbours(pieces: Iterable[DiffPart]) -> Iterator[DiffPart]:
    """Neighbouring changes as one: all that was removed, then all that was added."""
    for same, run in groupby(pieces, key=lambda piece: piece.state == SAME):
        found = list(run)
        for state in (SAME,) if same else (REMOVED, ADDED):
            if text := "".join(piece.text for piece in found if piece.state == state):
                yield DiffPart(state, text)
