"""What changed between two documents: line by line, word by word, and in sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from nelis.core.text_diff import DiffPart, count_words, diff_words, new_text, old_text, quoted
from sectors.models import Document, Line, Section

#: The parts of a line that are compared word by word.
PARTS = ("label", "text", "basis", "note")
#: Texts up to this length are quoted whole in a list of changes; of longer ones the changed words are counted.
QUOTED = 90


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line in both versions, or in one of them.

    ``state`` is same, changed, added or removed; ``old`` is its place in the section before, from 0, or None.
    ``label``, ``text``, ``basis`` and ``note`` are the pieces that lead from the old words to the new.
    """

    key: str
    state: str
    old: int | None
    mark: str
    label: list[DiffPart]
    text: list[DiffPart]
    basis: list[DiffPart]
    note: list[DiffPart]


@dataclass(frozen=True, slots=True)
class SectionChange:
    """The lines of one section in the order they have now, those that are gone where they were.

    ``state`` is removed for a section that the new document doesn't have at all.
    """

    key: str
    label: str
    state: str
    lines: list[LineChange]

    @property
    def is_changed(self) -> bool:
        return any(line.state != "same" for line in self.lines) or self.is_reordered

    @property
    def is_reordered(self) -> bool:
        """Whether lines that stayed have changed places."""
        stayed = [line.old for line in self.lines if line.old is not None and line.state != "removed"]
        return any(before > after for before, after in pairwise(stayed))


def compare(old: Document, new: Document) -> list[SectionChange]:
    """The changes that lead from ``old`` to ``new``, section by section."""
    before = {section.key: section for section in old.sections}
    after = {section.key for section in new.sections}
    changes = [
        SectionChange(
            section.key, section.label, "same", _lines(before.get(section.key, Section("", "")).lines, section.lines)
        )
        for section in new.sections
    ]
    removed = [
        SectionChange(section.key, section.label, "removed", _lines(section.lines, ()))
        for section in old.sections
        if section.key not in after
    ]
    return changes + removed


def change_sentences(changes: Iterable[SectionChange]) -> list[str]:
    """Every change as a sentence, in the order of the page."""
    return [
        sentence
        for section in changes
        for sentence in (
            *(sentence for line in section.lines for sentence in _sentences(section, line)),
            *([f"{section.label}: the order changed."] if section.is_reordered else []),
        )
    ]


def _lines(before: tuple[Line, ...], after: tuple[Line, ...]) -> list[LineChange]:
    partner = _pairs(before, after)
    taken = set(partner.values())
    lines = []
    place = 0
    for number, line in enumerate(after):
        # What is gone stands before the first line that came after it.
        while place < len(before) and (place not in taken or place < partner.get(number, -1)):
            if place not in taken:
                lines.append(_removed(before[place], place))
            place += 1
        lines.append(_changed(before, partner[number], line) if number in partner else _added(line))
    lines += [_removed(before[rest], rest) for rest in range(place, len(before)) if rest not in taken]
    return lines


def _pairs(before: tuple[Line, ...], after: tuple[Line, ...]) -> dict[int, int]:
    """Which line of ``before`` each line of ``after`` is to be compared with, by their places.

    Among lines with one key, those with the same words belong together; the rest follow in their order.
    """
    free: dict[str, list[int]] = {}
    for place, line in enumerate(before):
        free.setdefault(line.key, []).append(place)
    pairs = {}
    for same_words in (True, False):
        for number, line in enumerate(after):
            waiting = free.get(line.key, [])
            found = next((place for place in waiting if not same_words or before[place].text == line.text), None)
            if number not in pairs and found is not None:
                pairs[number] = found
                waiting.remove(found)
    return pairs


def _changed(before: tuple[Line, ...], place: int, line: Line) -> LineChange:
    old = before[place]
    pieces = {part: diff_words(getattr(old, part), getattr(line, part)) for part in PARTS}
    return LineChange(line.key, "same" if old == line else "changed", place, line.mark, **pieces)


def _added(line: Line) -> LineChange:
    return LineChange(line.key, "added", None, line.mark, **{p: diff_words("", getattr(line, p)) for p in PARTS})


def _removed(line: Line, place: int) -> LineChange:
    return LineChange(line.key, "removed", place, line.mark, **{p: diff_words(getattr(line, p), "") for p in PARTS})


def _sentences(section: SectionChange, line: LineChange) -> Iterator[str]:
    if line.state == "same":
        return
    name = ", ".join(filter(None, [section.label, new_text(line.label) or old_text(line.label)]))
    if line.state in ("added", "removed"):
        text = new_text(line.text) if line.state == "added" else old_text(line.text)
        yield f"{name}: {line.state}{f' “{_cut(text)}”' if text else ''}."
        return
    if _moved(line.label):
        yield f"{name}: called “{old_text(line.label)}” before."
    if _moved(line.text):
        yield f"{name}: {_text_change(line.text)}."
    which = f"{name}, “{_cut(new_text(line.text))}”"
    if _moved(line.basis):
        yield f"{which}: {_text_change(line.basis)}."
    if _moved(line.note):
        yield f"{which}: the note beside it changed, {_text_change(line.note)}."
    if not any(_moved(getattr(line, part)) for part in PARTS):
        yield f"{which}: what stands behind it changed."


def _text_change(pieces: list[DiffPart]) -> str:
    old, new = old_text(pieces), new_text(pieces)
    if len(old) <= QUOTED and len(new) <= QUOTED:
        return f"{quoted(old)} became {quoted(new)}"
    added, removed = count_words(pieces)
    counts = [(added, "added"), (removed, "removed")]
    parts = [f"{count} {'word' if count == 1 else 'words'} {what}" for count, what in counts if count]
    return " and ".join(parts) or "signs between words changed"


def _moved(pieces: list[DiffPart]) -> bool:
    return any(piece.state != "same" for piece in pieces)


def _cut(text: str) -> str:
    return text if len(text) <= QUOTED else f"{text[:QUOTED].rsplit(' ', 1)[0]} …"
