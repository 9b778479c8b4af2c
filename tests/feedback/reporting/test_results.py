"""The public results: what they show, and what they hide."""

import csv
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from engagement.feedback.models import FeedbackRound, Quotation, Response
from engagement.feedback.reporting import publishing
from engagement.feedback.reporting.editions import published_figures, update_edition
from engagement.feedback.responses import submissions
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.parsing import ParsedPage, StanceData
from engagement.feedback.rounds.opening import close
from engagement.feedback.schema import COMMENT_PARTS
from nelis.core.models import ContentVersion
from tests.feedback.builders import (
    COMMENT,
    choose_quotation,
    close_and_report,
    comment_place,
    get_officer,
    submit_answers,
    submit_table_answers,
    write_report,
)
from tests.feedback.reporting.pages import RESULTS, read_open_data, read_page, submit_many, submit_words, support_row

PAGES = (RESULTS, "/feedback/kite-fair/data/", "/feedback/kite-fair/data/counts.csv")


def respond_closed(fair: SimpleNamespace) -> Response:
    """A response to a round that takes none any more, for counting queries."""
    type(fair.round).objects.filter(pk=fair.round.pk).update(state="open")
    fair.round.refresh_from_db()
    response = submit_answers(fair, comment=COMMENT)
    type(fair.round).objects.filter(pk=fair.round.pk).update(state="reported")
    return response


def pieces(row: str, kind: str) -> int:
    """How many pieces of a kind a bar has."""
    return row.count(f'class="{kind}"')


@pytest.mark.parametrize("path", PAGES)
def test_there_are_none_before_the_round_is_reported_back(fair: SimpleNamespace, client: Client, path: str):
    write_report(fair, submit_many(fair))
    assert client.get(path).status_code == 404
    close(fair.round)
    assert client.get(path).status_code == 404
    publishing.report_back(fair.round, get_officer("otto"))
    assert client.get(path).status_code == 200
    publishing.unpublish_report(fair.round, get_officer(), "A name was in it.")
    assert client.get(path).status_code == 404


def test_you_said_we_did(fair: SimpleNamespace, client: Client):
    made = write_report(fair, submit_many(fair))
    close_and_report(fair)
    page = read_page(client)
    for words in ("There is no wind", "Many missed the wind.", "The wind is missing.", "We added wind.", "Changed"):
        assert words in page
    assert f'href="{fair.propositions[0].url}v{made.outcome.version.number}/"' in page
    assert "See what came of it" in read_page(client, "/feedback/kite-fair/")
    assert RESULTS in read_page(client, "/feedback/")


def test_figures_and_their_words(fair: SimpleNamespace, client: Client):
    write_report(fair, submit_many(fair))
    close_and_report(fair)
    page = read_page(client)
    assert "<dt>Responses sent in</dt><dd>11</dd>" in page
    row = support_row(page)
    assert '<td class="num" data-label="Support"><b>55%</b><small>6</small></td>' in row
    assert '<td class="num all" data-label="Took a stance">11</td>' in row
    assert [pieces(row, kind) for kind in ("undivided", "strong", "oppose", "hid")] == [1, 0, 1, 0]


def test_small_numbers_are_hidden_with_what_gives_them_away(fair: SimpleNamespace, client: Client):
    write_report(fair, submit_many(fair, support=9, oppose=2))
    close_and_report(fair)
    page = read_page(client)
    row = support_row(page)
    assert '<td class="num" data-label="Support"><i>hidden</i></td>' in row
    assert '<td class="num" data-label="Oppose"><i>hidden</i></td>' in row
    assert "of 1 it is hidden" in page.lower()
    rows = list(csv.DictReader(read_open_data(client, "counts.csv").splitlines()))
    first = [row for row in rows if (row["who"], row["ref"]) == ("people", fair.propositions[0].ref)]
    stances = {row["answer"]: row["count"] for row in first}
    assert (stances["Support, strongly or not"], stances["Oppose, strongly or not"]) == ("", "")
    assert (stances["All answers"], first[0]["counted_on"]) == ("11", timezone.localdate().isoformat())


def test_tables_are_counted_apart(fair: SimpleNamespace, client: Client):
    write_report(fair, submit_many(fair))
    submit_table_answers(fair, 5)
    close_and_report(fair)
    page = read_page(client)
    assert "<dd>11</dd>" in page
    assert "<dd>5, with 50 people</dd>" in page
    assert "What tables in the room answered" in page


def test_nobody_answered(fair: SimpleNamespace, client: Client):
    write_report(fair, submit_answers(fair, comment=COMMENT))
    Response.objects.update(state="saved")
    close_and_report(fair)
    assert "Nobody answered" in read_page(client)


def test_a_theme_without_a_response_says_so(fair: SimpleNamespace, client: Client):
    made = write_report(fair, submit_many(fair))
    made.official.delete()
    close_and_report(fair)
    assert "No response yet" in read_page(client)


def test_who_responds_to_several_propositions_is_no_crowd(fair: SimpleNamespace, client: Client):
    """In the standing round each response is on one proposition, so six of them may be three people’s."""
    FeedbackRound.objects.filter(pk=fair.round.pk).update(is_standing=True)
    fair.round.refresh_from_db()
    respond_to_each(fair, 3)
    submit_table_answers(fair, 4)
    write_report(fair, Response.objects.first())
    close_and_report(fair)
    assert published_figures(fair.round).people.answered is None
    assert "Fewer than 5" not in read_page(client)
    page = read_page(client)
    assert "<dt>Responses sent in</dt><dd>Too few to say how many</dd>" in page
    sent = [
        row for row in csv.DictReader(read_open_data(client, "counts.csv").splitlines()) if row["kind"] == "responses"
    ]
    assert [(row["count"], row["status"]) for row in sent] == [("", "hidden")] * 2
    for _ in range(2):
        respond_closed(fair)
    update_edition(fair.round)
    # Eight, of which five are on the one: then three at most took a stance on the other.
    assert "<dt>Responses sent in</dt><dd>Too few to say how many</dd>" in read_page(client)
    FeedbackRound.objects.filter(pk=fair.round.pk).update(state="open")
    respond_to_each(fair, 2)
    FeedbackRound.objects.filter(pk=fair.round.pk).update(state="reported")
    update_edition(fair.round)
    assert "<dt>Responses sent in</dt><dd>12</dd>" in read_page(client)


def respond_to_each(fair: SimpleNamespace, number: int) -> None:
    """So many responses in support of each proposition, on nothing else."""
    first = fair.form.schema.pages[0]
    for rated in first.propositions * number:
        key = new_client_key()
        stance = StanceData("support", dict.fromkeys(COMMENT_PARTS, ""))
        submissions.save_page(fair.round, fair.form, key, first, ParsedPage({}, {rated.key: stance}, {}))
        submissions.submit(fair.round, key)


def test_as_many_queries_with_more_answers(fair: SimpleNamespace, client: Client, django_assert_max_num_queries):
    response = submit_words(fair, "anonymous")
    choose_quotation(fair, response)
    for _ in range(5):
        submit_answers(fair)
    close_and_report(fair)
    client.get(RESULTS)
    ContentVersion.bump()
    with django_assert_max_num_queries(60) as first:
        client.get(RESULTS)
    for _ in range(8):
        more = respond_closed(fair)
        Quotation.objects.create(response=more, anchor=comment_place(fair), start=0, end=9)
        fair.round.official_responses.create(you_said="x", decision="noted", reason="y", published_at=more.begun_at)
    client.get(RESULTS)
    ContentVersion.bump()
    with django_assert_max_num_queries(60) as second:
        client.get(RESULTS)
    assert len(second) == len(first)
