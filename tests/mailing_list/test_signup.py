"""Joining: the form, what is wrong with it, and what it leaves in the ledger."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from engagement.mail.models import TransactionalEmail
from engagement.mailing_list import abuse
from engagement.mailing_list.models import ConsentEvent, ConsentWording, FormAttempt, Subscription, Topic
from tests.mailing_list.conftest import ADA

pytestmark = [pytest.mark.django_db, pytest.mark.pg]


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def summary(response) -> list[str]:
    return [item.get_text() for item in soup(response).select(".errs li")]


def test_the_form_ticks_nothing(ada):
    page = soup(ada.client.get("/mailing-list/"))
    boxes = page.select("main input[type=checkbox], main input[type=radio]")
    assert len(boxes) == 4 + 3
    assert not [box for box in boxes if box.has_attr("checked")]
    assert not ada.client.cookies


def test_the_topic_one_came_from_is_on_top_once_and_not_ticked(ada):
    page = soup(ada.client.get("/mailing-list/?topic=p1"))
    boxes = page.select("main input[type=checkbox]")
    assert [box["value"] for box in boxes] == ["p1", "whole", "box-kites", "wind"]
    assert not boxes[0].has_attr("checked")
    assert boxes[0]["id"] == "id_topics_0"


@pytest.mark.parametrize("topic", ["no-such", "<script>", "p1\0", "é" * 500])
def test_an_unknown_topic_in_the_address_does_no_harm(ada, topic):
    response = ada.client.get("/mailing-list/", {"topic": topic})
    assert response.status_code == 200
    assert "page you came from" not in response.text


def test_single_propositions_are_folded_until_one_is_ticked(ada):
    assert not soup(ada.client.get("/mailing-list/")).select_one("details.more").has_attr("open")
    assert soup(ada.sign_up(topics=["p1"], address="")).select_one("details.more").has_attr("open")


def test_a_closed_topic_is_not_offered_nor_taken(ada):
    Topic.objects.filter(slug="wind").update(is_open=False)
    assert "wind" not in [box["value"] for box in soup(ada.client.get("/mailing-list/")).select("input[type=checkbox]")]
    response = ada.sign_up(topics=["wind"])
    assert response.status_code == 422
    assert "not offered" in summary(response)[0]


def test_what_was_sent_in_waits_in_the_ledger_and_nowhere_else(ada):
    response = ada.sign_up(name="Ada", organisation="Kites of Exampleshire", topics=["box-kites", "wind"])
    assert (response.status_code, response["Location"]) == (302, "/mailing-list/check-your-mail/")
    (mail,) = TransactionalEmail.objects.all()
    assert (mail.kind, mail.address, mail.state) == ("signup", ADA, "pending")
    assert not Subscription.objects.exists()
    assert not ConsentEvent.objects.exists()
    assert ADA not in ada.client.get(response["Location"]).text


def test_composing_the_mail_makes_the_subscription_and_forgets_what_was_typed(ada):
    ada.sign_up(name="Ada", organisation="Kites of Exampleshire", topics=["box-kites", "wind"])
    ada.mail()
    row = ada.row()
    assert (row.state, row.name, row.organisation, row.frequency) == (
        "pending",
        "Ada",
        "Kites of Exampleshire",
        "weekly",
    )
    assert set(row.topics.values_list("slug", flat=True)) == {"box-kites", "wind"}
    (mail,) = TransactionalEmail.objects.all()
    assert "Ada" not in str(mail.data)
    event = ConsentEvent.objects.get()
    assert (event.action, event.topics, event.frequency) == ("requested", ["box-kites", "wind"], "weekly")
    assert (event.page, event.method, event.at) == ("/mailing-list/", "web", mail.created_at)
    assert event.wording == ConsentWording.objects.get()


def test_the_words_agreed_to_are_those_on_the_page(ada):
    ada.sign_up()
    shown = " ".join(soup(ada.client.get("/mailing-list/")).select_one(".agreed").get_text(" ").split())
    kept = ConsentWording.objects.get().text
    assert " ".join(shown.split()).replace(" .", ".") == kept
    assert "urgent" in kept or "can’t wait" in kept


@pytest.mark.parametrize(
    ("fields", "message", "leads_to"),
    [
        ({"address": ""}, "Enter your email address", "id_address"),
        ({"address": "kite"}, "Enter an email address in the right form, such as name@example.org", "id_address"),
        ({"address": "a" * 400 + "@example.org"}, "Enter an email address of 254 characters or fewer", "id_address"),
        ({"topics": []}, "Choose at least one thing to hear about", "id_topics_0"),
        ({"topics": ["no-such"]}, "Choose from the topics on this page", "id_topics_0"),
        ({"frequency": ""}, "Choose how often you want to hear from us", "id_frequency_0"),
        ({"frequency": "hourly"}, "Choose how often from the three on this page", "id_frequency_0"),
        ({"name": "n" * 121}, "Shorten your name to 120 characters or fewer", "id_name"),
        ({"organisation": "a\nb"}, "Take the control characters out of your organisation", "id_organisation"),
    ],
)
def test_what_is_wrong_is_said_at_the_top_and_beside_the_control(ada, fields, message, leads_to):
    response = ada.sign_up(**fields)
    assert response.status_code == 422
    page = soup(response)
    assert page.title.get_text().startswith("Error: ")
    link = page.select_one(".errs a")
    assert message in link.get_text()
    assert link["href"] == f"#{leads_to}"
    control = page.find(id=leads_to)
    described = control.get("aria-describedby") or control.find_parent("fieldset")["aria-describedby"]
    assert message in " ".join(page.find(id=name).get_text() for name in described.split())
    assert not TransactionalEmail.objects.exists()


def test_what_was_typed_is_shown_again(ada):
    page = soup(ada.sign_up(address="kite", name="Ada & Co", topics=["wind"], frequency="monthly"))
    assert page.find(id="id_address")["value"] == "kite"
    assert page.find(id="id_name")["value"] == "Ada & Co"
    assert [box["value"] for box in page.select("main [checked]")] == ["wind", "monthly"]


def test_a_megabyte_is_not_shown_again(ada):
    response = ada.sign_up(address="a" * 1_000_000)
    assert response.status_code == 422
    assert len(response.content) < 30_000


def test_a_form_sent_faster_than_anybody_reads_is_asked_for_again(ada, settings):
    settings.SIGN_UP_SECONDS = 3600
    form_token = abuse.new_form_token()
    response = ada.sign_up(form_token=form_token)
    assert response.status_code == 422
    assert "was sent very quickly" in summary(response)[0]
    # The same stamp, so that sending once more a moment later works.
    assert soup(response).find("input", attrs={"name": "form_token"})["value"] == form_token
    settings.SIGN_UP_SECONDS = -1
    assert ada.sign_up(form_token=form_token).status_code == 302


@pytest.mark.parametrize("form_token", ["", "x", "forged:stamp:here", "\0"])
def test_a_form_without_a_stamp_of_ours_is_shown_again_with_a_new_one(ada, form_token):
    response = ada.sign_up(form_token=form_token)
    assert response.status_code == 422
    fresh = soup(response).find("input", attrs={"name": "form_token"})["value"]
    assert abuse.form_token_problem(fresh) == ""
    assert ada.sign_up(form_token=fresh).status_code == 302


def test_a_stamp_from_before_the_words_changed_is_not_taken(ada, monkeypatch):
    form_token = abuse.new_form_token()
    monkeypatch.setattr(abuse, "fingerprint", lambda: "0" * 64)
    assert "words may have changed" in summary(ada.sign_up(form_token=form_token))[0]


def test_the_trap_catches_and_lets_a_person_go(ada):
    response = ada.sign_up(trap="https://example.org")
    assert response.status_code == 422
    assert soup(response).find(id="id_trap")["value"] == ""
    assert not TransactionalEmail.objects.exists()


def test_the_form_at_the_foot_only_leads_to_the_whole_form(ada):
    page = soup(ada.client.get("/search/"))
    form = page.select_one("footer form")
    assert [field.get("name") for field in form.find_all("input")] == ["address"]
    response = ada.client.post(form["action"], {"address": ADA})
    assert response.status_code == 200
    assert soup(response).find(id="id_address")["value"] == ADA
    assert not response.cookies
    assert not TransactionalEmail.objects.exists()
    assert not FormAttempt.objects.exists()
    assert ada.client.get(form["action"]).status_code == 302


def test_forms_are_made_afresh_and_kept_by_nobody(ada):
    for response in (ada.client.get("/mailing-list/"), ada.sign_up(address=""), ada.client.get("/mailing-list/link/")):
        assert response["Cache-Control"] == "no-store, private"


def test_one_may_join_again_after_leaving(ada):
    ada.subscribe()
    ada.request_link()
    ada.client.post(ada.link(), {"do": "leave"})
    first = ada.row()
    FormAttempt.objects.all().delete()
    second = ada.subscribe()
    assert (first.state, second.state) == ("ended", "active")
    assert first.pk != second.pk


def test_a_second_request_takes_the_place_of_the_first(ada):
    ada.sign_up(topics=["wind"])
    old = ada.link()
    ada.sign_up(topics=["box-kites"])
    new = ada.link()
    assert ada.client.get(old).status_code == 410
    assert ada.client.post(old).status_code == 410
    assert ada.client.post(new).status_code == 302
    assert list(ada.row().topics.values_list("slug", flat=True)) == ["box-kites"]


def test_a_mail_that_is_tried_again_is_about_the_same_subscription(ada):
    ada.sign_up()
    first, second = ada.link(), ada.link()
    assert first != second
    assert Subscription.objects.count() == 1
    assert ada.client.post(second).status_code == 302
    # Whichever of the two arrives, the other says that all is well.
    again = Client().get(first)
    assert again.status_code == 200
    assert "There is nothing more to do" in again.text
