"""Whose words are quoted, and what reaches them afterwards."""

from types import SimpleNamespace

import pytest
from django.test import Client

from engagement.feedback.analysis.permissions import RefusedError
from engagement.feedback.analysis.response_workflow import change_state
from engagement.feedback.models import Quotation, Redaction, Response
from engagement.feedback.privacy import withdrawals
from nelis.core.models import ContentVersion
from tests.feedback.builders import (
    COMMENT,
    choose_quotation,
    close_and_report,
    comment_place,
    submit_answers,
)
from tests.feedback.reporting.pages import RESULTS, read_open_data, read_page, submit_words


def test_words_are_quoted_without_what_is_blacked_out(fair: SimpleNamespace, client: Client):
    response = submit_words(fair, may_quote=True)
    choose_quotation(fair, response)
    start = COMMENT.index("Mr Blow")
    place = comment_place(fair)
    close_and_report(fair)
    assert "Mr Blow" in read_page(client)
    before = ContentVersion.current()
    Redaction.objects.create(response=response, anchor=place, start=start, end=start + 7, reason="personal")
    assert ContentVersion.current() > before
    for path in (RESULTS, fair.propositions[0].url):
        page = read_page(client, path)
        assert "Kites need wind, says […], and long tails." in page
        assert "Mr Blow" not in page


def test_a_name_stands_only_where_it_was_agreed_to(fair: SimpleNamespace, client: Client):
    response = submit_words(fair, may_quote=True, name="Wilma Weather", organisation="Exampleshire Kites")
    choose_quotation(fair, response, is_named=True)
    close_and_report(fair)
    assert "Wilma Weather, Exampleshire Kites" in read_page(client)
    response.respondent.may_quote = False
    response.respondent.save()
    ContentVersion.bump()
    page = read_page(client)
    assert "Wilma" not in page
    assert "Kites need wind" not in page


def test_without_leave_there_is_no_name_even_where_everything_is_published(fair: SimpleNamespace, client: Client):
    response = submit_words(fair, "anonymous", name="Wilma Weather")
    with pytest.raises(RefusedError, match="nobody agreed"):
        choose_quotation(fair, response, is_named=True)
    choose_quotation(fair, response)
    close_and_report(fair)
    page = read_page(client)
    assert "Kites need wind" in page
    assert "Wilma" not in page


@pytest.mark.parametrize(("policy", "person"), [("nothing", {"may_quote": True}), ("quotes", {"name": "W"})])
def test_who_may_not_be_quoted_is_not(fair: SimpleNamespace, policy: str, person: dict[str, object]):
    response = submit_words(fair, policy, **person)
    with pytest.raises(RefusedError, match="may not be quoted"):
        choose_quotation(fair, response)
    assert not Quotation.objects.exists()


@pytest.mark.parametrize("change", [{"state": "withheld"}, {"duplicate_of": True}])
def test_what_is_withheld_or_a_second_time_is_quoted_no_more(fair: SimpleNamespace, client: Client, change: dict):
    response = submit_words(fair, may_quote=True)
    other = submit_answers(fair)
    choose_quotation(fair, response)
    close_and_report(fair)
    assert "Kites need wind" in read_page(client)
    Response.objects.filter(pk=response.pk).update(**{k: other if v is True else v for k, v in change.items()})
    fair.round.invalidate_results()
    assert "Kites need wind" not in read_page(client)


def test_withholding_reaches_what_was_published(fair: SimpleNamespace, client: Client):
    response = submit_words(fair, may_quote=True)
    choose_quotation(fair, response)
    close_and_report(fair)
    Response.objects.filter(pk=response.pk).update(state="coded")
    assert "Kites need wind" in read_page(client)
    change_state(response, Response.State.WITHHELD, None, "It names somebody.")
    assert "Kites need wind" not in read_page(client)


def test_a_withdrawal_reaches_what_was_published(fair: SimpleNamespace, client: Client):
    response = submit_words(fair, "anonymous")
    choose_quotation(fair, response)
    for _ in range(5):
        submit_answers(fair)
    Response.objects.update(state="published")
    close_and_report(fair)
    assert "<dd>6</dd>" in read_page(client)
    assert "Kites need wind" in read_open_data(client, "answers.json")
    withdrawals.withdraw(response)
    page = read_page(client)
    # The figures stand: what they lost would be one person's answers.
    assert "<dd>6</dd>" in page
    assert "Kites need wind" not in page
    assert "Kites need wind" not in read_open_data(client, "answers.json")
