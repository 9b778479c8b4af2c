"""Forms that came on paper, typed in by staff."""

from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.feedback.analysis import counts
from engagement.feedback.models import (
    Answer,
    Code,
    Coding,
    FeedbackRound,
    PropositionResponse,
    Respondent,
    Response,
    RoundEvent,
)
from engagement.feedback.rounds.opening import close, freeze_form
from tests.feedback.staff import signed_in


@pytest.fixture
def officer(db: None) -> Client:
    return signed_in("Engagement officer")


def sheets_url(fair: SimpleNamespace) -> str:
    return reverse("feedback_paper_forms", args=[fair.round.pk])


def new_url(fair: SimpleNamespace) -> str:
    return reverse("feedback_paper_form_add", args=[fair.round.pk])


def filled(officer: Client, url: str, **values: Any) -> dict[str, Any]:
    """What the page's form sends, with some of it changed."""
    page = BeautifulSoup(officer.get(url).content, "html.parser")
    form = page.find("form", class_=False, method="post", novalidate=True)
    sent: dict[str, Any] = {}
    for control in form.find_all(["input", "textarea"]):
        if control.name == "textarea":
            sent[control["name"]] = control.text.removeprefix("\n")
        elif control["type"] not in ("radio", "checkbox"):
            sent[control["name"]] = control.get("value", "")
        elif control.has_attr("checked"):
            sent[control["name"]] = control.get("value", "on")
    return sent | values


def sheet(fair: SimpleNamespace, **more: str) -> dict[str, str]:
    one, two = fair.propositions
    said = {
        "provenance": "Table 4, sheet 12",
        f"p{one.pk}": "support",
        f"p{two.pk}-comment": "Too long a tail.",
        str(fair.questions["choice"].key): "Red",
    }
    return said | more


def test_a_sheet_gets_a_receipt_of_its_own(officer: Client, fair: SimpleNamespace):
    url = new_url(fair)
    page = officer.post(url, filled(officer, url, **sheet(fair, name="Ada Example")), follow=True)
    response = Response.objects.get()
    assert f"Kept as {response.reference}" in page.content.decode()
    assert (response.mode, response.state, response.provenance) == ("paper", "submitted", "Table 4, sheet 12")
    assert (response.entered_by.username, response.people) == ("Engagement officer", 1)
    assert {stance.version.number for stance in response.stances.all()} == {1}
    assert response.answers.get().chosen == ["Red"]
    assert response.respondent.name == "Ada Example"
    (event,) = RoundEvent.objects.filter(action="typed in")
    assert (event.response, event.note, event.by.username) == (response, response.reference, "Engagement officer")
    rated = fair.form.schema.propositions()
    assert counts.tally_stances(fair.round, rated)[0].answered == 1


@pytest.mark.parametrize(("ticked", "kept"), [({}, None), ({"attended": "True"}, True), ({"attended": "False"}, False)])
def test_what_a_sheet_leaves_out_is_not_known(
    officer: Client, fair: SimpleNamespace, ticked: dict[str, str], kept: bool | None
):
    url = new_url(fair)
    assert b'name="attended"' not in officer.get(url).content
    assert (
        b"Were you at the event?" not in officer.get(reverse("feedback_paper_form_blank", args=[fair.round.pk])).content
    )
    FeedbackRound.objects.filter(pk=fair.round.pk).update(event=fair.kites.sector)
    assert b"Were you at the event?" in officer.get(reverse("feedback_paper_form_blank", args=[fair.round.pk])).content
    officer.post(url, filled(officer, url, **sheet(fair, **ticked)))
    assert Respondent.objects.get().attended is kept


def test_the_same_click_twice_is_one_sheet(officer: Client, fair: SimpleNamespace):
    url = new_url(fair)
    sent = filled(officer, url, **sheet(fair))
    officer.post(url, sent)
    again = officer.post(url, sent, follow=True)
    assert Response.objects.count() == 1
    assert f"Kept as {Response.objects.get().reference}" in again.content.decode()


def test_the_same_sheet_twice_is_refused_and_nothing_typed_is_lost(officer: Client, fair: SimpleNamespace):
    url = new_url(fair)
    officer.post(url, filled(officer, url, **sheet(fair)))
    again = officer.post(url, filled(officer, url, **sheet(fair, provenance=" table 4,  SHEET 12")))
    assert again.status_code == 422
    text = again.content.decode()
    assert f"typed in already: {Response.objects.get().reference}" in text
    assert "Too long a tail." in text
    assert Response.objects.count() == 1


def test_what_is_wrong_is_all_said_at_once(officer: Client, fair: SimpleNamespace):
    url = new_url(fair)
    wrong = {
        "provenance": "",
        str(fair.why.key): "x" * 101,
        "address": "kite",
        f"p{fair.propositions[0].pk}": "support",
    }
    page = BeautifulSoup(officer.post(url, filled(officer, url, **wrong)).content, "html.parser")
    assert page.title.text.strip().startswith("Error: ")
    links = page.select("#problem a")
    assert len(links) == 3
    for link in links:
        assert page.find(id=link["href"][1:]).name in ("input", "textarea")
    assert page.find(id=str(fair.why.key)).text.strip() == "x" * 101
    assert page.find("input", checked=True, value="support")
    assert not Response.objects.exists()


def test_an_empty_sheet_is_none(officer: Client, fair: SimpleNamespace):
    url = new_url(fair)
    page = officer.post(url, filled(officer, url, provenance="Table 1"))
    assert page.status_code == 422
    assert "The sheet says nothing yet" in page.content.decode()
    assert not Response.objects.exists()


def test_what_a_sheet_leaves_out_is_left_out(officer: Client, fair: SimpleNamespace):
    """The question on the second page must be answered on a phone. Nobody can be made to on paper."""
    url = new_url(fair)
    assert fair.questions["yes_no"].is_required
    officer.post(url, filled(officer, url, **sheet(fair)))
    assert Response.objects.get().state == "submitted"


def test_sheets_are_typed_in_after_the_round_is_closed_and_not_after_its_report(officer: Client, fair: SimpleNamespace):
    close(fair.round)
    url = new_url(fair)
    sent = filled(officer, url, **sheet(fair))
    officer.post(url, sent)
    assert Response.objects.get().state == "submitted"
    FeedbackRound.objects.update(state="reported")
    assert officer.get(url).status_code == 404
    late = officer.post(url, sent | {"k": "", "provenance": "Another", "name": "Ada Example"})
    assert late.status_code == 422
    assert "what came of the round is published" in late.content.decode()
    # Whoever was typing it in as the report went out loses nothing of it.
    assert 'value="Ada Example"' in late.content.decode()
    assert Response.objects.count() == 1
    assert "Nothing can be typed in" in officer.get(sheets_url(fair)).content.decode()


def test_a_sheet_of_an_older_form_is_typed_into_that(officer: Client, fair: SimpleNamespace):
    fair.why.delete()
    freeze_form(FeedbackRound.objects.get(pk=fair.round.pk))
    assert "What is missing?" not in officer.get(new_url(fair)).content.decode()
    older = f"{new_url(fair)}?form=1"
    officer.post(new_url(fair), filled(officer, older, **sheet(fair, **{str(fair.why.key): "Wind"})))
    assert Response.objects.get().form == fair.form
    assert Answer.objects.filter(text="Wind", form=fair.form).exists()


class TestKeptSheet:
    """A sheet that is there already."""

    @pytest.fixture
    def kept(self, officer: Client, fair: SimpleNamespace) -> str:
        url = new_url(fair)
        officer.post(url, filled(officer, url, **sheet(fair, name="Ada Example")))
        return reverse("feedback_paper_form", args=[fair.round.pk, Response.objects.get().pk])

    def test_it_is_put_right(self, officer: Client, fair: SimpleNamespace, kept: str):
        reference = Response.objects.get().reference
        sent = filled(officer, kept)
        assert sent[f"p{fair.propositions[0].pk}"] == "support"
        assert (sent["provenance"], sent["name"]) == ("Table 4, sheet 12", "Ada Example")
        changes = {f"p{fair.propositions[0].pk}": "oppose", f"p{fair.propositions[1].pk}-comment": ""}
        officer.post(kept, sent | changes | {"name": "Ada Examples"})
        response = Response.objects.get()
        assert response.reference == reference
        assert [(one.stance, one.comment) for one in response.stances.all()] == [("oppose", "")]
        assert Respondent.objects.get().name == "Ada Examples"
        assert list(RoundEvent.objects.filter(response=response).values_list("action", flat=True)) == [
            "typed in",
            "put right",
        ]

    def test_it_is_withdrawn(self, officer: Client, fair: SimpleNamespace, kept: str):
        officer.post(f"{kept}withdraw/")
        assert Response.objects.get().state == "withdrawn"
        assert not (PropositionResponse.objects.exists() or Respondent.objects.exists())
        assert RoundEvent.objects.filter(action="withdrawn").count() == 1
        assert officer.get(kept).status_code == 404
        assert officer.post(f"{kept}withdraw/").status_code == 404

    def test_what_is_coded_stays_as_it_is(self, officer: Client, fair: SimpleNamespace, kept: str):
        sent = filled(officer, kept)
        code = Code.objects.create(round=fair.round, name="Tails")
        response = Response.objects.get()
        Coding.objects.create(
            response=response,
            code=code,
            by=response.entered_by,
            anchor=f"p{fair.propositions[1].pk}-comment",
            start=0,
            end=3,
        )
        assert officer.get(kept).status_code == 404
        late = officer.post(kept, sent | {"name": "Typed Meanwhile"})
        assert late.status_code == 422
        assert "so it can’t be typed over" in late.content.decode()
        assert "Typed Meanwhile" in late.content.decode()
        assert not Respondent.objects.filter(name="Typed Meanwhile").exists()

    def test_of_another_round_or_another_kind_it_is_none(self, officer: Client, fair: SimpleNamespace, kept: str):
        assert (
            officer.get(reverse("feedback_paper_form", args=[fair.round.pk + 1, Response.objects.get().pk])).status_code
            == 404
        )
        Response.objects.update(mode="person")
        assert officer.get(kept).status_code == 404


@pytest.mark.parametrize("group", ["Content editor", "Analyst", "Publisher"])
def test_others_type_nothing_in(fair: SimpleNamespace, officer: Client, group: str):
    url = new_url(fair)
    sent = filled(officer, url, **sheet(fair))
    client = signed_in(group)
    for path in (url, sheets_url(fair)):
        assert client.get(path).status_code in (302, 403)
    client.post(url, sent)
    assert not Response.objects.exists()


def test_the_list_costs_the_same_however_long(officer: Client, fair: SimpleNamespace):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            officer.get(sheets_url(fair))
        return len(queries)

    url = new_url(fair)
    officer.post(url, filled(officer, url, **sheet(fair)))
    cost()
    few = cost()
    for number in range(4):
        officer.post(url, filled(officer, url, **sheet(fair, provenance=f"Table {number}")))
    assert cost() <= few


def test_a_blank_form_asks_what_a_phone_asks(officer: Client, fair: SimpleNamespace):
    page = BeautifulSoup(officer.get(reverse("feedback_paper_form_blank", args=[fair.round.pk])).content, "html.parser")
    asked = [heading.text for heading in page.select(".ask h3")]
    for one in fair.form.schema.propositions():
        assert f"{one.ref} {one.title}" in asked
    for item in fair.form.schema.questions():
        assert item.text in asked
    text = page.main.text
    for words in (
        "Strongly oppose",
        "Blue",
        "Yes",
        "For an organisation",
        "Two people in Exampleshire read it.",
        "Form 1.",
    ):
        assert words in text


def test_without_a_form_there_is_nothing_to_print(officer: Client, fair: SimpleNamespace):
    asked = FeedbackRound.objects.create(title="Before", slug="before", intro="x", privacy_text="x")
    assert officer.get(reverse("feedback_paper_form_blank", args=[asked.pk])).status_code == 404
    assert "A blank form" not in officer.get(reverse("feedback_paper_forms", args=[asked.pk])).content.decode()
