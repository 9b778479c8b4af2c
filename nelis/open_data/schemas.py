"""The shapes that several rooms of the API share. Each room has its own beside its router.

They are plain pydantic models and no Django objects: what isn't named here or there isn't published. Text fields are
empty where nothing is recorded; numbers, dates and whole things are null.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import TextChoices
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer
from pydantic_core import core_schema

from nelis.evidence.models import Statistic
from sectors.models import Basis, Confidence

__all__ = [
    "BasisRecord",
    "Error",
    "FigureLine",
    "Link",
    "ListOf",
    "Number",
    "OneOf",
    "PageRecord",
    "Record",
    "Reference",
    "Role",
    "StrategyRecord",
]


@dataclass(frozen=True, slots=True)
class OneOf:
    """The type of a field with choices: ``Annotated[str, OneOf(Finding.Kind)]``.

    The schema lists the choices where they are used. Enumerations would be defined by name, and every model calls its
    own “Kind” or “Status”. With ``empty``, no choice at all is allowed too.
    """

    choices: type[TextChoices]
    empty: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        values = [str(value) for value in self.choices.values]
        return core_schema.literal_schema([*values, ""] if self.empty else values)


#: A number as JSON has it, not as text.
Number = Annotated[Decimal, PlainSerializer(float, return_type=float)]
T = TypeVar("T", bound=BaseModel)


class Record(BaseModel):
    """The base of everything the API answers."""

    # A schema without these words would let anything through that a later edition adds by mistake.
    model_config = ConfigDict(extra="forbid")


class Reference(Record):
    """Something that has a page of its own, as others refer to it."""

    kind: str = Field(description="What it is, such as “proposition”.")
    ref: str = Field(description="Its permanent reference, by which the API finds it.")
    slug: str = Field(description="What the filters of the site and of the explorer call it.")
    title: str
    url: str = Field(description="Its page.")


class BasisRecord(Record):
    """Who says that two things belong together: a source, or we."""

    basis: Annotated[str, OneOf(Basis)] = Field(description="Stated in a source, or inferred by us.")
    confidence: Annotated[str, OneOf(Confidence, empty=True)] = Field(description="How sure an inference is.")
    reason: str = Field(description="Why they belong together.")


class Link(BasisRecord):
    """A link to another part of the strategy. It is recorded once and given at both ends."""

    to: Reference
    recorded_here: bool = Field(description="Whether it is recorded on this end.")


class Role(BasisRecord):
    """What an organisation does here."""

    organisation: Reference
    role: str = Field(description="Such as “lead” or “partner”.")


class FigureLine(Record):
    """A figure as others show it. The room “figures” has the whole of it."""

    key: str
    text: str = Field(description="As it is read, such as “over £1.6bn”; “Figure not held” where it isn’t.")
    label: str = Field(description="What is counted.")
    status: Annotated[str, OneOf(Statistic.Status)]
    url: str


class PageRecord(Record):
    """What every page has."""

    ref: str = Field(description="Its permanent reference.")
    slug: str
    title: str
    summary: str
    url: str = Field(description="The page for readers.")
    as_of: date | None = Field(description="The day that its content describes.")
    first_published_at: datetime | None
    updated_at: datetime | None = Field(description="When what stands there was published.")
    text: str = Field(description="The text of the page without its mark-up; paragraphs with an empty line between.")
    figures: list[FigureLine] = Field(description="Its headline figures, in order.")
    sources: list[Reference] = Field(description="The sources it rests on as a whole.")


class StrategyRecord(PageRecord):
    """A page with links to the rest of the strategy."""

    links: list[Link]
    organisations: list[Role]


class ListOf(Record, Generic[T]):
    """A part of a list."""

    count: int = Field(description="How many there are with these filters.")
    next: str | None = Field(description="The address of the next part; null at the end.")
    previous: str | None = Field(description="The address of the part before; null at the beginning.")
    items: list[T]


class Error(Record):
    """Why there is no answer."""

    detail: str = Field(description="In words.")
    problems: list[str] = Field(default=[], description="What is wrong with each parameter.")
