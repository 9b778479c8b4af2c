"""Reading what was posted for one page of a form: the answers, and what is wrong with them. Knows no database."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict

from engagement.feedback.schema import STANCES, FormPage, FormSchema, Question, RatedProposition

__all__ = [
    "COMMENT_PARTS",
    "MAX_COMMENT_LENGTH",
    "AnswerData",
    "ParsedPage",
    "StanceData",
    "clean_text",
    "parse_page",
    "parse_paper_form",
    "with_all_optional",
]

MAX_COMMENT_LENGTH = 2000
SCALE_OPTIONS = ("Strongly agree", "Agree", "Neither", "Disagree", "Strongly disagree", "Unsure")
YES_NO_OPTIONS = ("Yes", "No", "Unsure")
#: What can be said about a proposition beside a stance, and what each is called on the page.
COMMENT_PARTS = {
    "comment": "Your comment",
    "missing": "What is missing",
    "ask_government": "What should be asked of government",
    "role_partners": "What the region’s partners should do",
}


@dataclass(frozen=True, slots=True)
class AnswerData:
    """The answer to a question: words, or the choices that were made."""

    text: str = ""
    chosen: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.chosen)


@dataclass(frozen=True, slots=True)
class StanceData:
    """What was said about a proposition."""

    stance: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.stance or any(self.parts.values()))


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A page as it was filled in. ``errors`` are by the name of the control, in the order of the page."""

    answers: dict[str, AnswerData]
    stances: dict[str, StanceData]
    errors: dict[str, str]


def options(item: Question) -> tuple[str, ...]:
    """What can be chosen for a question; nothing for one that is answered in words."""
    return {"choice": item.choices, "choices": item.choices, "scale": SCALE_OPTIONS, "yes_no": YES_NO_OPTIONS}.get(
        item.kind, ()
    )


#: The flag of England is a black flag with letters that nobody sees by themselves.
_FLAG = "\U0001f3f4[\U000e0030-\U000e007a]+\U000e007f"
#: Each range by itself, and not all that Python has no name for: phones have newer emoji than Python. Line ends, tabs,
#: and the two that join letters and emoji, are part of what people write.
_UNSEEN = (
    "\0-\x08\x0b-\x1f\x7f-\x9f"  # control
    "\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb"  # blank, or turning
    "\ud800-\udfff"  # surrogates
    "\ue000-\uf8ff\U000f0000-\U0010ffff"  # private
    "\U000e0000-\U000e00ff"  # tags
    "\ufdd0-\ufdef" + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0xF0000, 0x10000))
)
_FLAG_OR_UNSEEN = re.compile(f"({_FLAG})|[{_UNSEEN}]")


def clean_text(typed: str) -> str:
    """Words as they are kept: one kind of line end, and no characters that nobody can see or type.

    Marks that turn the direction of text go too: they can make a line say something else than it holds.
    """
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    return _FLAG_OR_UNSEEN.sub(lambda found: found[1] or "", text).strip()


def with_all_optional(page: FormPage) -> FormPage:
    """The same page, on which anything may be left out."""
    return replace(page, items=tuple(replace(item, required=False) for item in page.items))


def parse_paper_form(form: FormSchema, posted: QueryDict) -> list[tuple[FormPage, ParsedPage]]:
    """What ``posted`` says for all pages of a form that came on paper, where anything may have been left out."""
    return [(page, parse_page(with_all_optional(page), posted)) for page in form.pages]


def parse_page(page: FormPage, posted: QueryDict) -> ParsedPage:
    """What ``posted`` says for ``page``. Nothing in it is trusted, and everything typed is given back."""
    read = ParsedPage({}, {}, {})
    for rated in page.rated:
        _read_rated(rated, posted, read)
    for item in page.items:
        _read_item(item, posted, read)
    return read


def _read_rated(rated: RatedProposition, posted: QueryDict, read: ParsedPage) -> None:
    stance = posted.get(rated.key, "") or ""
    if stance and stance not in STANCES:
        read.errors[rated.key] = f"Choose how far you support {rated.ref} from the list"
        stance = ""
    parts = {}
    for part, label in COMMENT_PARTS.items():
        name = f"{rated.key}-{part}"
        parts[part] = clean_text(posted.get(name, "") or "")
        if message := length_error(parts[part], MAX_COMMENT_LENGTH, f"{label} on {rated.ref}"):
            read.errors[name] = message
    read.stances[rated.key] = StanceData(stance, parts)


def _read_item(item: Question, posted: QueryDict, read: ParsedPage) -> None:
    given = _chosen(item, posted.getlist(item.key)) if options(item) else _words(item, posted)
    read.answers[item.key] = given
    if item.key in read.errors:
        return
    if item.required and not given:
        read.errors[item.key] = f"Answer “{item.text}”"
    elif message := length_error(given.text, item.max_length, f"Your answer to “{item.text}”"):
        read.errors[item.key] = message


def _words(item: Question, posted: QueryDict) -> AnswerData:
    text = clean_text(posted.get(item.key, "") or "")
    return AnswerData(" ".join(text.split()) if item.kind == "short" else text)


def _chosen(item: Question, values: Sequence[str]) -> AnswerData:
    known = [option for option in options(item) if option in values]
    return AnswerData(chosen=tuple(known if item.kind == "choices" else known[:1]))


def length_error(text: str, max_length: int, what: str) -> str:
    """What to say of words beyond ``longest`` characters; nothing when they fit."""
    over = len(text) - max_length
    if over <= 0:
        return ""
    return (
        f"{what} is {over} {'character' if over == 1 else 'characters'} too long. Shorten it to {max_length} or fewer"
    )
