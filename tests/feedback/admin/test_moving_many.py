"""Many responses checked, published or withheld at once."""

from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse

from engagement.feedback.admin import responses
from engagement.feedback.models import FeedbackRound, Response, RoundEvent
from tests.feedback.staff import ANALYST, close_round, signed_in, submit_response

pytestmark = pytest.mark.pg

CHECK, PUBLISH, WITHHOLD = "coded-moderated", "moderated-published", "moderated-withheld"


@pytest.fixture
def sent(fair: SimpleNamespace) -> list[Response]:
    """A closed round that publishes answers, with five that are coded."""
    made = [submit_response(fair, f"Wind {number}") for number in range(5)]
    Response.objects.update(state="coded")
    FeedbackRound.objects.filter(pk=fair.round.pk).update(publish_policy="anonymous")
    close_round(fair)
    return made


def url(fair: SimpleNamespace) -> str:
    return reverse("feedback_responses", args=[fair.round.pk])


def move(client: Client, fair: SimpleNamespace, query: str = "", **values: Any) -> tuple[int, Tag]:
    """Send the form below the list, and follow: the status and the page."""
    answer = client.post(url(fair) + query, {"do": "move-many"} | values, follow=True)
    return answer.status_code, BeautifulSoup(answer.content, "html.parser")


def states() -> list[str]:
    return list(Response.objects.order_by("pk").values_list("state", flat=True))


def test_those_that_are_ticked(olive: Client, fair: SimpleNamespace, sent: list[Response]):
    page = BeautifulSoup(olive.get(url(fair)).content, "html.parser")
    boxes = page.select("input[type=checkbox][name=response][form=bulk]")
    assert [box["value"] for box in boxes] == [str(one.pk) for one in sent]
    assert all(str(one) in box["aria-label"] for one, box in zip(sent, boxes, strict=True))
    status, page = move(olive, fair, step=CHECK, which="ticked", response=[sent[0].pk, sent[3].pk])
    assert status == 200
    assert "2 responses moved on" in page.text
    assert states() == ["moderated", "coded", "coded", "moderated", "coded"]
    # Each is in the record, as if it had been moved alone.
    assert RoundEvent.objects.filter(action="moved", by__isnull=False).count() == 2


def test_a_page_and_everything_found(
    olive: Client, fair: SimpleNamespace, sent: list[Response], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(responses, "PER_PAGE", 2)
    move(olive, fair, "?page=2", step=CHECK, which="page")
    assert states() == ["coded", "coded", "moderated", "moderated", "coded"]
    move(olive, fair, "?state=moderated", step=PUBLISH, which="page")
    assert states() == ["coded", "coded", "published", "published", "coded"]
    assert move(olive, fair, "?q=wind", step=CHECK, which="found")[0] == 200
    assert states() == ["moderated", "moderated", "published", "published", "moderated"]


def test_what_is_in_another_state_is_left_and_named(olive: Client, fair: SimpleNamespace, sent: list[Response]):
    Response.objects.filter(pk=sent[1].pk).update(state="withheld")
    _, page = move(olive, fair, step=CHECK, which="page")
    assert states() == ["moderated", "withheld", "moderated", "moderated", "moderated"]
    assert f"in another state: {sent[1]}." in page.text
    assert "4 responses moved on" in page.text


def test_withholding_needs_its_reason(olive: Client, fair: SimpleNamespace, sent: list[Response]):
    Response.objects.update(state="moderated")
    ticked = [str(sent[0].pk), str(sent[2].pk)]
    status, page = move(olive, fair, step=WITHHOLD, which="ticked", response=ticked, reason=" ")
    assert status == 422
    assert page.title.text.strip().startswith("Error: ")
    assert page.find(id="id_reason_error").text == "Say why they are withheld"
    # Nothing that was chosen is lost.
    assert [box["value"] for box in page.select("input[name=response][checked]")] == ticked
    assert page.select_one("select[name=step] option[selected]")["value"] == WITHHOLD
    assert set(states()) == {"moderated"}
    move(olive, fair, step=WITHHOLD, which="ticked", response=ticked, reason="It names a child.")
    assert states().count("withheld") == 2
    assert RoundEvent.objects.filter(note__contains="It names a child.").count() == 2


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"step": CHECK, "which": "ticked"},
        {"step": "coded-published", "which": "page"},
        {"step": CHECK, "which": "everything"},
        {"step": CHECK, "which": "ticked", "response": ["x"]},
        {"step": CHECK, "which": "ticked", "response": ["0"]},
    ],
)
def test_what_cannot_be_done_is_said(olive: Client, fair: SimpleNamespace, sent: list[Response], values: dict):
    status, page = move(olive, fair, **values)
    assert status == 422
    assert page.select(".error-message, .help-critical")
    assert set(states()) == {"coded"}


def test_publishing_is_for_those_who_may_and_for_rounds_that_said_so(
    olive: Client, fair: SimpleNamespace, sent: list[Response]
):
    Response.objects.update(state="moderated")
    assert move(signed_in(ANALYST), fair, step=PUBLISH, which="page")[0] == 422
    FeedbackRound.objects.filter(pk=fair.round.pk).update(publish_policy="quotes")
    assert move(olive, fair, step=PUBLISH, which="page")[0] == 422
    assert set(states()) == {"moderated"}


def test_before_the_round_is_closed_there_is_no_such_form(olive: Client, fair: SimpleNamespace):
    submit_response(fair, "Wind")
    assert not BeautifulSoup(olive.get(url(fair)).content, "html.parser").select("#bulk")
    move(olive, fair, step="submitted-coded", which="page")
    assert states() == ["submitted"]
