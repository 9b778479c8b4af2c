"""How far a round has come, in four steps."""

from datetime import timedelta

import pytest
from django.utils import timezone

from engagement.feedback.models import FeedbackRound
from engagement.feedback.rounds.course import round_course


def states(was_open=True, **fields):
    return [step.state for step in round_course(FeedbackRound(**fields), was_open=was_open)]


NOW = timezone.now()
AFTER, BEFORE = NOW + timedelta(days=3650), NOW - timedelta(days=3650)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"state": "open"}, ["now", "ahead", "ahead", "ahead"]),
        ({"state": "open", "closes_at": AFTER}, ["now", "ahead", "ahead", "ahead"]),
        ({"state": "open", "opens_at": AFTER}, ["ahead", "ahead", "ahead", "ahead"]),
        ({"state": "open", "opens_at": BEFORE, "closes_at": BEFORE}, ["done", "now", "ahead", "ahead"]),
        ({"state": "closed"}, ["done", "now", "ahead", "ahead"]),
        ({"state": "reported", "reported_at": BEFORE}, ["done", "done", "done", "done"]),
        ({"state": "closed", "was_open": False}, ["done", "done", "blank", "blank"]),
    ],
)
def test_where_it_stands(fields, expected):
    assert states(**fields) == expected


def test_no_step_says_more_than_is_set():
    notes = [step.note for step in round_course(FeedbackRound(state="open"), was_open=True)]
    assert notes[:2] == ["now, no closing date set", "no date set"]
    held_before = round_course(FeedbackRound(state="closed"), was_open=False)
    assert [step.note for step in held_before][2:] == ["not held", "not held"]
