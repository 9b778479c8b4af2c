"""A page of a form as a template needs it: every control with its words, what is in it, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from engagement.feedback.responses.parsing import COMMENT_PARTS, MAX_COMMENT_LENGTH, AnswerData, StanceData, options
from engagement.feedback.schema import STANCES, FormPage, Question, RatedProposition

__all__ = [
    "AnswerSummary",
    "Choice",
    "Control",
    "PropositionControl",
    "error_list",
    "proposition_controls",
    "question_controls",
    "summarise_page",
]


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button or box."""

    id: str
    value: str
    label: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Control:
    """One question. ``id`` is where its label, or its error, leads to."""

    name: str
    text: str
    hint: str = ""
    ref: str = ""
    value: str = ""
    choices: tuple[Choice, ...] = ()
    several: bool = False
    one_line: bool = False
    required: bool = False
    max_length: int = 0
    error: str = ""
    #: What was chosen once, and isn't offered any more.
    earlier: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.choices[0].id if self.choices else self.name

    @property
    def has_content(self) -> bool:
        """Whether somebody's own words, or an error, stand in it."""
        return bool(self.value or self.error)

    @property
    def html(self) -> SafeString:
        return _drawn(self) if self.has_content else _drawn_once(self)

    @property
    def described_by(self) -> str:
        """What a screen reader reads after the label."""
        there = (
            (self.hint or self.max_length, f"{self.name}-hint"),
            (self.earlier, f"{self.name}-earlier"),
            (self.error, f"{self.name}-err"),
        )
        return " ".join(fragment for is_there, fragment in there if is_there)


@dataclass(frozen=True, slots=True)
class PropositionControl:
    """A proposition: the stance, and the words about it."""

    rated: RatedProposition
    stance: Control
    parts: tuple[Control, ...]
    #: Nothing else is asked on its page, so there is room to show the words at once.
    is_alone: bool = False

    @property
    def is_expanded(self) -> bool:
        """Whether something is written about it, or wrong with it."""
        return any(part.has_content for part in self.parts)

    @property
    def html(self) -> SafeString:
        return _drawn(self) if self.is_expanded or self.stance.error else _drawn_once(self)


def _drawn(control: Control | PropositionControl) -> SafeString:
    if isinstance(control, Control):
        return render_to_string("feedback/question_control.html", {"control": control})
    return render_to_string("feedback/proposition_control.html", {"one": control})


#: A room full of people gets the same controls in the same minute. Nothing that somebody wrote is kept.
_drawn_once = lru_cache(maxsize=1000)(_drawn)


@dataclass(frozen=True, slots=True)
class AnswerSummary:
    """An answer in words, for checking: the question and what was said; nothing when nothing was."""

    ref: str
    text: str
    lines: tuple[str, ...]


def question_controls(page: FormPage, answers: Mapping[str, AnswerData], errors: Mapping[str, str]) -> list[Control]:
    """The questions of a page."""
    return [_control(item, answers.get(item.key, AnswerData()), errors.get(item.key, "")) for item in page.items]


def _control(item: Question, given: AnswerData, error: str) -> Control:
    offered = options(item)
    choices = tuple(
        Choice(f"{item.key}-{number}", option, option, option in given.chosen)
        for number, option in enumerate(offered, start=1)
    )
    return Control(
        name=item.key,
        text=item.text,
        hint=item.hint,
        ref=item.ref,
        value=given.text,
        choices=choices,
        several=item.kind == "choices",
        one_line=item.kind == "short",
        required=item.required,
        max_length=0 if offered else item.max_length,
        error=error,
        earlier=tuple(one for one in given.chosen if one not in offered),
    )


def proposition_controls(
    page: FormPage, stances: Mapping[str, StanceData], errors: Mapping[str, str]
) -> list[PropositionControl]:
    """The propositions of a page."""
    is_alone = len(page.rated) == 1 and not page.items
    return [_rated(rated, stances.get(rated.key, StanceData()), errors, is_alone) for rated in page.rated]


def _rated(rated: RatedProposition, given: StanceData, errors: Mapping[str, str], is_alone: bool) -> PropositionControl:
    choices = tuple(
        Choice(f"{rated.key}-{value}", value, label, value == given.stance) for value, label in STANCES.items()
    )
    stance = Control(
        rated.key, rated.title, ref=rated.ref, choices=choices, error=errors.get(rated.key, ""), max_length=0
    )
    parts = tuple(
        Control(
            name,
            f"{label} on {rated.ref}" if part == "comment" else f"{label} ({rated.ref})",
            value=given.parts.get(part, ""),
            max_length=MAX_COMMENT_LENGTH,
            error=errors.get(name, ""),
        )
        for part, label in COMMENT_PARTS.items()
        for name in [f"{rated.key}-{part}"]
    )
    return PropositionControl(rated, stance, parts, is_alone)


def error_list(page: FormPage, errors: Mapping[str, str]) -> list[tuple[str, str]]:
    """The errors of a page in its order, each with the id it leads to."""
    ids = {}
    for rated in proposition_controls(page, {}, {}):
        ids |= {control.name: control.id for control in (rated.stance, *rated.parts)}
    ids |= {control.name: control.id for control in question_controls(page, {}, {})}
    return [(ids[name], errors[name]) for name in ids if name in errors]


def summarise_page(
    page: FormPage, answers: Mapping[str, AnswerData], stances: Mapping[str, StanceData]
) -> list[AnswerSummary]:
    """What was answered on a page, in its order."""
    found = []
    for rated in page.rated:
        given = stances.get(rated.key, StanceData())
        lines = [STANCES[given.stance]] if given.stance else []
        lines += [f"{label}: {given.parts[part]}" for part, label in COMMENT_PARTS.items() if given.parts.get(part)]
        found.append(AnswerSummary(rated.ref, rated.title, tuple(lines)))
    for item in page.items:
        answer = answers.get(item.key, AnswerData())
        found.append(AnswerSummary(item.ref, item.text, answer.chosen or ((answer.text,) if answer.text else ())))
    return found
