"""A page of a form as its template needs it: each control with its label, what is filled in, and its error."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from engagement.feedback.responses.parsing import MAX_COMMENT_LENGTH, AnswerData, StanceData
from engagement.feedback.schema import COMMENT_PARTS, STANCES, FormPage, Question, RatedProposition

__all__ = [
    "AnswerSummary",
    "ChoiceInput",
    "Control",
    "PropositionControl",
    "conflict_errors",
    "error_list",
    "proposition_controls",
    "question_controls",
    "summarise_page",
]


@dataclass(frozen=True, slots=True)
class ChoiceInput:
    """One radio button or checkbox."""

    id: str
    value: str
    label: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Control:
    """A question. ``id`` is where its label, or its error, leads to."""

    name: str
    text: str
    hint: str = ""
    ref: str = ""
    value: str = ""
    choices: tuple[ChoiceInput, ...] = ()
    several: bool = False
    one_line: bool = False
    required: bool = False
    max_length: int = 0
    error: str = ""
    #: What was chosen once, and isn't offered any more.
    earlier: tuple[str, ...] = ()
    #: What is saved, in lines, where something else is filled in here; None where the two agree.
    saved: tuple[str, ...] | None = None

    @property
    def id(self) -> str:
        return self.choices[0].id if self.choices else self.name

    @property
    def text_area_value(self) -> str:
        """The value as a text area takes it: browsers drop one line break at its beginning, so that is added."""
        return f"\n{self.value}"

    @property
    def has_content(self) -> bool:
        """Whether somebody's own words, or an error, stand in it."""
        return bool(self.value or self.error or self.saved is not None)

    @property
    def html(self) -> SafeString:
        return _render(self) if self.has_content else _render_once(self)

    @property
    def described_by(self) -> str:
        """The ids of what a screen reader reads after the label."""
        descriptions = (
            (self.hint or self.max_length, f"{self.name}-hint"),
            (self.earlier, f"{self.name}-earlier"),
            (self.error, f"{self.name}-err"),
            (self.saved is not None, f"{self.name}-saved"),
        )
        return " ".join(fragment for is_there, fragment in descriptions if is_there)


@dataclass(frozen=True, slots=True)
class PropositionControl:
    """A proposition: the stance on it, and the comments."""

    proposition: RatedProposition
    stance: Control
    parts: tuple[Control, ...]
    #: Nothing else is asked on its page, so there is room to show the comments at once.
    is_alone: bool = False

    @property
    def is_expanded(self) -> bool:
        """Whether a comment is written, or something is wrong with one."""
        return any(part.has_content for part in self.parts)

    @property
    def html(self) -> SafeString:
        return _render(self) if self.is_expanded or self.stance.has_content else _render_once(self)


def _render(control: Control | PropositionControl) -> SafeString:
    if isinstance(control, Control):
        return render_to_string("feedback/question_control.html", {"control": control})
    return render_to_string("feedback/proposition_control.html", {"rated": control})


#: A room full of people gets the same controls in the same minute. Nothing that somebody wrote is kept.
_render_once = lru_cache(maxsize=1000)(_render)


def question_controls(
    page: FormPage,
    answers: Mapping[str, AnswerData],
    errors: Mapping[str, str],
    conflicts: Mapping[str, str] | None = None,
) -> list[Control]:
    """The controls of a page's questions, with what was answered, and what is saved where that is something else."""
    return [
        _question_control(
            question,
            answers.get(question.key, AnswerData()),
            errors.get(question.key, ""),
            _saved_lines(question.key, conflicts),
        )
        for question in page.questions
    ]


def _saved_lines(name: str, conflicts: Mapping[str, str] | None) -> tuple[str, ...] | None:
    """What is saved in a control in conflict, in words: of a stance, its label."""
    if not conflicts or name not in conflicts:
        return None
    return tuple(STANCES.get(line, line) for line in conflicts[name].splitlines())


def _question_control(question: Question, answer: AnswerData, error: str, saved: tuple[str, ...] | None) -> Control:
    choices = tuple(
        ChoiceInput(f"{question.key}-{number}", choice, choice, choice in answer.chosen)
        for number, choice in enumerate(question.choices, start=1)
    )
    return Control(
        name=question.key,
        text=question.text,
        hint=question.hint,
        ref=question.ref,
        value=answer.text,
        choices=choices,
        several=question.kind == "choices",
        one_line=question.kind == "short",
        required=question.required,
        max_length=0 if choices else question.max_length,
        error=error,
        earlier=tuple(choice for choice in answer.chosen if choice not in question.choices),
        saved=saved,
    )


def proposition_controls(
    page: FormPage,
    stances: Mapping[str, StanceData],
    errors: Mapping[str, str],
    conflicts: Mapping[str, str] | None = None,
) -> list[PropositionControl]:
    """The controls of a page's propositions, with what was said, and what is saved where that is something else."""
    is_alone = len(page.propositions) == 1 and not page.questions
    return [
        _proposition_control(rated, stances.get(rated.key, StanceData()), errors, conflicts, is_alone)
        for rated in page.propositions
    ]


def _proposition_control(
    rated: RatedProposition,
    given: StanceData,
    errors: Mapping[str, str],
    conflicts: Mapping[str, str] | None,
    is_alone: bool,
) -> PropositionControl:
    choices = tuple(
        ChoiceInput(f"{rated.key}-{value}", value, label, value == given.stance) for value, label in STANCES.items()
    )
    stance = Control(
        rated.key,
        rated.title,
        ref=rated.ref,
        choices=choices,
        error=errors.get(rated.key, ""),
        saved=_saved_lines(rated.key, conflicts),
    )
    parts = tuple(
        Control(
            f"{rated.key}-{part}",
            f"{label} on {rated.ref}" if part == "comment" else f"{label} ({rated.ref})",
            value=given.parts.get(part, ""),
            max_length=MAX_COMMENT_LENGTH,
            error=errors.get(f"{rated.key}-{part}", ""),
            saved=_saved_lines(f"{rated.key}-{part}", conflicts),
        )
        for part, label in COMMENT_PARTS.items()
    )
    return PropositionControl(rated, stance, parts, is_alone)


def conflict_errors(page: FormPage, conflicts: Mapping[str, str]) -> dict[str, str]:
    """What is said beside the controls in which something else was saved since the page was shown."""
    labels = {question.key: f"your answer to “{question.text}”" for question in page.questions}
    for rated in page.propositions:
        labels[rated.key] = f"how far you support {rated.ref}"
        labels |= {f"{rated.key}-{part}": f"{COMMENT_PARTS[part]} on {rated.ref}".lower() for part in COMMENT_PARTS}
    return {name: f"Something else is saved now as {labels[name]}" for name in conflicts}


def error_list(page: FormPage, errors: Mapping[str, str]) -> list[tuple[str, str]]:
    """The errors of a page in its order, each with the id of the control it leads to."""
    if not errors:
        return []
    controls = [
        control
        for proposition in proposition_controls(page, {}, {})
        for control in (proposition.stance, *proposition.parts)
    ]
    controls += question_controls(page, {}, {})
    return [(control.id, errors[control.name]) for control in controls if control.name in errors]


@dataclass(frozen=True, slots=True)
class AnswerSummary:
    """A question with its answer in words, for checking; no lines where nothing was answered."""

    ref: str
    text: str
    lines: tuple[str, ...]


def summarise_page(
    page: FormPage, answers: Mapping[str, AnswerData], stances: Mapping[str, StanceData]
) -> list[AnswerSummary]:
    """What was answered on a page, in its order."""
    summaries = []
    for rated in page.propositions:
        given = stances.get(rated.key, StanceData())
        lines = [STANCES[given.stance]] if given.stance else []
        lines += [f"{label}: {text}" for part, label in COMMENT_PARTS.items() if (text := given.parts.get(part))]
        summaries.append(AnswerSummary(rated.ref, rated.title, tuple(lines)))
    for question in page.questions:
        answer = answers.get(question.key, AnswerData())
        lines = [*answer.chosen] or ([answer.text] if answer.text else [])
        summaries.append(AnswerSummary(question.ref, question.text, tuple(lines)))
    return summaries
