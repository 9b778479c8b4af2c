"""The form of a round as plain data: its pages, and the questions and propositions on each. No database, no request."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

__all__ = [
    "COMMENT_PARTS",
    "STANCES",
    "STANCE_GROUPS",
    "FormPage",
    "FormSchema",
    "Question",
    "RatedProposition",
    "proposition_id_of",
    "proposition_key",
]

#: The stances on a proposition, most in favour first, then “unsure”, with the labels that people read.
STANCES = {
    "strongly_support": "Strongly support",
    "support": "Support",
    "neither": "Neither",
    "oppose": "Oppose",
    "strongly_oppose": "Strongly oppose",
    "unsure": "Unsure",
}
#: What stances are published as where six are too fine: each with the labels of the stances that are in it.
STANCE_GROUPS = {
    "Support, strongly or not": ("Strongly support", "Support"),
    "Neither": ("Neither",),
    "Oppose, strongly or not": ("Oppose", "Strongly oppose"),
    "Unsure": ("Unsure",),
}
#: The comments that can be made on a proposition beside a stance, with their labels.
COMMENT_PARTS = {
    "comment": "Your comment",
    "missing": "What is missing",
    "ask_government": "What should be asked of government",
    "role_partners": "What the region’s partners should do",
}


def proposition_key(proposition_id: int) -> str:
    """The key of a proposition in a form, such as ``p12``: the name of its controls, and the start of its anchors."""
    return f"p{proposition_id}"


def proposition_id_of(key: str) -> int:
    """The proposition that such a key stands for."""
    return int(key[1:])


@dataclass(frozen=True, slots=True)
class Question:
    """A question. ``key`` stays the same from one version of the form to the next.

    ``choices`` are what can be chosen, whatever its kind; empty for a question that is answered in words.
    """

    key: str
    text: str
    kind: str
    hint: str = ""
    ref: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    max_length: int = 2000


@dataclass(frozen=True, slots=True)
class RatedProposition:
    """A proposition to take a stance on, in the version that was public when the form was frozen."""

    key: str
    proposition: int
    version: int
    number: int
    ref: str
    title: str
    summary: str
    url: str
    accent: str = ""

    @property
    def page_url(self) -> str:
        """The proposition’s own page, which shows its newest version."""
        return self.url.removesuffix(f"v{self.number}/")

    @property
    def respond_url(self) -> str:
        """The page on which this proposition alone is responded to."""
        return f"{self.page_url}respond/"


@dataclass(frozen=True, slots=True)
class FormPage:
    """One page of the form: a session of the round."""

    key: str
    title: str
    text: str = ""
    accent: str = ""
    propositions: tuple[RatedProposition, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class FormSchema:
    """Everything that a round asks. ``sectors`` are the choices for the sector that a respondent works in."""

    title: str
    intro: str
    privacy: str
    pages: tuple[FormPage, ...] = ()
    sectors: tuple[str, ...] = ()

    def questions(self) -> Iterator[Question]:
        """All questions, in order."""
        for page in self.pages:
            yield from page.questions

    def propositions(self) -> Iterator[RatedProposition]:
        """All propositions to rate, in order."""
        for page in self.pages:
            yield from page.propositions

    def step_of_proposition(self, proposition_id: int) -> int | None:
        """The number of the page that asks about a proposition, from 1; None if no page does."""
        for step, page in enumerate(self.pages, start=1):
            if any(rated.proposition == proposition_id for rated in page.propositions):
                return step
        return None

    def as_data(self) -> dict[str, Any]:
        """The schema as JSON-serialisable data."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "FormSchema":
        """Build the schema that ``as_data`` serialised."""
        pages = tuple(
            FormPage(
                **page
                | {
                    "propositions": tuple(RatedProposition(**rated) for rated in page["propositions"]),
                    "questions": tuple(
                        Question(**question | {"choices": tuple(question["choices"])}) for question in page["questions"]
                    ),
                }
            )
            for page in data["pages"]
        )
        return cls(**data | {"pages": pages, "sectors": tuple(data.get("sectors", ()))})
