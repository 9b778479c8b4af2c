"""What a request for a page of a response is about, and what it costs to look that up."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from engagement.feedback.models import FeedbackRound, RoundSession
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.saved_response import load_saved_response
from engagement.feedback.rounds.opening import freeze_form
from engagement.feedback.rounds.session_codes import enter_code
from engagement.feedback.views.answer_request import AnswerRequest
from tests.feedback.builders import submit_answers

#: A request of which nobody knows where it comes from.
NOBODY = RequestFactory().get("/")


def resolve(slug: str = "kite-fair", step: int = 0, key: str = "", **posted: object) -> AnswerRequest:
    path = f"/feedback/{slug}/?k={key}"
    request = RequestFactory().post(path, posted) if posted else RequestFactory().get(path)
    return AnswerRequest.resolve(request, slug, step)


def renew(fair: SimpleNamespace) -> None:
    """Give the form a second version."""
    RoundSession.objects.filter(pk=fair.sessions[0].pk).update(title="Kites and tails")
    freeze_form(FeedbackRound.objects.get(pk=fair.round.pk))


def test_the_round_comes_with_its_newest_form_in_one_query(fair: SimpleNamespace):
    renew(fair)
    # What a version asks is read once in a process.
    assert resolve(step=1).page is not None
    with CaptureQueriesContext(connection) as queries:
        answer = resolve(step=1, key=new_client_key())
        assert answer.page is not None
        assert (answer.round_, answer.page.title) == (fair.round, "Kites and tails")
    assert len(queries) == 1
    assert answer.form == answer.newest
    assert answer.has_valid_key


def test_a_posted_page_belongs_to_the_version_it_was_typed_into(fair: SimpleNamespace):
    renew(fair)
    answer = resolve(step=1, form="1")
    assert answer.form == fair.form
    assert answer.page is not None
    assert answer.page.title == "Kites"
    assert answer.newest is not None
    assert answer.newest.number == 2


@pytest.mark.parametrize("step", [0, 3, 99])
def test_a_page_that_the_form_does_not_have_is_none(fair: SimpleNamespace, step: int):
    assert resolve(step=step).page is None


def test_a_round_that_was_never_open_has_no_form(fair: SimpleNamespace):
    FeedbackRound.objects.create(title="Another", slug="another", state=FeedbackRound.State.CLOSED)
    answer = resolve("another", 1)
    assert (answer.newest, answer.form, answer.page) == (None, None, None)
    with pytest.raises(Http404):
        assert answer.schema


def test_a_round_that_is_being_built_is_not_there_for_the_public(fair: SimpleNamespace):
    session = enter_code(NOBODY, "KT7194")
    assert session is not None
    assert session.round == fair.round
    FeedbackRound.objects.filter(pk=fair.round.pk).update(state=FeedbackRound.State.DRAFT)
    assert enter_code(NOBODY, "KT7194") is None
    with pytest.raises(Http404):
        resolve()


def test_a_session_is_found_by_its_code_in_its_own_round(fair: SimpleNamespace):
    other = FeedbackRound.objects.create(title="Another", slug="another", state=FeedbackRound.State.CLOSED)
    assert enter_code(NOBODY, "kt 7194", fair.round) == fair.sessions[0]
    assert enter_code(NOBODY, "KT7194", other) is None
    assert enter_code(NOBODY, "KT7195") is None
    assert enter_code(NOBODY, "KT71945") is None
    assert enter_code(NOBODY, "") is None


@pytest.mark.pg
@pytest.mark.parametrize("typed", ["' OR 1=1 --", "%s", "100%", 'a"b', "\\"])
def test_what_was_typed_stays_a_value(fair: SimpleNamespace, typed: str):
    submit_answers(fair)
    assert enter_code(NOBODY, typed) is None
    assert load_saved_response(typed).response is None
    with pytest.raises(Http404):
        resolve(typed)
