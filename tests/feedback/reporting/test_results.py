"""The public results: what they show, what they hide, and what they never show."""

import csv
import json
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from engagement.feedback.analysis.permissions import RefusedError
from engagement.feedback.analysis.response_workflow import change_state
from engagement.feedback.models import FeedbackRound, Quotation, Redaction, Response, RoundQuestion, Theme
from engagement.feedback.privacy import withdrawals
from engagement.feedback.reporting import publishing
from engagement.feedback.reporting.published_figures import published_figures
from engagement.feedback.responses import submissions
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.parsing import ParsedPage, StanceData
from engagement.feedback.rounds.opening import close, freeze_form
from engagement.feedback.schema import COMMENT_PARTS, STANCES
from nelis.core.charts import draw_pending
from nelis.core.models import ContentVersion
from tests.feedback.builders import (
    COMMENT,
    choose_quotation,
    close_and_report,
    comment_place,
    compact_html,
    get_officer,
    submit_answers,
    submit_table_answers,
    write_report,
)

RESULTS = "/feedback/kite-fair/results/"
PAGES = (RESULTS, "/feedback/kite-fair/data/", "/feedback/kite-fair/data/counts.csv")


def seen(client: Client, path: str = RESULTS) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return compact_html(response)


def answered(fair: SimpleNamespace, support: int = 6, oppose: int = 5) -> Response:
    """So many of each; the last of those in favour says something. That one."""
    for _ in range(support - 1):
        submit_answers(fair)
    for _ in range(oppose):
        submit_answers(fair, "oppose")
    return submit_answers(fair, comment=COMMENT)


@pytest.mark.parametrize("path", PAGES)
def test_there_are_none_before_the_round_is_reported_back(fair: SimpleNamespace, client: Client, path: str):
    write_report(fair, answered(fair))
    assert client.get(path).status_code == 404
    close(fair.round)
    assert client.get(path).status_code == 404
    publishing.report_back(fair.round, get_officer("otto"))
    assert client.get(path).status_code == 200
    publishing.unpublish_report(fair.round, get_officer(), "A name was in it.")
    assert client.get(path).status_code == 404


def test_you_said_we_did(fair: SimpleNamespace, client: Client):
    made = write_report(fair, answered(fair))
    close_and_report(fair)
    page = seen(client)
    for words in ("There is no wind", "Many missed the wind.", "The wind is missing.", "We added wind.", "Changed"):
        assert words in page
    assert f'href="{fair.propositions[0].url}v{made.outcome.version.number}/"' in page
    assert "See what came of it" in seen(client, "/feedback/kite-fair/")
    assert RESULTS in seen(client, "/feedback/")


def test_figures_and_their_words(fair: SimpleNamespace, client: Client):
    write_report(fair, answered(fair))
    close_and_report(fair)
    page = seen(client)
    assert "<dt>Responses sent in</dt><dd>11</dd>" in page
    assert "6 of 11 who took a stance support it." in page
    draw_pending()
    assert "<svg" in seen(client)


def test_small_numbers_are_hidden_with_what_gives_them_away(fair: SimpleNamespace, client: Client):
    write_report(fair, answered(fair, support=9, oppose=2))
    close_and_report(fair)
    page = seen(client)
    assert "some of the numbers are hidden" in page
    rows = list(csv.DictReader(get(client, "counts.csv").splitlines()))
    first = [row for row in rows if (row["who"], row["ref"]) == ("people", fair.propositions[0].ref)]
    stances = {row["answer"]: row["count"] for row in first}
    assert (stances["Support"], stances["Oppose"]) == ("", "")


def get(client: Client, name: str) -> str:
    response = client.get(f"/feedback/kite-fair/data/{name}")
    assert response.status_code == 200
    return response.getvalue().decode("utf-8-sig")


def test_tables_are_counted_apart(fair: SimpleNamespace, client: Client):
    write_report(fair, answered(fair))
    submit_table_answers(fair, 5)
    close_and_report(fair)
    page = seen(client)
    assert "<dd>11</dd>" in page
    assert "<dd>5, with 50 people</dd>" in page
    assert "What tables in the room answered" in page


def test_nobody_answered(fair: SimpleNamespace, client: Client):
    write_report(fair, submit_answers(fair, comment=COMMENT))
    Response.objects.update(state="saved")
    close_and_report(fair)
    assert "Nobody answered" in seen(client)


def test_a_theme_without_a_response_says_so(fair: SimpleNamespace, client: Client):
    made = write_report(fair, answered(fair))
    made.official.delete()
    close_and_report(fair)
    assert "No response yet" in seen(client)


def test_additions_are_published_by_themselves(fair: SimpleNamespace, client: Client):
    made = write_report(fair, answered(fair))
    close_and_report(fair)
    with pytest.raises(RefusedError, match="nothing new"):
        publishing.publish_additions(fair.round, get_officer("otto"))
    later = fair.round.official_responses.create(you_said="Later words.", decision="noted", reason="Later.")
    later.themes.add(made.theme)
    assert "Later words." not in seen(client)
    publishing.publish_additions(fair.round, get_officer("otto"))
    assert "Later words." in seen(client)
    publishing.unpublish_row(later, get_officer())
    assert "Later words." not in seen(client)
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
    write_report(fair, answered(fair))
    close_and_report(fair)
    first = fair.round.reported_at
    publishing.unpublish_report(fair.round, get_officer(), "A slip.")
    publishing.report_back(fair.round, get_officer("otto"))
    fair.round.refresh_from_db()
    assert fair.round.reported_at == first


# --- words ------------------------------------------------------------------------------------------


def said(fair: SimpleNamespace, policy: str = "quotes", **person: object) -> Response:
    """A response with a comment in a round of that policy, written down as a theme."""
    type(fair.round).objects.filter(pk=fair.round.pk).update(publish_policy=policy)
    fair.round.refresh_from_db()
    response = submit_answers(fair, comment=COMMENT, **person)
    write_report(fair, response)
    return response


def test_words_are_quoted_without_what_is_blacked_out(fair: SimpleNamespace, client: Client):
    response = said(fair, may_quote=True)
    choose_quotation(fair, response)
    start = COMMENT.index("Mr Blow")
    place = comment_place(fair)
    close_and_report(fair)
    assert "Mr Blow" in seen(client)
    before = ContentVersion.current()
    Redaction.objects.create(response=response, anchor=place, start=start, end=start + 7, reason="personal")
    assert ContentVersion.current() > before
    for path in (RESULTS, fair.propositions[0].url):
        page = seen(client, path)
        assert "Kites need wind, says […], and long tails." in page
        assert "Mr Blow" not in page


def test_a_name_stands_only_where_it_was_agreed_to(fair: SimpleNamespace, client: Client):
    response = said(fair, may_quote=True, name="Wilma Weather", organisation="Exampleshire Kites")
    choose_quotation(fair, response, is_named=True)
    close_and_report(fair)
    assert "Wilma Weather, Exampleshire Kites" in seen(client)
    response.respondent.may_quote = False
    response.respondent.save()
    ContentVersion.bump()
    page = seen(client)
    assert "Wilma" not in page
    assert "Kites need wind" not in page


def test_without_leave_there_is_no_name_even_where_everything_is_published(fair: SimpleNamespace, client: Client):
    response = said(fair, "anonymous", name="Wilma Weather")
    with pytest.raises(RefusedError, match="nobody agreed"):
        choose_quotation(fair, response, is_named=True)
    choose_quotation(fair, response)
    close_and_report(fair)
    page = seen(client)
    assert "Kites need wind" in page
    assert "Wilma" not in page


@pytest.mark.parametrize(("policy", "person"), [("nothing", {"may_quote": True}), ("quotes", {"name": "W"})])
def test_who_may_not_be_quoted_is_not(fair: SimpleNamespace, policy: str, person: dict[str, object]):
    response = said(fair, policy, **person)
    with pytest.raises(RefusedError, match="may not be quoted"):
        choose_quotation(fair, response)
    assert not Quotation.objects.exists()


@pytest.mark.parametrize("change", [{"state": "withheld"}, {"duplicate_of": True}])
def test_what_is_withheld_or_a_second_time_is_quoted_no_more(fair: SimpleNamespace, client: Client, change: dict):
    response = said(fair, may_quote=True)
    other = submit_answers(fair)
    choose_quotation(fair, response)
    close_and_report(fair)
    assert "Kites need wind" in seen(client)
    Response.objects.filter(pk=response.pk).update(**{k: other if v is True else v for k, v in change.items()})
    fair.round.invalidate_results()
    assert "Kites need wind" not in seen(client)


def test_withholding_reaches_what_was_published(fair: SimpleNamespace, client: Client):
    response = said(fair, may_quote=True)
    choose_quotation(fair, response)
    close_and_report(fair)
    Response.objects.filter(pk=response.pk).update(state="coded")
    assert "Kites need wind" in seen(client)
    change_state(response, Response.State.WITHHELD, None, "It names somebody.")
    assert "Kites need wind" not in seen(client)


def test_a_withdrawal_reaches_what_was_published(fair: SimpleNamespace, client: Client):
    response = said(fair, "anonymous")
    choose_quotation(fair, response)
    for _ in range(5):
        submit_answers(fair)
    Response.objects.update(state="published")
    close_and_report(fair)
    assert "<dd>6</dd>" in seen(client)
    assert "Kites need wind" in get(client, "answers.json")
    withdrawals.withdraw(response)
    page = seen(client)
    assert "<dd>5</dd>" in page
    assert "Kites need wind" not in page
    assert "Kites need wind" not in get(client, "answers.json")


# --- open data --------------------------------------------------------------------------------------


def test_answers_are_published_where_the_policy_says_so_and_staff_have_checked(fair: SimpleNamespace, client: Client):
    response = said(fair, "anonymous", name="Wilma Weather")
    for number in range(4):
        submit_answers(fair, comment=f"Comment {number}")
    close_and_report(fair)
    assert json.loads(get(client, "answers.json")) == []
    Response.objects.update(state="published")
    rows = json.loads(get(client, "answers.json"))
    assert {row["answer"] for row in rows} == {COMMENT, *(f"Comment {number}" for number in range(4))}
    assert all(set(row) == {"ref", "about", "part", "version", "answer", "key"} for row in rows)
    text = get(client, "answers.csv")
    assert response.reference not in text
    assert "Wilma" not in text
    assert get(client, "answers.csv") == text


def test_answers_in_words_are_not_published_where_nobody_was_told_so(fair: SimpleNamespace, client: Client):
    said(fair, may_quote=True)
    Response.objects.update(state="published")
    close_and_report(fair)
    assert client.get("/feedback/kite-fair/data/answers.csv").status_code == 404
    assert client.get("/feedback/kite-fair/data/counts.xml").status_code == 404
    assert COMMENT not in get(client, "counts.csv") + get(client, "outcomes.json")


def test_the_code_book_names_every_column(fair: SimpleNamespace, client: Client):
    said(fair, "anonymous")
    close_and_report(fair)
    page = seen(client, "/feedback/kite-fair/data/")
    for name in ("counts", "outcomes", "answers"):
        for column in next(csv.reader(get(client, f"{name}.csv").splitlines())):
            assert f"<code>{column}</code>" in page


def test_the_code_book_lists_what_was_asked_by_the_keys_of_the_figures(fair: SimpleNamespace, client: Client):
    """Two questions in the same words are told apart, in the figures and in the answers."""
    same = RoundQuestion.objects.create(session=fair.sessions[1], text=fair.questions["choice"].text, kind="yes_no")
    fair.form = freeze_form(FeedbackRound.objects.get(pk=fair.round.pk))
    said(fair, "anonymous")
    Response.objects.update(state="published")
    close_and_report(fair)
    page = BeautifulSoup(get(client, ""), "html.parser").find(id="asked").find_parent("section")
    asked = {
        row.code.text: [cell.get_text(strip=True) for cell in row.find_all("td")] for row in page.tbody.find_all("tr")
    }
    rows = list(csv.DictReader(get(client, "counts.csv").splitlines()))
    assert {row["key"] for row in rows} - {""} <= asked.keys()
    for row in rows:
        if row["kind"] != "responses":
            assert row["about"] in asked[row["key"]][0]
            assert row["answer"] in asked[row["key"]][2].split("; ") or row["answer"] == "All answers"
    twice = {row["key"] for row in rows if row["about"] == same.text}
    assert twice == {str(same.key), str(fair.questions["choice"].key)}
    assert asked[str(fair.questions["choice"].key)][2] == "Red; Green; Blue"
    assert asked[f"p{fair.propositions[0].pk}"][1:] == ["Stance on a proposition", "; ".join(STANCES.values())]
    assert asked[str(fair.why.key)][2] == "In words"
    (words,) = csv.DictReader(get(client, "answers.csv").splitlines())
    assert words["key"] == f"p{fair.propositions[0].pk}"


def test_who_responds_to_several_propositions_is_no_crowd(fair: SimpleNamespace, client: Client):
    """In the standing round each response is on one proposition, so six of them may be three people’s."""
    FeedbackRound.objects.filter(pk=fair.round.pk).update(is_standing=True)
    fair.round.refresh_from_db()
    first = fair.form.schema.pages[0]
    for rated in first.propositions * 3:
        key = new_client_key()
        stance = StanceData("support", dict.fromkeys(COMMENT_PARTS, ""))
        submissions.save_page(fair.round, fair.form, key, first, ParsedPage({}, {rated.key: stance}, {}))
        submissions.submit(fair.round, key)
    submit_table_answers(fair, 4)
    write_report(fair, Response.objects.first())
    close_and_report(fair)
    assert published_figures(fair.round).people.answered is None
    page = seen(client)
    assert "<dt>Responses sent in</dt><dd>Too few to say how many</dd>" in page
    assert "Fewer than 5</dd>" not in page
    sent = [row for row in csv.DictReader(get(client, "counts.csv").splitlines()) if row["kind"] == "responses"]
    assert [(row["count"], row["status"]) for row in sent] == [("", "hidden")] * 2
    for _ in range(2):
        respond_closed(fair)
    ContentVersion.bump()
    assert "<dt>Responses sent in</dt><dd>8</dd>" in seen(client)


def test_formulas_in_answers_are_inert(fair: SimpleNamespace, client: Client):
    said(fair, "anonymous")
    submit_answers(fair, comment="=1+1")
    Response.objects.update(state="published")
    close_and_report(fair)
    assert "'=1+1" in get(client, "answers.csv")


def test_as_many_queries_with_more_answers(fair: SimpleNamespace, client: Client, django_assert_max_num_queries):
    response = said(fair, "anonymous")
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


def respond_closed(fair: SimpleNamespace) -> Response:
    """A response to a round that takes none any more, for counting queries."""
    type(fair.round).objects.filter(pk=fair.round.pk).update(state="open")
    fair.round.refresh_from_db()
    response = submit_answers(fair, comment=COMMENT)
    type(fair.round).objects.filter(pk=fair.round.pk).update(state="reported")
    return response


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
