"""What people were told when they answered holds afterwards, whoever edits the round."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from engagement.feedback.models import FeedbackRound
from engagement.feedback.rounds.opening import close
from tests.feedback.builders import close_and_report, submit_answers, write_report
from tests.feedback.staff import client_for, make_staff


@pytest.fixture
def officer(db: None) -> Client:
    return client_for(make_staff())


def edited(officer: Client, fair: SimpleNamespace, **changes: Any) -> str:
    """The page after the round was saved as it is, but for some changes."""
    one = FeedbackRound.objects.get(pk=fair.round.pk)
    # A form knows no seconds.
    times = {name: getattr(one, name).replace(second=0, microsecond=0) for name in ("opens_at", "closes_at")}
    FeedbackRound.objects.filter(pk=one.pk).update(**times)
    sessions = [
        {
            "id": session.pk,
            "title": session.title,
            "text": "",
            "about": session.about_id or "",
            "propositions": inline_formset(
                [{"id": row.pk, "proposition": row.proposition_id} for row in session.propositions.all()],
                initial=session.propositions.count(),
            ),
            "questions": inline_formset(
                [
                    {
                        "id": row.pk,
                        "text": row.text,
                        "hint": row.hint,
                        "kind": row.kind,
                        "choices": row.choices,
                        "max_length": row.max_length,
                        "ref": row.ref,
                        **({"is_required": "on"} if row.is_required else {}),
                    }
                    for row in session.questions.all()
                ],
                initial=session.questions.count(),
            ),
        }
        for session in one.sessions.all()
    ]
    data = {
        "title": one.title,
        "slug": one.slug,
        "intro": one.intro,
        "event": "",
        "opens_at": timezone.localtime(one.opens_at).strftime("%Y-%m-%d %H:%M"),
        "closes_at": timezone.localtime(one.closes_at).strftime("%Y-%m-%d %H:%M"),
        "privacy_text": one.privacy_text,
        "publish_policy": one.publish_policy,
        "suppression_threshold": one.suppression_threshold,
        "contact_months": one.contact_months,
        "sessions": inline_formset(sessions, initial=len(sessions)),
    }
    address = reverse(FeedbackRound.snippet_viewset.get_url_name("edit"), args=[one.pk])
    return officer.post(address, nested_form_data(data | changes), follow=True).content.decode()


PROMISED = [
    ("publish_policy", "anonymous", "more would be published than people were told"),
    ("publish_policy", "quotes", "more would be published than people were told"),
    ("suppression_threshold", 3, "smaller numbers would be published than people were told"),
    ("contact_months", 24, "kept for longer than people were told"),
]


@pytest.mark.parametrize(("name", "value", "words"), PROMISED)
def test_what_was_promised_is_not_loosened_afterwards(
    officer: Client, fair: SimpleNamespace, name: str, value: Any, words: str
):
    submit_answers(fair)
    page = edited(officer, fair, **{name: value}, title="Another title")
    assert words in page
    assert "Another title" in page
    fair.round.refresh_from_db()
    assert getattr(fair.round, name) != value
    assert fair.round.title == "The kite fair"


@pytest.mark.parametrize(("name", "value", "words"), PROMISED)
def test_before_anybody_could_answer_all_of_it_may_change(
    officer: Client, fair: SimpleNamespace, name: str, value: Any, words: str
):
    edited(officer, fair, **{name: value})
    fair.round.refresh_from_db()
    assert getattr(fair.round, name) == value


def test_a_stricter_promise_may_be_made_and_stands_in_the_record(officer: Client, fair: SimpleNamespace):
    submit_answers(fair)
    FeedbackRound.objects.filter(pk=fair.round.pk).update(publish_policy="anonymous")
    edited(officer, fair, publish_policy="quotes", suppression_threshold=10, contact_months=6)
    fair.round.refresh_from_db()
    assert (fair.round.publish_policy, fair.round.suppression_threshold, fair.round.contact_months) == ("quotes", 10, 6)
    event = fair.round.events.get(action="edited")
    assert event.by.username == "Engagement officer"
    assert event.note == "publish policy, suppression threshold, months that contact details are kept"


def test_an_edit_of_a_reported_round_shows_on_its_pages(officer: Client, fair: SimpleNamespace, client: Client):
    for _ in range(6):
        submit_answers(fair)
    write_report(fair, submit_answers(fair))
    close_and_report(fair)
    address = "/feedback/kite-fair/results/"
    assert "Strongly support" in client.get(address).content.decode()
    edited(officer, fair, title="The great kite fair", suppression_threshold=8)
    page = client.get(address).content.decode()
    assert "The great kite fair" in page
    assert "fewer than 8 people" in page


def test_saving_what_is_there_already_is_no_step(officer: Client, fair: SimpleNamespace):
    edited(officer, fair)
    assert not fair.round.events.filter(action="edited").exists()


def test_an_edit_of_a_closed_round_stands_in_the_record(officer: Client, fair: SimpleNamespace):
    close(fair.round)
    edited(officer, fair, privacy_text="Only one person reads it.")
    assert fair.round.events.get(action="edited").note == "privacy text"


def test_a_round_that_was_reported_back_is_not_opened_under_its_report(
    officer: Client, fair: SimpleNamespace, client: Client
):
    fair.round.themes.create(title="Rain", summary="It rains.")
    close_and_report(fair)
    desk = officer.post(reverse("feedback_round_action", args=[fair.round.pk, "open"]), follow=True).content.decode()
    fair.round.refresh_from_db()
    assert fair.round.state == "reported"
    assert "Withdraw the report first" in desk
    assert client.get("/feedback/kite-fair/results/").status_code == 200


def test_closing_what_is_not_open_says_so(officer: Client, fair: SimpleNamespace):
    FeedbackRound.objects.filter(pk=fair.round.pk).update(state="draft")
    desk = officer.post(reverse("feedback_round_action", args=[fair.round.pk, "close"]), follow=True).content.decode()
    assert "The round is closed." not in desk
    assert "isn’t open" in desk


def test_an_edit_does_not_open_what_was_closed_meanwhile(
    officer: Client, fair: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
):
    whole = FeedbackRound.full_clean

    def closed_meanwhile(self: FeedbackRound, *args: Any, **kwargs: Any) -> None:
        whole(self, *args, **kwargs)
        close(FeedbackRound.objects.get(pk=self.pk))

    monkeypatch.setattr(FeedbackRound, "full_clean", closed_meanwhile)
    edited(officer, fair, title="The great kite fair")
    fair.round.refresh_from_db()
    assert (fair.round.title, fair.round.state) == ("The great kite fair", "closed")
