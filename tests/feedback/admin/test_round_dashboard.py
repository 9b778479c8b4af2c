"""Building, opening and closing a round, as an engagement officer does it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from engagement.feedback.models import FeedbackRound
from engagement.feedback.rounds.opening import close
from tests.feedback.staff import signed_in


@pytest.fixture
def officer(db: None) -> Client:
    return signed_in("Engagement officer")


def built(fair: SimpleNamespace, **changes: Any) -> dict[str, str]:
    """What the browser sends for a round of one session with a proposition and a question."""
    question = {"text": "Why?", "hint": "", "kind": "choice", "choices": "Red\nGreen", "max_length": "500", "ref": ""}
    session = {
        "title": "Kites again",
        "text": "",
        "about": "",
        "propositions": inline_formset([{"proposition": fair.propositions[0].pk}]),
        "questions": inline_formset([question | changes.pop("question", {})]),
    }
    data = {
        "title": "Another fair",
        "slug": "another-fair",
        "intro": "What else?",
        "event": "",
        "opens_at": "",
        "closes_at": "",
        "privacy_text": "Two people read it.",
        "publish_policy": "nothing",
        "suppression_threshold": "5",
        "contact_months": "12",
        "sessions": inline_formset([session]),
    }
    return nested_form_data(data | changes)


def add_url() -> str:
    return reverse(FeedbackRound.snippet_viewset.get_url_name("add"))


def test_a_round_is_built_opened_and_closed(officer: Client, fair: SimpleNamespace, client: Client):
    response = officer.post(add_url(), built(fair), follow=True)
    made = FeedbackRound.objects.get(slug="another-fair")
    desk = reverse("feedback_dashboard", args=[made.pk])
    assert response.redirect_chain[-1][0] == desk
    assert client.get("/feedback/another-fair/").status_code == 404
    officer.post(reverse("feedback_round_action", args=[made.pk, "open"]))
    made.refresh_from_db()
    assert made.state == "open"
    (session,) = made.sessions.all()
    assert len(session.code) == 6
    assert client.get(f"/join/{session.code}/", follow=True).status_code == 200
    officer.post(reverse("feedback_round_action", args=[made.pk, "close"]))
    assert client.get("/feedback/another-fair/answer/1/", follow=True).status_code == 410
    page = officer.get(desk).content.decode()
    assert "Opened with form 1" in page
    assert [event.action for event in made.events.all()] == ["opened", "closed"]
    assert all(event.by.username == "Engagement officer" for event in made.events.all())


def test_a_round_that_asks_nothing_is_not_opened_and_says_why(officer: Client, db: None):
    empty = FeedbackRound.objects.create(title="Empty", slug="empty", intro="x", privacy_text="x")
    response = officer.post(reverse("feedback_round_action", args=[empty.pk, "open"]), follow=True)
    empty.refresh_from_db()
    assert empty.state == "draft"
    assert "It has no session." in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"question": {"choices": "Red"}}, "Give two choices or more"),
        ({"question": {"choices": "Red\nRed"}}, "Two of the choices are the same"),
        ({"question": {"kind": "long", "choices": "", "max_length": "0"}}, "Leave room for 10 characters or more"),
        ({"suppression_threshold": "1"}, "Numbers below 3 say what single people answered"),
        ({"opens_at": "2030-01-02 10:00", "closes_at": "2030-01-01 10:00"}, "It would close before it opens"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    officer: Client, fair: SimpleNamespace, changes: dict[str, Any], message: str
):
    page = officer.post(add_url(), built(fair, **changes)).content.decode()
    assert message in page
    assert "Kites again" in page
    assert not FeedbackRound.objects.filter(slug="another-fair").exists()


def test_an_edit_of_an_open_round_makes_a_new_form_and_leaves_the_old(officer: Client, fair: SimpleNamespace):
    edit = reverse(FeedbackRound.snippet_viewset.get_url_name("edit"), args=[fair.round.pk])
    officer.post(edit, built(fair, slug="kite-fair") | sessions_of(fair))
    numbers = list(fair.round.forms.values_list("number", flat=True))
    assert numbers == [1, 2]
    assert [page.title for page in fair.round.forms.get(number=1).schema.pages] == ["Kites", "The fair itself"]


def sessions_of(fair: SimpleNamespace) -> dict[str, str]:
    """The form's part for the sessions: both there are are taken out, and a new one is added."""
    gone = [{"id": session.pk, "title": session.title, "DELETE": "on"} for session in fair.sessions]
    for one in gone:
        one |= {"propositions": inline_formset([]), "questions": inline_formset([]), "text": "", "about": ""}
    fresh = {"title": "New", "text": "", "about": "", "propositions": inline_formset([])}
    question = {"text": "Why?", "hint": "", "kind": "long", "choices": "", "max_length": "500", "ref": ""}
    fresh["questions"] = inline_formset([question])
    return nested_form_data({"sessions": inline_formset([*gone, fresh], initial=len(gone))})


@pytest.mark.parametrize("group", ["Content editor", "Analyst", "Publisher"])
def test_others_look_and_neither_open_nor_close(fair: SimpleNamespace, group: str):
    client = signed_in(group)
    assert client.get(reverse("feedback_dashboard", args=[fair.round.pk])).status_code == 200
    client.post(reverse("feedback_round_action", args=[fair.round.pk, "close"]))
    fair.round.refresh_from_db()
    assert fair.round.state == "open"


def test_a_button_needs_a_post(officer: Client, fair: SimpleNamespace):
    assert officer.get(reverse("feedback_round_action", args=[fair.round.pk, "close"])).status_code == 405


@pytest.mark.parametrize("mode", ["round", "step-1", "step-2"])
def test_every_page_is_previewed(fair: SimpleNamespace, mode: str):
    assert mode in dict(fair.round.preview_modes)
    page = fair.round.make_preview_request(preview_mode=mode)
    assert page.status_code == 200
    assert "The kite fair" in page.content.decode()


def test_closing_twice_is_written_once(fair: SimpleNamespace):
    close(fair.round)
    close(fair.round)
    assert fair.round.events.filter(action="closed").count() == 1
