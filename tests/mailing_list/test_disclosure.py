"""Nobody learns who is on the list, and nothing is written down that shouldn't be."""

import logging
import re
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagement.mail.addresses import address_hash
from engagement.mail.message import Message
from engagement.mail.models import TransactionalEmail
from engagement.mailing_list import abuse, circuit_breaker, subscription_service
from engagement.mailing_list.models import FormAttempt, Subscription
from nelis.core.logs import RedactingFormatter
from tests.mailing_list.conftest import Person

pytestmark = [pytest.mark.django_db, pytest.mark.pg]


@pytest.fixture
def known(topics) -> dict[str, Person]:
    """Somebody in each state there is."""
    everybody = {
        state: Person(f"{state}@example.org")
        for state in ("new", "pending", "active", "paused", "left", "erased", "bounced", "capped")
    }
    for state in ("active", "paused", "left"):
        everybody[state].subscribe()
    everybody["pending"].sign_up()
    everybody["pending"].mail()
    subscription_service.pause(
        everybody["paused"].row(), subscription_service.timezone.localdate(), subscription_service.Evidence("web")
    )
    subscription_service.unsubscribe(everybody["left"].row(), subscription_service.Evidence("web"))
    subscription_service.suppress(address_hash("erased@example.org"), "erased")
    subscription_service.end_for_bounce(address_hash("bounced@example.org"))
    for _ in range(abuse.PER_ADDRESS + 1):
        everybody["capped"].request_link()
    return everybody


@dataclass
class Answer:
    """What a form answered, as far as anybody could compare it, and what it asked the database."""

    status: int
    headers: dict[str, str]
    body: bytes
    queries: list[str]


def shape(sql: str) -> str:
    """A statement without its values."""
    return re.sub(r"'[^']*'|\b\d+\b|\bs\d+_x\d+\b", "?", sql)


def answer(send, form_token: str) -> Answer:
    with CaptureQueriesContext(connection) as context:
        response = send(form_token=form_token)
    return Answer(
        response.status_code, dict(response.headers), response.content, [shape(query["sql"]) for query in context]
    )


@pytest.mark.parametrize("form", ["sign_up", "request_link"])
def test_a_form_answers_everybody_alike_and_asks_the_same(known, form):
    # What a process remembers after the first request of all isn't about the address.
    getattr(Person("first@example.org"), form)()
    form_token = abuse.new_form_token()
    answers = {state: answer(getattr(person, form), form_token) for state, person in known.items()}
    for state, given in answers.items():
        assert given == answers["new"], state
    assert len(answers["new"].queries) <= 12


def test_the_page_after_it_is_one_and_the_same(known):
    for path in ("/mailing-list/check-your-mail/", "/mailing-list/link/sent/"):
        assert b"@" not in Client().get(path).content


def test_nothing_is_sent_while_somebody_waits(known, mailoutbox):
    known["active"].sign_up()
    known["new"].sign_up()
    assert not mailoutbox
    assert (
        TransactionalEmail.objects.filter(
            address__in=["active@example.org", "new@example.org"], state="pending"
        ).count()
        == 2
    )


def test_fetching_every_link_of_every_mail_changes_nothing(ada):
    letters = []
    ada.sign_up()
    letters.append(ada.mail())
    ada.client.post(re.search(r"http://testserver(/mailing-list/confirm/\S+)", letters[0].text)[1])
    ada.sign_up()
    letters.append(ada.mail())
    ada.request_link()
    letters.append(ada.mail())
    before = everything()
    links = set()
    for letter in letters:
        assert isinstance(letter, Message)
        links |= set(re.findall(r'http://testserver(/[^\s"<>]*)', letter.text + letter.html))
    # And what one comes to from there by links alone.
    seen = set()
    while links - seen:
        path = (links - seen).pop()
        seen.add(path)
        for method in ("get", "head", "options"):
            response = getattr(Client(), method)(path)
            assert response.status_code < 500
        links |= {
            link.replace("&amp;", "&") for link in re.findall(r'href="(/mailing-list/[^"#]*)', Client().get(path).text)
        }
    assert len(seen) >= 8
    assert everything() == before


def everything() -> dict[str, list]:
    """Every row of the mailing list and of the post room."""
    from django.apps import apps

    models = [model for label in ("mailing_list", "mail") for model in apps.get_app_config(label).get_models()]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_no_address_and_no_token_is_in_any_log(ada, caplog):
    """Canaries in every field and in every link, and the log at its most talkative, as it is written."""
    canary = "canary-7f3a@example.org"
    person = Person(canary)
    formatter = RedactingFormatter("%(name)s %(message)s %(request)s", defaults={"request": ""})
    with caplog.at_level(logging.DEBUG):
        person.sign_up(name="canary-name", organisation="canary-organisation")
        person.sign_up(address="canary-7f3a@", name="canary-name")
        link = person.link()
        for path in (link, link[:-1], link.replace("confirm", "manage"), link.replace("confirm", "leave")):
            person.client.get(path)
            person.client.post(path, {"topics": "canary-name"})
        person.request_link()
        manage = person.link()
        person.client.post(manage, {"do": "canary-name"})
        person.client.get(manage.replace("/manage/", "/manage/held/"))
        person.client.get(f"/mailing-list/nowhere/?t={link.split('t=')[1]}")
    written = [
        formatter.format(record)
        for record in caplog.records
        # What a developer alone can switch on: statements with their values.
        if not record.name.startswith("django.db.backends")
    ]
    assert written
    for line in written:
        for secret in ("canary", link.split("t=")[1], manage.split("t=")[1]):
            assert secret not in line, line


BAD = [
    "",
    " ",
    "@",
    "a@",
    "@b",
    "a@b",
    "a b@example.org",
    "a@example.org\nBcc: all@example.org",
    "a@example.org\r\nSubject: hello",
    "a@example.org\0",
    "\0",
    "a@example.org, b@example.org",
    "Ada <a@example.org>",
    '"a b"@example.org',
    "a@[127.0.0.1]",
    "почта@example.org",
    "a@" + "b" * 300 + ".org",
    "a" * 70 + "@example.org",
    "a" * 1_000_000,
    "a@" * 100_000,
    "\u202egro.elpmaxe@a",
    "a@exa\u200bmple.org",
    "a@-example-.org",
    "a@example..org",
    "\ud800@example.org",
]


@pytest.mark.parametrize("address", BAD, ids=lambda address: repr(address[:20]))
@pytest.mark.parametrize("path", ["/mailing-list/", "/mailing-list/link/"])
def test_bad_input_gets_an_answer_and_no_mail(ada, path, address):
    body = f"address={quoted(address)}&topics=box-kites&frequency=weekly&stamp={abuse.new_form_token()}"
    response = Client().generic("POST", path, body, "application/x-www-form-urlencoded")
    assert response.status_code == 422
    assert "There is a problem" in response.text
    assert not TransactionalEmail.objects.exists()


def quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="", errors="surrogatepass")


def test_an_address_in_another_script_of_the_domain_is_taken_in_its_plain_form(ada):
    ada.sign_up(address="ada@bücher.example.org")
    assert TransactionalEmail.objects.get().address == "ada@xn--bcher-kva.example.org"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"a=1&" * 5000, "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"x" * 3_000_000, "application/x-www-form-urlencoded"),
    ],
)
@pytest.mark.parametrize("path", ["/mailing-list/", "/mailing-list/start/", "/mailing-list/link/"])
def test_no_body_breaks_a_form(ada, path, body, content_type):
    assert Client().generic("POST", path, body, content_type).status_code in (200, 400, 413, 422)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("", ""),
        ("unknown", ""),
        ("192.0.2.77, 198.51.100.1", ""),
    ],
)
def test_a_network_is_known_from_the_proxys_header_alone(rf, settings, address, network):
    settings.CLIENT_ADDRESS_HEADER = "HTTP_X_CLIENT_ADDRESS"
    request = rf.get("/", headers={"X-Client-Address": address, "X-Forwarded-For": "198.51.100.9"})
    assert abuse.network_of(request) == network
    settings.CLIENT_ADDRESS_HEADER = ""
    assert abuse.network_of(request) == ""


def test_a_network_that_is_crowded_waits_and_others_do_not(ada, settings, monkeypatch):
    settings.CLIENT_ADDRESS_HEADER = "HTTP_X_CLIENT_ADDRESS"
    monkeypatch.setattr(abuse, "PER_NETWORK", 2)
    here = Client(headers={"X-Client-Address": "192.0.2.7"})
    for number in range(2):
        assert Person(f"{number}@example.org", here).sign_up().status_code == 302
    refused = Person("2@example.org", Client(headers={"X-Client-Address": "192.0.2.250"})).sign_up()
    assert refused.status_code == 429
    assert "Wait an hour" in refused.text
    assert Person("2@example.org", here).request_link().status_code == 429
    assert Person("2@example.org", Client(headers={"X-Client-Address": "198.51.100.7"})).sign_up().status_code == 302


def test_a_hall_of_350_people_gets_in_twice_over(settings):
    assert abuse.PER_NETWORK >= 2 * 350
    assert circuit_breaker.NETWORK_THRESHOLD.burst > 350


def test_attempts_hold_hashes_alone(ada):
    ada.sign_up()
    kept = str(vars(FormAttempt.objects.get()))
    assert "@" not in kept
    assert "example.org" not in kept
    assert not Subscription.objects.exists()
