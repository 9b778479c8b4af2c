"""Parse a posted page of a form: the answers, and what is wrong with them. No database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.http import QueryDict

from engagement.feedback.schema import COMMENT_PARTS, STANCES, FormPage, FormSchema

__all__ = [
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


@dataclass(frozen=True, slots=True)
class AnswerData:
    """The answer to a question: text, or the choices that were made."""

    text: str = ""
    chosen: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.chosen)


@dataclass(frozen=True, slots=True)
class StanceData:
    """A stance on a proposition, and the comments on it by their part (see COMMENT_PARTS)."""

    stance: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.stance or any(self.parts.values()))


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A page as it was filled in. ``errors`` are by the name of the control."""

    answers: dict[str, AnswerData]
    stances: dict[str, StanceData]
    errors: dict[str, str]


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
    """Normalise line ends, and remove characters that nobody can see or type.

    Marks that turn the direction of text go too: they can make a line say something else than it holds.
    """
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    return _FLAG_OR_UNSEEN.sub(lambda found: found[1] or "", text).strip()


def with_all_optional(page: FormPage) -> FormPage:
    """The same page without required questions."""
    return replace(page, questions=tuple(replace(question, required=False) for question in page.questions))


def parse_paper_form(schema: FormSchema, posted: QueryDict) -> list[tuple[FormPage, ParsedPage]]:
    """Parse all pages of a form that came on paper, where nothing is required."""
    return [(page, parse_page(with_all_optional(page), posted)) for page in schema.pages]


def parse_page(page: FormPage, posted: QueryDict) -> ParsedPage:
    """Parse what was posted for ``page``. Only what the page offers is taken; all text is given back, with errors."""
    parsed = ParsedPage({}, {}, {})
    for rated in page.propositions:
        stance = posted.get(rated.key) or ""
        if stance and stance not in STANCES:
            parsed.errors[rated.key] = f"Choose how far you support {rated.ref} from the list"
            stance = ""
        parts = {part: clean_text(posted.get(f"{rated.key}-{part}") or "") for part in COMMENT_PARTS}
        for part, text in parts.items():
            if len(text) > MAX_COMMENT_LENGTH:
                label = f"{COMMENT_PARTS[part]} on {rated.ref}"
                parsed.errors[f"{rated.key}-{part}"] = _length_error(text, MAX_COMMENT_LENGTH, label)
        parsed.stances[rated.key] = StanceData(stance, parts)
    for question in page.questions:
        if question.choices:
            chosen = [choice for choice in question.choices if choice in posted.getlist(question.key)]
            answer = AnswerData(chosen=tuple(chosen if question.kind == "choices" else chosen[:1]))
        else:
            text = clean_text(posted.get(question.key) or "")
            answer = AnswerData(" ".join(text.split()) if question.kind == "short" else text)
        parsed.answers[question.key] = answer
        if question.required and not (answer.text or answer.chosen):
            parsed.errors[question.key] = f"Answer “{question.text}”"
        elif len(answer.text) > question.max_length:
            label = f"Your answer to “{question.text}”"
            parsed.errors[question.key] = _length_error(answer.text, question.max_length, label)
    return parsed


def _length_error(text: str, max_length: int, label: str) -> str:
    over = len(text) - max_length
    return (
        f"{label} is {over} {'character' if over == 1 else 'characters'} too long. Shorten it to {max_length} or fewer"
    )
