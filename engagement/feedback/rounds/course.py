"""How far a round has come, as readers see it: open, closed, answers sorted, reported back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils import timezone
from django.utils.dateformat import format as date_format

from engagement.feedback.models import FeedbackRound

__all__ = ["CourseStep", "round_course"]

NOT_HELD = "not held"


@dataclass(frozen=True, slots=True)
class CourseStep:
    """One of the four steps. ``state`` is how its mark is drawn: a blank one is a step of which nothing is held."""

    title: str
    note: str
    state: Literal["done", "now", "ahead", "blank"]


def round_course(round_: FeedbackRound, *, was_open: bool) -> list[CourseStep]:
    """The four steps of a public round.

    ``was_open``: whether it was ever open here. Of one that was held before there was this site, no answers are held.
    """
    if not was_open and round_.state == round_.State.CLOSED:
        return [
            CourseStep("Open", "not on this site", "done"),
            CourseStep("Closed", _day(round_.ended_at), "done"),
            CourseStep("Answers sorted", NOT_HELD, "blank"),
            CourseStep("Reported back", NOT_HELD, "blank"),
        ]
    takes_answers, is_reported = round_.takes_answers(), round_.state == round_.State.REPORTED
    is_over = not takes_answers and not round_.is_scheduled
    opened = "Opened" if is_over else "Open"
    return [
        CourseStep(opened, _opening(round_), "now" if takes_answers else "done" if is_over else "ahead"),
        CourseStep("Closed", _closing(round_), "done" if is_reported else "now" if is_over else "ahead"),
        CourseStep("Answers sorted", "counted, and grouped in themes", "done" if is_reported else "ahead"),
        CourseStep(
            "Reported back",
            _day(round_.reported_at) or "what you said, and what was done",
            "done" if is_reported else "ahead",
        ),
    ]


def _opening(round_: FeedbackRound) -> str:
    if round_.takes_answers():
        if round_.closes_at:
            return f"now, until {_moment(round_.closes_at)}"
        return "now, no closing date set"
    return _moment(round_.opens_at) if round_.is_scheduled else _day(round_.opens_at)


def _closing(round_: FeedbackRound) -> str:
    if round_.ended_at is None and (round_.takes_answers() or round_.is_scheduled):
        return _moment(round_.closes_at) or "no date set"
    return _day(round_.ended_at)


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y") if moment else ""


def _moment(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i") if moment else ""
