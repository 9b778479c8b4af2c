"""What somebody can do with a mailed link: change, pause, leave, see, take away, erase."""

import json
import re
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.utils import timezone

from engagement.complaints import workflow
from engagement.complaints.models import Complaint
from engagement.mail.addresses import address_hash
from engagement.mail.clock import Clock
from engagement.mail.config import WorkerConfig
from engagement.mail.message import Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mail.outbox import Outbox
from engagement.mail.transactional import TRANSACTIONAL, compose
from engagement.mailing_list import personal_data, subscription_service
from engagement.mailing_list.forms import months_from_today
from engagement.mailing_list.models import ConsentEvent, FormAttempt, Subscription, Suppression, Token, Topic
from engagement.mailing_list.periodic_tasks import resume_and_expire
from tests.mailing_list.conftest import ADA

pytestmark = [pytest.mark.django_db, pytest.mark.pg]


@pytest.fixture
def link(ada) -> str:
    """The path that Ada's link leads to, once she is on the list."""
    ada.subscribe()
    ada.request_link()
    return ada.link()


def part(link: str, name: str) -> str:
    return link.replace("/manage/", f"/manage/{name}")


def test_the_link_works_as_often_as_one_likes_until_it_expires(ada, link):
    for _ in range(3):
        assert ada.client.get(link).status_code == 200
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for path in (link, part(link, "held/"), part(link, "data.json"), part(link, "erase/")):
        response = ada.client.get(path)
        assert response.status_code == 410
        assert "two hours" in response.text


def test_choices_are_shown_and_changed(ada, link):
    page = BeautifulSoup(ada.client.get(link).text, "html.parser")
    assert [box["value"] for box in page.select("main [checked]")] == ["box-kites", "weekly"]
    response = ada.client.post(link, {"do": "save", "topics": ["wind", "whole"], "frequency": "monthly"})
    assert response.status_code == 302
    assert "Your choices are saved" in ada.client.get(response["Location"]).text
    row = ada.row()
    assert (set(row.topics.values_list("slug", flat=True)), row.frequency) == ({"whole", "wind"}, "monthly")
    event = ConsentEvent.objects.latest("pk")
    assert (event.action, event.topics, event.frequency) == ("changed", ["whole", "wind"], "monthly")


def test_saving_what_is_already_so_writes_nothing(ada, link):
    before = ConsentEvent.objects.count()
    response = ada.client.post(link, {"do": "save", "topics": ["box-kites"], "frequency": "weekly"})
    assert "Your choices are saved" in ada.client.get(response["Location"]).text
    assert ConsentEvent.objects.count() == before


def test_a_topic_that_was_closed_stays_with_those_who_have_it(ada, link):
    Topic.objects.filter(slug="box-kites").update(is_open=False)
    assert 'value="box-kites"' in ada.client.get(link).text
    ada.client.post(link, {"do": "save", "topics": ["box-kites", "wind"], "frequency": "weekly"})
    assert ada.row().topics.count() == 2


@pytest.mark.parametrize(
    ("fields", "message", "leads_to"),
    [
        ({"do": "save", "topics": [], "frequency": "weekly"}, "Choose at least one thing", "#id_topics_0"),
        ({"do": "pause"}, "Choose how long to pause", "#id_how_long_0"),
        ({"do": "pause", "how_long": "99"}, "Choose one of the four", "#id_how_long_0"),
        ({"do": "pause", "how_long": "date"}, "Enter the day your emails should go on", "#id_day"),
        ({"do": "pause", "how_long": "date", "day": "soon"}, "Enter a date, such as", "#id_day"),
        ({"do": "pause", "how_long": "date", "day": "2001-01-01"}, "after today and within a year", "#id_day"),
        ({"do": "pause", "how_long": "date", "day": "9999-12-31"}, "after today and within a year", "#id_day"),
    ],
)
def test_what_is_wrong_is_said(ada, link, fields, message, leads_to):
    response = ada.client.post(link, fields)
    assert response.status_code == 422
    page = BeautifulSoup(response.text, "html.parser")
    assert page.title.get_text().startswith("Error: ")
    assert message in page.select_one(f'.errs a[href="{leads_to}"]').get_text()
    assert page.select_one(leads_to)


@pytest.mark.parametrize("do", ["", "destroy", "\0", "save\n"])
def test_what_no_button_says_does_nothing(ada, link, do):
    response = ada.client.post(link, {"do": do, "topics": ["wind"], "frequency": "weekly"})
    assert response.status_code == 302
    assert ada.row().frequency == "weekly"
    assert list(ada.row().topics.values_list("slug", flat=True)) == ["box-kites"]


def test_a_pause_ends_by_itself(ada, link):
    ada.client.post(link, {"do": "pause", "how_long": "3"})
    assert (ada.row().state, ada.row().paused_until) == ("paused", months_from_today(3))
    assert Subscription.objects.receiving().count() == 0
    assert resume_and_expire() == "0 resumed, 0 expired."
    Subscription.objects.update(paused_until=timezone.localdate())
    assert resume_and_expire() == "1 resumed, 0 expired."
    assert (ada.row().state, ada.row().paused_until) == ("active", None)
    assert ConsentEvent.objects.latest("pk").action == "resumed"


def test_leaving_and_coming_back_ends_no_pause(ada, link):
    ada.client.post(link, {"do": "pause", "how_long": "3"})
    ada.client.post(link, {"do": "leave"})
    ada.client.post(link, {"do": "undo"})
    assert (ada.row().state, ada.row().paused_until) == ("paused", months_from_today(3))
    # One that is over meanwhile is over.
    ada.client.post(link, {"do": "leave"})
    Subscription.objects.update(paused_until=timezone.localdate())
    ada.client.post(link, {"do": "undo"})
    assert (ada.row().state, ada.row().paused_until) == ("active", None)


def test_a_pause_may_last_until_a_day_and_be_ended_at_once(ada, link):
    day = timezone.localdate() + timedelta(days=40)
    ada.client.post(link, {"do": "pause", "how_long": "date", "day": day.isoformat()})
    assert ada.row().paused_until == day
    ada.client.post(link, {"do": "resume"})
    assert ada.row().state == "active"


@pytest.mark.parametrize(
    ("today", "months", "day"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
        (date(2026, 6, 15), 6, date(2026, 12, 15)),
    ],
)
def test_months_are_those_of_the_calendar(monkeypatch, today, months, day):
    monkeypatch.setattr(timezone, "localdate", lambda: today)
    assert months_from_today(months) == day


def test_leaving_and_coming_back(ada, link):
    assert ada.client.post(link, {"do": "leave"})["Location"].endswith("done=left")
    assert ada.row().state == "ended"
    assert "is not on the list" in ada.client.get(link).text
    ada.client.post(link, {"do": "undo"})
    assert ada.row().state == "active"
    assert not Suppression.objects.exists()


def test_everything_held_is_shown_and_can_be_taken_away(ada, link):
    page = ada.client.get(part(link, "held/"))
    assert page.status_code == 200
    for words in (
        ADA,
        "Asked to join",
        "Confirmed",
        "The words you agreed to",
        "An email about your subscription (signup)",
    ):
        assert words in main(page)
    response = ada.client.get(part(link, "data.json"))
    assert response["Content-Type"] == "application/json"
    assert "attachment" in response["Content-Disposition"]
    assert response["Cache-Control"] == "no-store, private"
    held = json.loads(response.text)
    assert held["subscriptions"][0]["address"] == ADA
    assert [event["action"] for event in held["consent"]] == ["Asked to join", "Confirmed"]
    assert [mail["kind"] for mail in held["service_mails"]] == ["signup", "preferences"]
    assert held["bulletins"] == []
    assert held["consent"][0]["wording_text"]


def test_erasing_takes_a_press_and_leaves_no_address(ada, link):
    assert ada.client.get(part(link, "erase/")).status_code == 200
    assert Subscription.objects.count() == 1
    response = ada.client.post(part(link, "erase/"))
    assert response["Location"] == "/mailing-list/erased/"
    assert not Subscription.objects.exists()
    assert not Token.objects.exists()
    assert ADA not in str([vars(row) for row in TransactionalEmail.objects.all()])
    assert ADA not in str([vars(row) for row in ConsentEvent.objects.all()])
    assert Suppression.objects.get().reason == "erased"
    assert ConsentEvent.objects.latest("pk").action == "erased"
    assert ada.client.get(link).status_code == 404


def test_a_complaint_is_said_to_be_there_and_its_words_are_not_shown(ada, link):
    one = workflow.receive("You sold my kite", name="Eve", address="Ada@Example.org")
    for shown in (ada.client.get(part(link, "held/")).text, ada.client.get(part(link, "data.json")).text):
        assert one.reference in shown
        assert "Received" in shown
        for typed in ("sold my kite", "Eve"):
            assert typed not in shown
    assert "All of it but the words of complaints" in main(ada.client.get(part(link, "held/")))
    # Staff, who ask who it is for, have it all.
    assert personal_data.collect_data(ADA)["complaints"][0]["text"] == "You sold my kite"


def test_erasing_says_that_a_complaint_stays(ada, link):
    assert "complaint" not in main(ada.client.get(part(link, "erase/")))
    one = workflow.receive("You sold my kite", address=ADA)
    before = main(ada.client.get(part(link, "erase/")))
    assert one.reference in before
    assert "Two years after we have answered" in before
    done = ada.client.post(part(link, "erase/"))
    after = main(ada.client.get(done["Location"]))
    assert "Erased, but for your complaint" in after
    assert "Two years after we have answered" in after
    assert "Everything is erased" not in after
    one.refresh_from_db()
    assert one.address == ADA
    assert "complaint" not in main(ada.client.get("/mailing-list/erased/"))


def test_who_only_complained_is_not_told_that_nothing_is_held(ada):
    one = workflow.receive("You sold my kite", address=ADA)
    ada.request_link()
    letter = ada.mail()
    assert letter.subject == "Your link to what we hold about you"
    path = re.search(r"http://testserver(/mailing-list/manage/\S+)", letter.text)[1]
    assert one.reference in ada.client.get(path, follow=True).text
    Complaint.objects.update(address="")
    ada.request_link()
    assert ada.mail().subject == "We hold nothing under this address"


def test_mails_about_feedback_are_shown(ada, link, monkeypatch):
    """They stand in the file: the page says that it shows all."""
    rows = [{"round": "The kite fair", "state": "Delivered", "at": "2030-01-02T12:00:00+00:00"}]
    provider = personal_data.Provider(lambda hashed: rows, lambda hashed: rows, False)
    monkeypatch.setitem(personal_data._providers, "feedback_mails", provider)
    assert "An email about what came of The kite fair" in ada.client.get(part(link, "held/")).text


def main(response) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").select_one("main").get_text(" ").split())


def test_topics_are_called_by_their_names_where_people_read(ada, link):
    topic = Topic.objects.get(slug="box-kites")
    subscription_service.update_preferences(
        ada.row(), subscription_service.Preferences([topic], "weekly"), subscription_service.Evidence("web")
    )
    assert f"<dd>{topic.name}</dd>" in ada.client.get(part(link, "held/")).text
    assert "box-kites" in str(ada.client.get(part(link, "data.json")).json()["subscriptions"])
    topic.delete()
    assert ada.client.get(part(link, "held/")).status_code == 200


def test_after_erasing_nothing_is_held_and_one_may_join_again(ada, link):
    personal_data.erase(ADA)
    assert personal_data.collect_data(ADA)["subscriptions"] == []
    assert ada.subscribe().state == "active"
    assert not Suppression.objects.exists()


def test_erasing_stops_a_mail_that_waits(ada, topics):
    ada.sign_up()
    personal_data.erase(ADA)
    mail = TransactionalEmail.objects.get()
    assert (mail.state, mail.reason, mail.address, mail.data) == ("skipped", "erased", "", {})


@pytest.fixture
def outbox():
    """The outbox as a worker uses it."""
    return Outbox("worker", Clock(), WorkerConfig())


@pytest.mark.parametrize("form", ["sign_up", "request_link"])
def test_erasing_stops_a_mail_that_a_worker_has_claimed(ada, bob, outbox, form):
    """The worker read its rows a moment before; it composes them afterwards."""
    getattr(ada, form)()
    getattr(bob, form)()
    theirs, others = outbox.claim(TRANSACTIONAL, 10)
    personal_data.erase(theirs.address)
    assert compose(theirs) == Skip("erased")
    assert not Subscription.objects.exists()
    assert isinstance(compose(others), Message)
    assert ADA not in str([vars(row) for row in (*TransactionalEmail.objects.all(), *FormAttempt.objects.all())])
    assert outbox.mark_sending(TRANSACTIONAL, theirs)[0] is False
    assert outbox.mark_sending(TRANSACTIONAL, others)[0] is True


def test_erasing_stops_a_mail_that_is_composed_and_not_sent(ada, outbox):
    ada.sign_up()
    (row,) = outbox.claim(TRANSACTIONAL, 10)
    assert isinstance(compose(row), Message)
    personal_data.erase(ADA)
    assert not Subscription.objects.exists()
    assert outbox.mark_sending(TRANSACTIONAL, row)[0] is False
    assert TransactionalEmail.objects.get().reason == "erased"


def test_it_is_kept_how_an_erasure_was_asked_for(ada, bob, link):
    bob.subscribe()
    ada.client.post(part(link, "erase/"))
    call_command("personal_data", "erase", bob.address, "--yes")
    events = ConsentEvent.objects.filter(action="erased").order_by("pk")
    assert [(one.method, one.page) for one in events] == [("web", "/mailing-list/manage/erase/"), ("command", "")]


def test_somebody_else_is_untouched_by_erasing(ada, bob, link):
    bob.subscribe()
    personal_data.erase(ADA)
    assert bob.row().state == "active"
    assert TransactionalEmail.objects.filter(address=bob.address).exists()


def test_who_left_can_still_see_what_is_held(ada, link):
    subscription_service.unsubscribe(ada.row(), subscription_service.Evidence("web"))
    ada.request_link()
    assert "is not on the list" in ada.client.get(ada.link()).text


def test_the_pages_ask_a_constant_number_of_queries(ada, bob, link, django_assert_max_num_queries):
    for _ in range(20):
        subscription_service.record_event(ada.row(), "changed", subscription_service.Evidence("web"))
        TransactionalEmail.objects.create(kind="signup", address=ADA, address_hash=address_hash(ADA))
    ada.client.get(link)
    for path in (link, part(link, "held/"), part(link, "data.json")):
        with django_assert_max_num_queries(14):
            ada.client.get(path)


def test_migrations_are_complete():
    call_command("makemigrations", "mailing_list", check=True, dry_run=True, verbosity=0)
