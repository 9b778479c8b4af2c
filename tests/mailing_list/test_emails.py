"""The mails that forms cause: their headers, their words, and when none is sent."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from engagement.mail.addresses import address_hash
from engagement.mail.message import Defer, Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mail.render import WIDTH, inline_css, wrap_text
from engagement.mail.transactional import compose
from engagement.mailing_list import abuse, subscription_service
from engagement.mailing_list.models import FormAttempt, Subscription, Suppression, Token
from tests.mailing_list.conftest import ADA, Person

pytestmark = pytest.mark.django_db


def every_kind(ada) -> dict[str, Message]:
    """One mail of each kind."""
    ada.sign_up(name="Pills", organisation="https://evil.example.org")
    confirm = ada.mail()
    token = Token.objects.latest("pk")
    subscription_service.confirm(token, subscription_service.Evidence("web"))
    ada.sign_up()
    already = ada.mail()
    ada.request_link()
    manage = ada.mail()
    stranger = Person("stranger@example.org")
    stranger.request_link()
    return {"confirm": confirm, "already": already, "manage": manage, "nothing": stranger.mail()}


SUBJECTS = {
    "confirm": "Confirm that you want to hear from us",
    "already": "You are on our mailing list already",
    "manage": "Your link to your mailing list choices",
    "nothing": "We hold nothing under this address",
}


def test_headers_subject_and_address_of_each_kind(ada):
    for kind, letter in every_kind(ada).items():
        assert dict(letter.headers) == {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
        assert letter.subject == SUBJECTS[kind]
        assert letter.to == ("stranger@example.org" if kind == "nothing" else ADA)


def test_no_word_of_a_stranger_is_passed_on(ada):
    for letter in every_kind(ada).values():
        for typed in ("Pills", "evil.example.org"):
            assert typed not in letter.text + letter.html + letter.subject


def test_text_and_html_say_the_same(ada):
    for letter in every_kind(ada).values():
        page = BeautifulSoup(letter.html, "html.parser")
        for hidden in page.select("style, title, .preheader"):
            hidden.decompose()
        plain = " ".join(letter.text.split())
        for paragraph in page.select("p.lede, li"):
            assert " ".join(paragraph.get_text().split()) in plain
        links = {link["href"] for link in page.select("a")}
        assert all(link in letter.text for link in links)


def test_the_text_fits_and_nothing_is_fetched_or_watched(ada):
    for letter in every_kind(ada).values():
        for line in letter.text.splitlines():
            assert len(line) <= WIDTH or line.startswith("http")
        assert "&amp;" not in letter.text
        page = BeautifulSoup(letter.html, "html.parser")
        assert not page.select("img, link, script, iframe")
        assert page.html["lang"] == "en-GB"
        assert "prefers-color-scheme: dark" in page.style.get_text()
        assert len(letter.html) < 20_000


def test_somebody_on_the_list_is_told_so_and_nothing_changes(ada):
    ada.subscribe()
    ada.sign_up(topics=["wind"], frequency="monthly", name="Eve")
    letter = ada.mail()
    assert letter.subject == SUBJECTS["already"]
    row = ada.row()
    assert (row.frequency, row.name, list(row.topics.values_list("slug", flat=True))) == ("weekly", "", ["box-kites"])
    assert Subscription.objects.count() == 1


def test_a_paused_subscription_says_until_when(ada):
    subscription_service.pause(
        ada.subscribe(), timezone.localdate() + timedelta(days=3), subscription_service.Evidence("web")
    )
    ada.sign_up()
    assert "paused until" in ada.mail().text
    assert ada.row().state == "paused"


def test_three_mails_a_day_to_one_address_whoever_asks(ada):
    for _ in range(abuse.PER_ADDRESS):
        assert ada.request_link()["Location"] == "/mailing-list/link/sent/"
        assert isinstance(ada.mail(), Message)
    assert ada.sign_up()["Location"] == "/mailing-list/check-your-mail/"
    assert ada.mail() == Skip("capped")
    assert not Subscription.objects.exists()
    FormAttempt.objects.update(at=timezone.now() - abuse.ADDRESS_WINDOW)
    ada.sign_up()
    assert isinstance(ada.mail(), Message)


def test_the_cap_counts_an_address_however_its_case_is_written(ada):
    for address in ("ADA@example.org", "Ada@EXAMPLE.ORG", "ada@Example.org"):
        ada.sign_up(address=address)
    ada.sign_up()
    assert ada.mail() == Skip("capped")


def test_a_domain_is_not_flooded_and_nothing_to_it_is_lost(ada, monkeypatch):
    monkeypatch.setattr(abuse, "PER_DOMAIN", 2)
    for name in ("one", "two"):
        other = Person(f"{name}@example.org")
        other.sign_up()
        assert isinstance(other.mail(), Message)
    ada.sign_up(name="Ada")
    waiting = TransactionalEmail.objects.latest("pk")
    assert compose(waiting) == Defer(abuse.RETRY_SECONDS)
    elsewhere = Person("ada@example.com")
    elsewhere.request_link()
    assert isinstance(elsewhere.mail(), Message)
    FormAttempt.objects.exclude(mailed_at=None).update(mailed_at=timezone.now() - abuse.RATE_WINDOW)
    assert isinstance(compose(waiting), Message)
    assert ada.row().name == "Ada"


def test_no_network_alone_can_make_a_domain_wait():
    assert abuse.PER_DOMAIN > 2 * abuse.PER_NETWORK


def test_what_caused_no_mail_counts_for_no_cap(ada, monkeypatch):
    """Somebody who keeps trying is not kept out by their trying."""
    monkeypatch.setattr(abuse, "PER_DOMAIN", abuse.PER_ADDRESS + 1)
    for number in range(abuse.PER_ADDRESS + 4):
        ada.request_link()
        assert isinstance(ada.mail(), Message) == (number < abuse.PER_ADDRESS)
    # The day of the three mails is over; that of the tries in vain is not.
    sent = FormAttempt.objects.exclude(mailed_at=None)
    assert sent.count() == abuse.PER_ADDRESS
    sent.update(at=timezone.now() - abuse.ADDRESS_WINDOW)
    ada.sign_up()
    assert isinstance(ada.mail(), Message)


def test_one_network_does_not_use_up_what_others_may_ask_for(ada, settings):
    settings.CLIENT_ADDRESS_HEADER = "HTTP_X_CLIENT_ADDRESS"
    sent = []
    for network in ("192.0.2.7", "198.51.100.7", "203.0.113.7"):
        somebody = Person(ADA, Client(headers={"X-Client-Address": network}))
        for _ in range(abuse.PER_ADDRESS + 1):
            somebody.request_link()
            sent.append(isinstance(ada.mail(), Message))
    assert sent == [True, True, True, False] * 2 + [False] * 4


@pytest.mark.parametrize("reason", Suppression.FINAL)
def test_what_is_final_stands_against_a_sign_up(ada, reason):
    subscription_service.suppress(address_hash(ADA), reason)
    for asks in (ada.sign_up, ada.request_link):
        assert asks().status_code == 302
        assert ada.mail() == Skip("suppressed")
    assert not Subscription.objects.exists()


def test_what_became_final_after_the_mail_stops_its_link(ada):
    ada.sign_up()
    link = ada.link()
    subscription_service.end_for_complaint(address_hash(ADA))
    assert ada.client.post(link).status_code in (404, 410)
    assert ada.row().state == "ended"


@pytest.mark.parametrize("reason", ["left", "erased", "bounced"])
def test_a_confirmation_of_ones_own_lifts_what_is_not_final(ada, reason):
    subscription_service.suppress(address_hash(ADA), reason)
    ada.sign_up()
    ada.mail()
    assert Suppression.objects.count() == 1
    assert ada.client.post(ada.link()).status_code == 302
    assert not Suppression.objects.exists()


def test_who_leaves_before_a_put_off_answer_is_tried_again_is_not_asked_anew(ada):
    ada.subscribe()
    ada.sign_up()
    assert isinstance(ada.mail(), Message)
    subscription_service.unsubscribe(ada.row(), subscription_service.Evidence("web"))
    assert ada.mail() == Skip("answered")
    assert ada.row().state == "ended"


def test_a_request_that_waited_for_a_week_is_dropped(ada):
    ada.sign_up()
    TransactionalEmail.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert ada.mail() == Skip("stale")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("word " * 30, 3),
        ("https://example.org/" + "a" * 100, 1),
        ("-  " + "word " * 30, 3),
        ("P7   " + "word " * 30, 3),
    ],
)
def test_text_is_wrapped_and_hangs_under_its_first_word(text, lines):
    broken = wrap_text(text).splitlines()
    assert len(broken) == lines
    indent = len(text) - len(text.lstrip("P7- "))
    assert all(line.startswith(" " * indent) for line in broken[1:])


def test_the_sheet_is_written_into_the_elements():
    html = "<html><head><style>p { color: red }</style></head><body><p>a</p><a href='⟦leave⟧'>b</a></body></html>"
    done = inline_css(html)
    assert '<p style="color: red;">' in done
    assert 'href="⟦leave⟧"' in done
    assert "<style" not in done
