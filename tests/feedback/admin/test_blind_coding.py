"""Whoever codes as the second knows nothing of what colleagues found, from any page and any file."""

from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from engagement.feedback.analysis import coding_workflow
from engagement.feedback.analysis.permissions import RefusedError
from engagement.feedback.analysis.text_spans import apply_codes
from engagement.feedback.models import Code, FeedbackRound, Quotation
from tests.feedback.builders import compact_html
from tests.feedback.staff import ANALYST, OFFICER, client_for, close_round, make_codes, make_staff, submit_response

#: The code in a cell of a file.
WIND = '"Wind"'


@pytest.fixture
def coded(fair: SimpleNamespace) -> SimpleNamespace:
    """Two responses that ada has coded, and nobody else."""
    FeedbackRound.objects.filter(pk=fair.round.pk).update(publish_policy="anonymous")
    fair.responses = [submit_response(fair, f"Wind and rain {number}") for number in range(2)]
    fair.wind, fair.rain = make_codes(fair, "Wind", "Rain")
    fair.ada, fair.olive = make_staff(ANALYST, "ada"), make_staff(OFFICER, "olive")
    fair.round = close_round(fair)
    for one in fair.responses:
        apply_codes(one, str(fair.why.key), (0, 4), [fair.wind], fair.ada)
        coding_workflow.complete_coding(one, fair.ada)
    return fair


def url(coded: SimpleNamespace, name: str, *more: int) -> str:
    return reverse(f"feedback_{name}", args=[coded.round.pk, *more])


def counted(client: Client, coded: SimpleNamespace, code: Code) -> list[str]:
    """How many responses and places have a code, as the page of codes says."""
    rows = BeautifulSoup(client.get(url(coded, "code_frame")).content, "html.parser").select("tbody tr")
    cells = next(
        [cell.get_text() for cell in row.select("td")] for row in rows if row.th.get_text(strip=True) == code.name
    )
    return cells[1:]


def taken(client: Client, coded: SimpleNamespace, shape: str) -> str:
    answer = client.post(url(coded, "exports"), {"shape": shape, "format": "csv"})
    return b"".join(answer.streaming_content).decode()


def test_the_first_sees_how_often_each_code_was_given(coded: SimpleNamespace):
    client = client_for(coded.ada)
    assert counted(client, coded, coded.wind) == ["2", "2"]
    for shape in ("answers", "responses"):
        assert WIND in taken(client, coded, shape)


def test_the_second_does_not(coded: SimpleNamespace):
    client = client_for(coded.olive)
    assert counted(client, coded, coded.wind) == ["0", "0"]
    assert "left to code as the second" in compact_html(client.get(url(coded, "code_frame")))
    assert ": 0 responses, 0 places" in client.get(url(coded, "code", coded.wind.pk)).content.decode()
    for shape in ("answers", "responses"):
        text = taken(client, coded, shape)
        assert "Wind and rain 1" in text
        assert "codes" not in text.splitlines()[0]
        assert WIND not in text
        assert len({line.count(",") for line in text.splitlines()}) == 1
    assert coded.round.events.filter(action="exported").last().note.endswith("without codes")
    assert "Codes aren’t in it" in client.get(url(coded, "exports")).content.decode()
    assert "“Wind”" not in client.get(url(coded, "quotations")).content.decode()
    span = coded.wind.codings.first()
    assert client.post(url(coded, "quotations"), {"span": span.pk}).status_code == 404
    assert not Quotation.objects.exists()


def test_what_the_second_is_done_with_is_counted(coded: SimpleNamespace):
    client = client_for(coded.olive)
    apply_codes(coded.responses[0], str(coded.why.key), (0, 8), [coded.rain], coded.olive)
    coding_workflow.complete_coding(coded.responses[0], coded.olive)
    assert counted(client, coded, coded.wind) == ["1", "1"]
    assert counted(client, coded, coded.rain) == ["1", "1"]
    coding_workflow.complete_coding(coded.responses[1], coded.olive)
    assert counted(client, coded, coded.wind) == ["2", "2"]
    assert WIND in taken(client, coded, "responses")


def test_whoever_chooses_to_see_all_of_it_is_no_second_any_more(coded: SimpleNamespace):
    client = client_for(coded.olive)
    assert "See everybody’s codes" in client.get(url(coded, "coding")).content.decode()
    for _ in range(2):
        client.post(url(coded, "coding"))
    event = coded.round.events.get(action="looked at codes")
    assert event.by == coded.olive
    assert counted(client, coded, coded.wind) == ["2", "2"]
    assert WIND in taken(client, coded, "responses")
    assert "“Wind”" in client.get(url(coded, "quotations")).content.decode()
    assert "You chose to see everybody’s codes" in client.get(url(coded, "coding")).content.decode()
    assert client.get(url(coded, "next_response"), {"from": "second"})["Location"] == url(coded, "coding")
    with pytest.raises(RefusedError, match="can’t be the second"):
        coding_workflow.complete_coding(coded.responses[0], coded.olive)
    assert not coded.responses[0].completed_codings.filter(by=coded.olive).exists()


def test_a_code_that_a_colleague_gave_is_not_deleted_though_it_looks_unused(coded: SimpleNamespace):
    client = client_for(coded.olive)
    page = client.post(url(coded, "code", coded.wind.pk), {"do": "delete"}, follow=True).content.decode()
    assert "It is used" in page
    assert Code.objects.filter(pk=coded.wind.pk).exists()


def test_looking_is_for_those_who_may_read(coded: SimpleNamespace):
    client_for(make_staff("Content editor", "ed")).post(url(coded, "coding"))
    assert not coded.round.events.filter(action="looked at codes").exists()


def test_who_has_something_left_to_code_sees_no_comparison_of_others(coded: SimpleNamespace):
    """What two others gave, and where they differ, tells a third coder what to find."""
    bela = make_staff(ANALYST, "bela")
    coding_workflow.complete_coding(coded.responses[0], bela)
    third, fourth = client_for(coded.olive), client_for(bela)
    agreement = url(coded, "agreement")
    seen = " ".join(third.get(agreement).content.decode().split())
    assert "Something is left to code as the second" in seen
    assert "ada and bela" not in seen
    assert "<strong>Wind</strong>" not in seen
    assert "To be settled" not in seen
    # Bela has something left, too, and sees what he is compared in.
    seen = fourth.get(agreement).content.decode()
    assert "ada and bela: 1 response" in seen
    assert "<strong>Wind</strong>" in seen
    coding_workflow.complete_coding(coded.responses[1], coded.olive)
    seen = third.get(agreement).content.decode()
    assert "Something is left" not in seen
    assert "ada and bela" in seen
