"""What every page of answering looks for first is read by statements of our own: it must be what Django would read."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from engagement.feedback.models import FeedbackRound, FormVersion, RoundSession
from engagement.feedback.responses import queries, submissions
from engagement.feedback.rounds.opening import freeze_form
from tests.feedback.builders import submit_answers

pytestmark = pytest.mark.pg


def values(row: Model) -> dict[str, Any]:
    """Everything that a row holds, each value with its type."""
    held = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: (type(value), value) for name, value in held.items()}


def same(found: Model | None) -> bool:
    """Whether a row holds what Django reads of it, and knows which database it is from."""
    assert found is not None
    read = type(found)._base_manager.get(pk=found.pk)
    assert not found.get_deferred_fields()
    return values(found) == values(read) and found == read and found._state.db == read._state.db


def test_rows_hold_what_django_reads_of_them(fair: SimpleNamespace):
    response = submit_answers(fair, comment="Wind ✓ ‏ریح", chosen="Red", address="anna@example.org", may_contact=True)
    assert same(queries.find_response(response.client_key))
    assert same(queries.find_respondent(response))
    assert same(queries.find_session("KT7194"))
    assert [same(row) for row in queries.answers_of(response)] == [True]
    assert [same(row) for row in queries.stances_of(response)] == [True]
    assert same(queries.find_round(fair.round.slug))


def test_a_round_comes_with_its_newest_form_in_one_query(fair: SimpleNamespace):
    RoundSession.objects.filter(pk=fair.sessions[0].pk).update(title="Kites and tails")
    newest = freeze_form(FeedbackRound.objects.get(pk=fair.round.pk))
    assert newest.pk != fair.form.pk
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = queries.find_round(fair.round.slug)
        form = queries.newest_form_of(found)
    assert len(asked) == 1
    assert form is not None
    assert form.form == newest.form
    assert (form.pk, form.number, form.round.pk) == (newest.pk, newest.number, fair.round.pk)


def test_what_isnt_there_isnt_found(fair: SimpleNamespace):
    session = queries.find_session("KT7194")
    assert session is not None
    assert queries.find_session("KT7195") is None
    assert queries.find_session("") is None
    assert queries.find_response("nobody") is None
    assert queries.find_round_of_session(session) == fair.round
    other = FeedbackRound.objects.create(title="Another", slug="another", state=FeedbackRound.State.CLOSED)
    assert queries.find_session("KT7194", other) is None
    # One that was held before this site was there has no form; one that is being built isn't there for the public.
    assert queries.newest_form_of(queries.find_round("another")) is None
    FeedbackRound.objects.filter(pk=fair.round.pk).update(state=FeedbackRound.State.DRAFT)
    assert queries.find_round_of_session(session) is None
    with pytest.raises(Http404):
        queries.find_round(fair.round.slug)


@pytest.mark.parametrize("typed", ["' OR 1=1 --", "%s", "100%", 'a"b', "\\"])
def test_what_was_typed_stays_a_value(fair: SimpleNamespace, typed: str):
    submit_answers(fair)
    assert queries.find_session(typed) is None
    assert queries.find_response(typed) is None
    with pytest.raises(Http404):
        queries.find_round(typed)
    assert submissions.load_saved_response(typed).response is None
    assert FormVersion.objects.exists()
