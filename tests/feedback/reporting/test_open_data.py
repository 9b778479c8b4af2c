"""The open data of a round, and its code book."""

import csv
import json
from types import SimpleNamespace

from bs4 import BeautifulSoup
from django.test import Client

from engagement.feedback.models import FeedbackRound, Response, RoundQuestion
from engagement.feedback.rounds.opening import freeze_form
from engagement.feedback.schema import STANCE_GROUPS, STANCES
from tests.feedback.builders import (
    COMMENT,
    close_and_report,
    submit_answers,
)
from tests.feedback.reporting.pages import read_open_data, read_page, submit_words

#: What a stance can be published as.
ANSWERS = dict.fromkeys((*STANCES.values(), *STANCE_GROUPS))


def test_answers_are_published_where_the_policy_says_so_and_staff_have_checked(fair: SimpleNamespace, client: Client):
    response = submit_words(fair, "anonymous", name="Wilma Weather")
    for number in range(4):
        submit_answers(fair, comment=f"Comment {number}")
    close_and_report(fair)
    assert json.loads(read_open_data(client, "answers.json")) == []
    Response.objects.update(state="published")
    rows = json.loads(read_open_data(client, "answers.json"))
    assert {row["answer"] for row in rows} == {COMMENT, *(f"Comment {number}" for number in range(4))}
    assert all(set(row) == {"ref", "about", "part", "version", "answer", "key"} for row in rows)
    text = read_open_data(client, "answers.csv")
    assert response.reference not in text
    assert "Wilma" not in text
    assert read_open_data(client, "answers.csv") == text


def test_answers_in_words_are_not_published_where_nobody_was_told_so(fair: SimpleNamespace, client: Client):
    submit_words(fair, may_quote=True)
    Response.objects.update(state="published")
    close_and_report(fair)
    assert client.get("/feedback/kite-fair/data/answers.csv").status_code == 404
    assert client.get("/feedback/kite-fair/data/counts.xml").status_code == 404
    assert COMMENT not in read_open_data(client, "counts.csv") + read_open_data(client, "outcomes.json")


def test_the_code_book_names_every_column(fair: SimpleNamespace, client: Client):
    submit_words(fair, "anonymous")
    close_and_report(fair)
    page = read_page(client, "/feedback/kite-fair/data/")
    for name in ("counts", "outcomes", "answers"):
        for column in next(csv.reader(read_open_data(client, f"{name}.csv").splitlines())):
            assert f"<code>{column}</code>" in page


def test_the_code_book_lists_what_was_asked_by_the_keys_of_the_figures(fair: SimpleNamespace, client: Client):
    """Two questions in the same words are told apart, in the figures and in the answers."""
    same = RoundQuestion.objects.create(session=fair.sessions[1], text=fair.questions["choice"].text, kind="yes_no")
    fair.form = freeze_form(FeedbackRound.objects.get(pk=fair.round.pk))
    submit_words(fair, "anonymous")
    Response.objects.update(state="published")
    close_and_report(fair)
    page = BeautifulSoup(read_open_data(client, ""), "html.parser").find(id="asked").find_parent("section")
    asked = {
        row.code.text: [cell.get_text(strip=True) for cell in row.find_all("td")] for row in page.tbody.find_all("tr")
    }
    rows = list(csv.DictReader(read_open_data(client, "counts.csv").splitlines()))
    assert {row["key"] for row in rows} - {""} <= asked.keys()
    for row in rows:
        if row["kind"] != "responses":
            assert row["about"] in asked[row["key"]][0]
            assert row["answer"] in asked[row["key"]][2].split("; ") or row["answer"] == "All answers"
    twice = {row["key"] for row in rows if row["about"] == same.text}
    assert twice == {str(same.key), str(fair.questions["choice"].key)}
    assert asked[str(fair.questions["choice"].key)][2] == "Red; Green; Blue"
    assert asked[f"p{fair.propositions[0].pk}"][1:] == [
        "Stance on a proposition",
        "; ".join(dict.fromkeys((*STANCES.values(), *STANCE_GROUPS))),
    ]
    assert asked[str(fair.why.key)][2] == "In words"
    (words,) = csv.DictReader(read_open_data(client, "answers.csv").splitlines())
    assert words["key"] == f"p{fair.propositions[0].pk}"


def test_formulas_in_answers_are_inert(fair: SimpleNamespace, client: Client):
    submit_words(fair, "anonymous")
    submit_answers(fair, comment="=1+1")
    Response.objects.update(state="published")
    close_and_report(fair)
    assert "'=1+1" in read_open_data(client, "answers.csv")
