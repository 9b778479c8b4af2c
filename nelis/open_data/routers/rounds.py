"""Rounds of feedback that were reported back: where their published figures are."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from ninja import Query
from pydantic import Field

from engagement.feedback.models import FeedbackRound
from engagement.feedback.reporting.open_data import open_data_files
from nelis.core.site_address import absolute_url
from nelis.open_data.parameters import ListParameters, Ref
from nelis.open_data.resources import ReadRouter, Resource
from nelis.open_data.schemas import ListOf, Record

__all__ = ["ROUNDS", "router"]

router = ReadRouter(tags=["Feedback"])


class RoundFile(Record):
    """A file of open data of a round."""

    name: str = Field(description="“counts” for the figures, “outcomes” for what came of them, “answers” for words.")
    csv_url: str
    json_url: str


class Round(Record):
    """A round of feedback whose results are published. Nobody who answered can be found in it."""

    ref: str = Field(description="The slug in its address.")
    title: str
    intro: str
    opens_at: datetime | None
    closes_at: datetime | None
    reported_at: datetime | None
    is_demonstration: bool = Field(description="Whether its answers were made up by a program.")
    suppression_threshold: int = Field(description="Numbers of people below this aren’t published.")
    results_url: str
    files: list[RoundFile]


def public() -> QuerySet[Any]:
    """Return the rounds whose results are published."""
    return FeedbackRound.objects.filter(state=FeedbackRound.State.REPORTED).order_by("-opens_at", "-pk")


def records(rounds: Iterable[FeedbackRound]) -> list[Round]:
    """Make records of rounds. No query."""
    return [
        Round(
            ref=round_.slug,
            title=round_.title,
            intro=round_.intro,
            opens_at=round_.opens_at,
            closes_at=round_.closes_at,
            reported_at=round_.reported_at,
            is_demonstration=round_.is_demonstration,
            suppression_threshold=round_.suppression_threshold,
            results_url=absolute_url(reverse("feedback:results", args=[round_.slug])),
            files=[
                RoundFile(name=name, csv_url=_file_url(round_, name, "csv"), json_url=_file_url(round_, name, "json"))
                for name in open_data_files(round_)
            ],
        )
        for round_ in rounds
    ]


def _file_url(round_: FeedbackRound, name: str, kind: str) -> str:
    return absolute_url(reverse("feedback:data_file", args=[round_.slug, name, kind]))


ROUNDS = Resource("rounds", "round", Round, public, records, "slug")


@router.read("/rounds", ListOf[Round], summary="List the rounds that were reported back")
def list_rounds(request: HttpRequest, filters: Query[ListParameters]) -> ListOf[Round]:
    """Rounds of feedback with published results, each with the addresses of its files."""
    return ROUNDS.part(request, public(), filters)


@router.read("/rounds/{ref}", Round, summary="Get one round")
def get_round(request: HttpRequest, ref: Ref) -> Round:
    """A round that was reported back, by the slug in its address."""
    return ROUNDS.one(ref)
