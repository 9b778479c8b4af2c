"""A form of a round as plain data: pages, and what each of them asks. Knows no database and no request."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["STANCES", "FormPage", "FormSchema", "Question", "RatedProposition"]

#: The stances on a proposition, most in favour first, then “unsure”. The words are what people read.
STANCES = {
    "strongly_support": "Strongly support",
    "support": "Support",
    "neither": "Neither",
    "oppose": "Oppose",
    "strongly_oppose": "Strongly oppose",
    "unsure": "Unsure",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question. ``key`` stays the same from one version of the form to the next."""

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
    """A proposition to take a stance on, in the version that was public then."""

    key: str
    proposition: int
    version: int
    number: int
    ref: str
    title: str
    summary: str
    url: str
    hue: str = ""

    @property
    def page_url(self) -> str:
        """Where the proposition stands as it is now."""
        return self.url.removesuffix(f"v{self.number}/")

    @property
    def respond_url(self) -> str:
        """Where it is responded to by itself: below its own address, beside its versions."""
        return f"{self.page_url}respond/"


@dataclass(frozen=True, slots=True)
class FormPage:
    """One page of the form: a session."""

    key: str
    title: str
    text: str = ""
    hue: str = ""
    rated: tuple[RatedProposition, ...] = ()
    items: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class FormSchema:
    """Everything that is asked in a round."""

    title: str
    intro: str
    privacy: str
    pages: tuple[FormPage, ...] = field(default=())
    #: What can be chosen for the sector that somebody works in: those of the strategy at the time.
    sectors: tuple[str, ...] = ()

    def items(self) -> Iterator[Question]:
        """All questions, in order."""
        for page in self.pages:
            yield from page.items

    def rated(self) -> Iterator[RatedProposition]:
        """All propositions to rate, in order."""
        for page in self.pages:
            yield from page.rated

    def as_data(self) -> dict[str, Any]:
        """For keeping: nothing but strings, numbers, lists and objects."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "FormSchema":
        """The form that ``as_data`` gave."""
        pages = tuple(
            FormPage(
                **page
                | {
                    "rated": tuple(RatedProposition(**one) for one in page["rated"]),
                    "items": tuple(Question(**one | {"choices": tuple(one["choices"])}) for one in page["items"]),
                }
            )
            for page in data["pages"]
        )
        return cls(**data | {"pages": pages, "sectors": tuple(data.get("sectors", ()))})
