"""Who publishes a report, when, and what is added to it."""

from types import SimpleNamespace

import pytest
from django.test import Client

from engagement.feedback.analysis.permissions import RefusedError
from engagement.feedback.models import FeedbackRound, Theme
from engagement.feedback.reporting import publishing
from engagement.feedback.rounds.opening import close
from tests.feedback.builders import (
    COMMENT,
    close_and_report,
    get_officer,
    submit_answers,
    write_report,
)
from tests.feedback.reporting.pages import read_page, submit_many


def test_additions_are_published_by_themselves(fair: SimpleNamespace, client: Client):
    made = write_report(fair, submit_many(fair))
    close_and_report(fair)
    with pytest.raises(RefusedError, match="nothing new"):
        publishing.publish_additions(fair.round, get_officer("otto"))
    later = fair.round.official_responses.create(you_said="Later words.", decision="noted", reason="Later.")
    later.themes.add(made.theme)
    assert "Later words." not in read_page(client)
    publishing.publish_additions(fair.round, get_officer("otto"))
    assert "Later words." in read_page(client)
    publishing.unpublish_row(later, get_officer())
    assert "Later words." not in read_page(client)
    assert [event.action for event in fair.round.events.all()][-3:] == [
        "reported back",
        "report added to",
        "response taken back",
    ]


def test_what_can_not_be_reported(fair: SimpleNamespace):
    with pytest.raises(RefusedError, match="isn’t closed"):
        publishing.report_back(fair.round, get_officer("otto"))
    close(fair.round)
    with pytest.raises(RefusedError, match="neither a theme nor"):
        publishing.report_back(fair.round, get_officer("otto"))
    with pytest.raises(RefusedError):
        publishing.unpublish_report(fair.round, get_officer(), "")
    with pytest.raises(RefusedError):
        publishing.publish_additions(fair.round, get_officer("otto"))


def test_the_first_report_sets_the_clock_for_contact_details(fair: SimpleNamespace):
    write_report(fair, submit_many(fair))
    close_and_report(fair)
    first = fair.round.reported_at
    publishing.unpublish_report(fair.round, get_officer(), "A slip.")
    publishing.report_back(fair.round, get_officer("otto"))
    fair.round.refresh_from_db()
    assert fair.round.reported_at == first


def test_nobody_publishes_what_they_wrote_themselves(fair: SimpleNamespace):
    mine = submit_answers(fair, comment=COMMENT)
    close(fair.round)
    written = write_report(fair, mine)
    publishing.record_edit(written.theme, get_officer(), is_new=True)
    with pytest.raises(RefusedError, match="somebody else publishes it"):
        publishing.report_back(fair.round, get_officer())
    publishing.report_back(fair.round, get_officer("otto"))
    later = Theme.objects.create(round=fair.round, title="Rain", summary="Some missed the rain.")
    publishing.record_edit(later, get_officer("otto"), is_new=True)
    with pytest.raises(RefusedError, match="somebody else publishes it"):
        publishing.publish_additions(fair.round, get_officer("otto"))
    publishing.publish_additions(fair.round, get_officer())
    later.refresh_from_db()
    assert later.published_at


def test_one_person_alone_can_try_a_demonstration(fair: SimpleNamespace):
    mine = submit_answers(fair, comment=COMMENT)
    close(fair.round)
    FeedbackRound.objects.filter(pk=fair.round.pk).update(is_demonstration=True)
    publishing.record_edit(write_report(fair, mine).theme, get_officer(), is_new=True)
    publishing.report_back(FeedbackRound.objects.get(pk=fair.round.pk), get_officer())
