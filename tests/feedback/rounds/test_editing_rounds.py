"""A round that is edited stays one that can be answered: whoever sits in the hall is cut off by no edit."""

from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from engagement.feedback.models import FeedbackRound, RoundProposition, RoundSession
from engagement.feedback.rounds.opening import (
    CannotOpenError,
    apply_edit,
    close,
    freeze_form,
    open_round,
    opening_problems,
)
from tests.feedback.admin.test_round_dashboard import add_url, built
from tests.feedback.builders import submit_answers
from tests.feedback.form_browser import Browser
from tests.feedback.responses.test_answering_a_round import BEGIN, first_page
from tests.sectors.conftest import propose

pytestmark = pytest.mark.pg


def edit_url(asked: FeedbackRound) -> str:
    return reverse(FeedbackRound.snippet_viewset.get_url_name("edit"), args=[asked.pk])


def form_of_round(asked: FeedbackRound, *more: dict[str, Any], without: tuple[int, ...] = (), **changes: Any) -> Any:
    """What the browser sends for a round as it stands: sessions in ``without`` taken out, ``more`` ones added."""
    kept = [
        {
            "id": one.pk,
            "title": one.title,
            "text": one.text,
            "about": one.about_id or "",
            **({"DELETE": "on"} if one.pk in without else {}),
            "propositions": inline_formset(
                [{"id": row.pk, "proposition": row.proposition_id} for row in one.propositions.all()],
                initial=one.propositions.count(),
            ),
            "questions": inline_formset(
                [
                    {
                        name: getattr(row, name)
                        for name in ("id", "text", "hint", "kind", "choices", "max_length", "ref")
                    }
                    | ({"is_required": "on"} if row.is_required else {})
                    for row in one.questions.all()
                ],
                initial=one.questions.count(),
            ),
        }
        for one in asked.sessions.all()
    ]
    fields = ("title", "slug", "intro", "privacy_text", "publish_policy", "suppression_threshold", "contact_months")
    data = {name: getattr(asked, name) for name in fields} | {"event": "", "opens_at": "", "closes_at": ""} | changes
    return nested_form_data(data | {"sessions": inline_formset([*kept, *more], initial=len(kept))})


def session(*propositions: Any, title: str = "Afternoon") -> dict[str, Any]:
    rows = inline_formset([{"proposition": page.pk} for page in propositions])
    return {"title": title, "text": "", "about": "", "propositions": rows, "questions": inline_formset([])}


class TestTwice:
    """A proposition that is asked about on two pages would have one answer between them."""

    def test_the_form_says_so_beside_it_and_keeps_what_was_typed(self, olive: Client, fair: SimpleNamespace):
        data = built(fair) | form_of_sessions(
            session(fair.propositions[0], title="Morning"), session(fair.propositions[0], title="Afternoon")
        )
        page = BeautifulSoup(olive.post(add_url(), data).content, "html.parser")
        assert not FeedbackRound.objects.filter(slug="another-fair").exists()
        (error,) = page.find_all(string=lambda text: "P1 is asked about already" in text)
        assert "“Morning”" in error
        # Beside the second of them.
        assert error.find_parent(attrs={"id": lambda value: value and "sessions-1-propositions-0" in value})
        assert page.find("input", attrs={"name": "sessions-1-title"})["value"] == "Afternoon"

    def test_it_can_move_to_another_session(self, olive: Client, fair: SimpleNamespace):
        gone = fair.sessions[0].pk
        olive.post(edit_url(fair.round), form_of_round(fair.round, session(*fair.propositions), without=(gone,)))
        assert fair.round.newest_form().number == 2
        assert not RoundSession.objects.filter(pk=gone).exists()

    def test_such_a_round_is_not_opened(self, fair: SimpleNamespace):
        close(fair.round)
        RoundProposition.objects.create(session=fair.sessions[1], proposition=fair.propositions[0])
        assert opening_problems(fair.round) == ["P1 is asked about more than once."]
        with pytest.raises(CannotOpenError, match="more than once"):
            open_round(fair.round)

    def test_one_that_was_opened_so_still_ends_and_is_reported(self, fair: SimpleNamespace, client: Client):
        RoundProposition.objects.create(session=fair.sessions[1], proposition=fair.propositions[0])
        freeze_form(FeedbackRound.objects.get(pk=fair.round.pk))
        submit_answers(fair, comment="It flies.")
        browser = Browser()
        browser.open(BEGIN)
        close(fair.round)
        browser.send(**first_page(fair))
        assert browser.status == 410
        assert "It flies." in browser.text
        FeedbackRound.objects.filter(pk=fair.round.pk).update(state="reported")
        for path in ("results/", "data/"):
            assert client.get(f"/feedback/kite-fair/{path}").status_code == 200


def form_of_sessions(*sessions: dict[str, Any]) -> dict[str, str]:
    return nested_form_data({"sessions": inline_formset([*sessions])})


class TestOpen:
    """What can't be asked is refused with the reason, and what was typed is still on the page."""

    def test_a_proposition_that_was_never_published(self, olive: Client, fair: SimpleNamespace):
        unpublished = propose(fair.kites, "P3", "Kite school")
        response = olive.post(
            edit_url(fair.round), form_of_round(fair.round, session(unpublished, title="School"), title="The new fair")
        )
        assert response.status_code == 200
        page = BeautifulSoup(response.content, "html.parser")
        assert "P3 isn’t published" in page.text
        assert page.find("input", attrs={"name": "title"})["value"] == "The new fair"
        assert page.find("input", attrs={"name": "sessions-2-title"})["value"] == "School"
        self.nothing_changed(fair)

    def test_without_any_session(self, olive: Client, fair: SimpleNamespace):
        gone = tuple(one.pk for one in fair.sessions)
        response = olive.post(edit_url(fair.round), form_of_round(fair.round, without=gone))
        assert "It has no session" in response.content.decode()
        self.nothing_changed(fair)

    def test_with_a_session_that_asks_nothing(self, olive: Client, fair: SimpleNamespace):
        response = olive.post(edit_url(fair.round), form_of_round(fair.round, session(title="A pause")))
        assert "The session “A pause” asks nothing" in response.content.decode()
        self.nothing_changed(fair)

    def test_what_is_refused_can_be_put_right_and_saved(self, olive: Client, fair: SimpleNamespace):
        """The page that comes back is a form like the one before: nothing in it counts as saved."""
        refused = olive.post(edit_url(fair.round), form_of_round(fair.round, session(title="A pause")))
        page = BeautifulSoup(refused.content, "html.parser")
        assert page.find("input", attrs={"name": "sessions-2-id"}).get("value", "") == ""
        assert page.find("input", attrs={"name": "sessions-INITIAL_FORMS"})["value"] == "2"

    def test_one_that_was_withdrawn_meanwhile_stops_no_edit(self, olive: Client, fair: SimpleNamespace):
        fair.propositions[1].unpublish()
        olive.post(edit_url(fair.round), form_of_round(fair.round, title="The new fair"), follow=True)
        assert FeedbackRound.objects.get(pk=fair.round.pk).title == "The new fair"
        assert len([*fair.round.newest_form().schema.propositions()]) == 2

    def test_whatever_edits_it(self, fair: SimpleNamespace):
        RoundSession.objects.create(round=fair.round, title="A pause")
        with pytest.raises(CannotOpenError, match="asks nothing"):
            apply_edit(FeedbackRound.objects.get(pk=fair.round.pk))

    def nothing_changed(self, fair: SimpleNamespace) -> None:
        assert fair.round.forms.count() == 1
        assert FeedbackRound.objects.get(pk=fair.round.pk).title == "The kite fair"
        assert fair.round.sessions.count() == 2
        assert Browser().open(BEGIN).status_code == 200


@pytest.mark.parametrize("mode", ["round", "step-1"])
def test_a_preview_leaves_out_what_was_never_published(fair: SimpleNamespace, mode: str):
    asked = FeedbackRound.objects.create(title="Another fair", slug="another-fair", intro="x", privacy_text="x")
    made = RoundSession.objects.create(round=asked, title="Kites")
    for page in (fair.propositions[0], propose(fair.kites, "P3", "Kite school")):
        RoundProposition.objects.create(session=made, proposition=page)
    page = FeedbackRound.objects.get(pk=asked.pk).make_preview_request(preview_mode=mode)
    assert page.status_code == 200
    assert "Kite hub" in page.content.decode()
    assert "Kite school" not in page.content.decode()


class TestAddress:
    """The address of a round is in every poster, every receipt and every half-filled page."""

    @pytest.mark.parametrize("state", ["open", "closed", "reported"])
    def test_it_stays_once_people_know_it(self, olive: Client, fair: SimpleNamespace, state: str):
        FeedbackRound.objects.filter(pk=fair.round.pk).update(state=state)
        page = olive.post(edit_url(fair.round), form_of_round(fair.round, slug="kites", title="The new fair"))
        assert "It is known by “kite-fair”" in page.content.decode()
        assert 'value="The new fair"' in page.content.decode()
        assert FeedbackRound.objects.get(pk=fair.round.pk).slug == "kite-fair"

    def test_it_may_change_while_the_round_is_being_built(self, olive: Client, fair: SimpleNamespace):
        FeedbackRound.objects.filter(pk=fair.round.pk).update(state="draft")
        olive.post(edit_url(fair.round), form_of_round(fair.round, slug="kites"))
        assert FeedbackRound.objects.get(pk=fair.round.pk).slug == "kites"
