"""The workflow of a submitted response: who may move it from which state to which."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from engagement.feedback.analysis.permissions import RefusedError
from engagement.feedback.analysis.response_workflow import TRANSITIONS, available_transitions, change_state
from engagement.feedback.models import FeedbackRound, Response
from nelis.core.models import ContentVersion
from tests.feedback.staff import ANALYST, client_for, close_round, make_staff, submit_response

pytestmark = pytest.mark.pg


def sent(fair: SimpleNamespace, policy: str = "anonymous") -> Response:
    FeedbackRound.objects.filter(pk=fair.round.pk).update(publish_policy=policy)
    response = submit_response(fair, "Wind")
    close_round(fair)
    return response


class TestSteps:
    def test_from_sent_to_published_and_back(self, fair: SimpleNamespace):
        response, officer = sent(fair), make_staff()
        before = ContentVersion.current()
        for state in ("coded", "moderated", "published", "moderated", "published"):
            change_state(response, state, officer)
        # Nobody sees it before the round is reported back; after that every step may change what is seen.
        assert ContentVersion.current() == before
        FeedbackRound.objects.filter(pk=fair.round.pk).update(state=FeedbackRound.State.REPORTED)
        change_state(response, "withheld", officer, "Its author wrote to us")
        assert ContentVersion.current() > before
        assert Response.objects.get(pk=response.pk).state == "withheld"
        notes = [event.note for event in response.events.all()]
        assert notes[0] == "Sent → Coded"
        assert notes[-1] == "Published → Not to be published: Its author wrote to us"

    def test_every_step_that_there_isnt_is_refused(self, fair: SimpleNamespace):
        response, officer = sent(fair), make_staff()
        allowed = {(transition.source, transition.target) for transition in TRANSITIONS}
        for before in Response.State:
            for to in Response.State:
                Response.objects.filter(pk=response.pk).update(state=before)
                if (before, to) in allowed:
                    change_state(response, to, officer, "So")
                    continue
                with pytest.raises(RefusedError):
                    change_state(response, to, officer, "So")
                assert Response.objects.get(pk=response.pk).state == before

    def test_withholding_needs_a_reason(self, fair: SimpleNamespace):
        response, officer = sent(fair), make_staff()
        change_state(response, "coded", officer)
        with pytest.raises(RefusedError, match="Say why"):
            change_state(response, "withheld", officer, "  ")

    def test_a_round_that_publishes_no_whole_answers_has_no_such_step(self, fair: SimpleNamespace):
        response, officer = sent(fair, "quotes"), make_staff()
        change_state(response, "coded", officer)
        change_state(response, "moderated", officer)
        transitions = available_transitions(Response.objects.get(pk=response.pk), officer)
        assert "published" not in {transition.target for transition in transitions}
        with pytest.raises(RefusedError):
            change_state(response, "published", officer)

    def test_an_analyst_checks_and_neither_publishes_nor_withholds(self, fair: SimpleNamespace):
        response, analyst = sent(fair), make_staff(ANALYST)
        client = client_for(analyst)
        url = reverse("feedback_response", args=[fair.round.pk, response.pk])
        for state in ("coded", "moderated", "published", "withheld"):
            client.post(url, {"do": "move", "to": state, "reason": "So"})
        assert Response.objects.get(pk=response.pk).state == "moderated"
