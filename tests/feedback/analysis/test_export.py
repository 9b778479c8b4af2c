"""Answers as files: everything once, nothing personal unasked, nothing that a spreadsheet would work out."""

import csv
import io
import json
import tracemalloc
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest
from defusedxml.ElementTree import iterparse

from engagement.feedback.analysis.export import CHUNK_SIZE, SHAPES, as_csv, as_json, as_xlsx, build_sheet
from engagement.feedback.models import Answer, Respondent, Response
from engagement.feedback.privacy import withdrawals
from engagement.feedback.responses import submissions
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.parsing import AnswerData, ParsedPage, StanceData

PAYLOADS = ["=1+2", "+1", "-1+2", "@SUM(1)", "\t=1", '=HYPERLINK("http://x")', "＝1+1", " =1", "|cmd"]


def answered(fair: SimpleNamespace, text: str, **person: Any) -> Response:
    """A response that was sent, with ``text`` wherever text can be."""
    key = new_client_key()
    first, second = fair.form.schema.pages
    rated = first.propositions[0].key
    stance = StanceData("oppose", dict.fromkeys(("comment", "missing", "ask_government", "role_partners"), text))
    read = ParsedPage({str(fair.why.key): AnswerData(text)}, {rated: stance}, {})
    submissions.save_page(fair.round, fair.form, key, first, read)
    chosen = {str(fair.questions["choices"].key): AnswerData(chosen=("Red", "Blue"))}
    response = submissions.save_page(fair.round, fair.form, key, second, ParsedPage(chosen, {}, {}))
    if person:
        Respondent.objects.create(response=response, **person)
    return submissions.submit(fair.round, key)


def csv_rows(fair: SimpleNamespace, shape: str, **options: Any) -> list[dict[str, str]]:
    text = "".join(as_csv(build_sheet(fair.round, shape, **options))).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def test_one_row_an_answer(fair: SimpleNamespace):
    response = answered(fair, "Wind")
    rows = csv_rows(fair, "answers")
    assert {row["reference"] for row in rows} == {response.reference}
    said = [(row["about"], row["kind"], row["answer"]) for row in rows]
    assert ("P1", "stance", "Oppose") in said
    assert ("P1", "missing", "Wind") in said
    assert [answer for _, kind, answer in said if kind == "choices"] == ["Red", "Blue"]
    assert len(rows) == 1 + 4 + 1 + 2


def test_one_row_a_response(fair: SimpleNamespace):
    answered(fair, "Wind")
    answered(fair, "Rain")
    rows = csv_rows(fair, "responses")
    assert [row["P1 comment"] for row in rows] == ["Wind", "Rain"]
    assert rows[0]["P1 stance"] == "Oppose"
    assert rows[0]["P2 stance"] == ""
    assert rows[0]["A question of the kind choices"] == "Red; Blue"


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_personal_unless_it_is_asked_for(fair: SimpleNamespace, shape: str):
    answered(fair, "Wind", name="Ada Example", address="ada@example.org", organisation="Kites Ltd")
    without = "".join(as_csv(build_sheet(fair.round, shape))) + "".join(as_json(build_sheet(fair.round, shape)))
    for word in ("Ada", "ada@example.org", "Kites Ltd"):
        assert word not in without
    assert csv_rows(fair, shape, personal=True)[0]["address"] == "ada@example.org"


@pytest.mark.parametrize("shape", SHAPES)
def test_what_was_not_sent_and_what_was_withdrawn_stay_out(fair: SimpleNamespace, shape: str):
    answered(fair, "Sent")
    withdrawals.withdraw(answered(fair, "Withdrawn"))
    read = ParsedPage({str(fair.why.key): AnswerData("Begun")}, {}, {})
    submissions.save_page(fair.round, fair.form, new_client_key(), fair.form.schema.pages[0], read)
    text = "".join(as_json(build_sheet(fair.round, shape)))
    assert "Sent" in text
    assert "Withdrawn" not in text
    assert "Begun" not in text


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("shape", SHAPES)
def test_no_cell_of_a_csv_file_is_a_formula(fair: SimpleNamespace, shape: str, payload: str):
    answered(fair, payload, name=payload, organisation=payload)
    for row in csv_rows(fair, shape, personal=True):
        for cell in row.values():
            assert cell.strip()[:1] not in set("=+-@|＝")


@pytest.mark.parametrize("shape", SHAPES)
def test_a_workbook_holds_text_and_no_formula(fair: SimpleNamespace, shape: str):
    for payload in PAYLOADS:
        answered(fair, payload)
    with as_xlsx(build_sheet(fair.round, shape), "Answers") as file, ZipFile(file) as book:
        tags = [element.tag.partition("}")[2] for _, element in iterparse(book.open("xl/worksheets/sheet1.xml"))]
        assert tags.count("row") == 1 + len(list(build_sheet(fair.round, shape).rows))
        assert "f" not in tags
        assert "hyperlink" not in tags


def test_json_is_whole_and_says_what_was_typed(fair: SimpleNamespace):
    assert json.loads("".join(as_json(build_sheet(fair.round, "answers")))) == []
    answered(fair, "=1+2 „Wind“\n\u2028")
    rows = json.loads("".join(as_json(build_sheet(fair.round, "answers"))))
    assert [row["answer"] for row in rows if row["kind"] == "comment"] == ["=1+2 „Wind“\n\u2028"]


def test_an_answer_to_an_earlier_form_keeps_its_question(fair: SimpleNamespace):
    from engagement.feedback.rounds.opening import freeze_form

    answered(fair, "Wind")
    fair.why.delete()
    freeze_form(type(fair.round).objects.get(pk=fair.round.pk))
    assert any(row["question"] == "What is missing?" for row in csv_rows(fair, "answers"))


def many(fair: SimpleNamespace, number: int) -> None:
    responses = Response.objects.bulk_create(
        [
            Response(round=fair.round, form=fair.form, client_key=key, reference=key[:12], state="submitted")
            for key in (new_client_key() for _ in range(number))
        ]
    )
    Answer.objects.bulk_create(
        [Answer(response=one, form=fair.form, question=fair.why.key, text="Wind. " * 100) for one in responses]
    )


def peak_while_writing(fair: SimpleNamespace, shape: str) -> int:
    tracemalloc.start()
    size = sum(len(line) for line in as_csv(build_sheet(fair.round, shape)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 600 * Response.objects.count()
    return peak


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.once
def test_memory_does_not_grow_with_the_answers(fair: SimpleNamespace, shape: str):
    many(fair, 2 * CHUNK_SIZE)
    peak_while_writing(fair, shape)
    before = peak_while_writing(fair, shape)
    many(fair, 4 * CHUNK_SIZE)
    assert peak_while_writing(fair, shape) < 1.3 * before


@pytest.mark.parametrize("shape", SHAPES)
def test_queries_grow_by_the_chunk_and_not_by_the_answer(
    fair: SimpleNamespace, shape: str, django_assert_max_num_queries
):
    many(fair, 2 * CHUNK_SIZE)
    with django_assert_max_num_queries(1 + 3 * 4):
        list(as_csv(build_sheet(fair.round, shape)))
