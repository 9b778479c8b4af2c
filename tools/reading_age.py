"""Print the reading age of each page's own text, and the ten hardest sentences, from the content files.

The measure is the Automated Readability Index: E. A. Smith and R. J. Senter, “Automated Readability Index”,
AMRL-TR-66-220, Aerospace Medical Research Laboratories, 1967. It counts characters, words and sentences, and gives the
school year in the United States in which a text can be read; five years more are the age of the reader.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import yaml

__all__ = ["Text", "main", "reading_age", "sentences"]

ROOT = Path(__file__).resolve().parents[1]
# The C parser is ten times as fast; it comes with most builds of PyYAML.
SAFE_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: The folders of content files, and what an entry of a page is called by, in order of preference.
FOLDERS = ("nelis/*/content", "sectors/content", "engagement/*/content")
NAMES = ("path", "slug", "code", "ref", "key")
#: Files whose entries stand together on one page.
ON_ONE_PAGE = {
    "areas", "breaks", "contacts", "faqs", "findings", "glossary", "governance", "indicators", "organisations",
    "places", "questions", "site", "sources", "statistics", "timeline", "topics", "vintages",
}  # fmt: skip
#: What a reader doesn't read as prose: names, addresses and the words people search for.
NOT_PROSE = {"forms", "publisher", "search_synonyms", "source_title", "title", "url", "names", "also_called"}
FEWEST_WORDS = 30
HARDEST = 10
END_OF_BLOCK = re.compile(r"</(?:p|li|ol|ul)>|\n\s*\n")
TAG = re.compile(r"<[^>]+>")
END_OF_SENTENCE = re.compile(r"(?<=[.!?])[”’)]?\s+(?=[“‘(A-Z0-9])")


@dataclass(frozen=True)
class Text:
    """The prose of one page."""

    name: str
    sentences: tuple[str, ...]

    @property
    def words(self) -> int:
        return sum(len(sentence.split()) for sentence in self.sentences)

    @property
    def age(self) -> int:
        return reading_age(self.sentences)


def reading_age(texts: tuple[str, ...]) -> int:
    """The age at which somebody can read these sentences; at least 5."""
    words = [word for sentence in texts for word in sentence.split()]
    if not words:
        return 5
    characters = sum(character.isalnum() for word in words for character in word)
    index = 4.71 * characters / len(words) + 0.5 * len(words) / len(texts) - 21.43
    return max(5, round(index) + 5)


def sentences(html: str) -> Iterator[str]:
    """The sentences of a text with tags; labels and headings, which end without a full stop, are left out."""
    for block in END_OF_BLOCK.split(html):
        text = " ".join(unescape(TAG.sub("", block)).split())
        for sentence in END_OF_SENTENCE.split(text):
            if len(sentence.split()) > 3 and sentence.rstrip("”’)")[-1:] in (".", "!", "?"):
                yield sentence


def prose(value: Any, field: str = "") -> Iterator[str]:
    """The sentences of a value of an entry, and of all that is in it."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from prose(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from prose(item, field)
    elif isinstance(value, str) and field not in NOT_PROSE:
        yield from sentences(value)


def texts(root: Path = ROOT) -> Iterator[Text]:
    """The text of each page, or of each file whose entries stand on one page."""
    for path in sorted(path for folder in FOLDERS for path in root.glob(f"{folder}/*.yaml")):
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=SAFE_LOADER)  # noqa: S506 - it is a safe one
        if path.stem in ON_ONE_PAGE or not isinstance(entries, list):
            yield Text(path.stem, tuple(prose(entries)))
            continue
        for entry in entries:
            name = next((str(entry[key]) for key in NAMES if entry.get(key)), "")
            yield Text(name if name.startswith("/") else f"{path.stem}: {name}", tuple(prose(entry)))


def main() -> int:
    """Print both lists, the hardest first."""
    pages = [text for text in texts() if text.words >= FEWEST_WORDS]
    for text in sorted(pages, key=lambda text: (-text.age, text.name)):
        print(f"{text.age:4d}  {text.name} ({text.words} words)")
    found = {(reading_age((sentence,)), sentence, text.name) for text in pages for sentence in text.sentences}
    print(f"The {HARDEST} hardest sentences")
    for age, sentence, name in sorted(found, key=lambda item: (-item[0], item[1]))[:HARDEST]:
        print(f"{age:4d}  {name}: {sentence}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
