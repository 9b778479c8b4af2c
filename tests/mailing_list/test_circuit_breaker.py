"""Confirmations are held back while too many sign-ups go unconfirmed: from one network long before from everywhere."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from engagement.mail.addresses import address_hash
from engagement.mail.message import Defer, Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mail.transactional import compose
from engagement.mailing_list import abuse, circuit_breaker, retention
from engagement.mailing_list.consent_wording import current_wording
from engagement.mailing_list.models import CircuitBreaker, FormAttempt, Subscription
from tests.mailing_list.conftest import Person

pytestmark = [pytest.mark.django_db, pytest.mark.pg]

HERE, ELSEWHERE = "192.0.2.7", "198.51.100.7"
HELD = Defer(abuse.RETRY_SECONDS)


@pytest.fixture(autouse=True)
def known_networks(settings):
    settings.CLIENT_ADDRESS_HEADER = "HTTP_X_CLIENT_ADDRESS"


@pytest.fixture
def officer(django_user_model):
    return django_user_model.objects.create_superuser("officer", "officer@example.org", "a long password")


def somebody(name: str, network: str = HERE) -> Person:
    return Person(f"{name}@example.com", Client(headers={"X-Client-Address": network}))


def hash_of(rf, network: str) -> str:
    return abuse.network_hash(rf.get("/", headers={"X-Client-Address": network}))


def mailed(number: int, ago: timedelta, network_hash: str, *, confirmed: int = 0, name: str = "script") -> None:
    """So many addresses were asked for a confirmation, and so many of them gave it."""
    at = timezone.now() - ago
    hashes = [address_hash(f"{name}-{i}@example.net") for i in range(number)]
    FormAttempt.objects.bulk_create(
        FormAttempt(address_hash=hashed, network_hash=network_hash, at=at, mailed_at=at, outcome="confirm")
        for hashed in hashes
    )
    Subscription.objects.bulk_create(
        Subscription(
            address=f"{name}-{i}@example.net",
            address_hash=hashed,
            created_at=at,
            confirmed_at=at if i < confirmed else None,
            state="active" if i < confirmed else "pending",
        )
        for i, hashed in enumerate(hashes)
    )


def signed_up(person: Person) -> Message | Skip | Defer:
    """What comes of a sign-up, as a worker would compose it; what is put off waits as the outbox writes it down."""
    person.sign_up()
    made = person.mail()
    if isinstance(made, Defer):
        last = TransactionalEmail.objects.filter(address_hash=address_hash(person.address))
        last.update(state="retry", reason="later", due_at=timezone.now() + timedelta(hours=1))
    return made


def test_a_script_in_one_network_holds_up_nobody_elsewhere(topics, monkeypatch, officer):
    """With small numbers: a burst from one network, and sign-ups from another, before and after half an hour."""
    monkeypatch.setattr(circuit_breaker, "NETWORK_THRESHOLD", circuit_breaker.Threshold(burst=4, minimum=3))
    monkeypatch.setattr(circuit_breaker, "GENERAL_THRESHOLD", circuit_breaker.Threshold(burst=8, minimum=6))
    made = [signed_up(somebody(f"script-{number}")) for number in range(12)]
    assert [isinstance(mail, Message) for mail in made] == [True] * 4 + [False] * 8
    assert made[4:] == [HELD] * 8
    assert isinstance(signed_up(somebody("ada", ELSEWHERE)), Message)
    FormAttempt.objects.update(mailed_at=timezone.now() - timedelta(hours=1))
    assert isinstance(signed_up(somebody("bob", ELSEWHERE)), Message)
    assert [breaker.network_hash == "" for breaker in CircuitBreaker.objects.exclude(tripped_at=None)] == [False]
    # Once somebody let them go, what was judged trips nothing again.
    assert circuit_breaker.reset(officer, CircuitBreaker.objects.get().network_hash) == 8
    assert isinstance(signed_up(somebody("cyd")), Message)


@pytest.mark.slow
def test_seven_hundred_scripted_sign_ups_stop_nobody_else(topics, rf):
    """With the numbers in force: a script in one network, and a hall of 350 people in another, at the same moment."""
    script, hall = (rf.get("/", headers={"X-Client-Address": network}) for network in (HERE, ELSEWHERE))
    asked = {"topics": ["wind"], "frequency": "weekly", "name": "", "organisation": "", "page": "/mailing-list/"}
    asked |= {"wording": current_wording().pk, "privacy_notice": ""}
    made = {script: [], hall: []}
    for number in range(700):
        for request in (script, hall) if number < 350 else (script,):
            address = f"{number}@{'script' if request is script else 'hall'}.example.org"
            email = abuse.queue_request(abuse.SIGNUP, address, request, **asked)
            made[request].append(isinstance(compose(email), Message))
    burst = circuit_breaker.NETWORK_THRESHOLD.burst
    assert made[script] == [True] * burst + [False] * (700 - burst)
    assert made[hall] == [True] * 350
    # Nobody has confirmed yet, and half an hour is over.
    FormAttempt.objects.update(mailed_at=timezone.now() - timedelta(hours=1))
    assert isinstance(signed_up(somebody("ada", "203.0.113.7")), Message)


def test_a_slow_script_is_held_back_after_half_an_hour(topics, rf):
    mailed(circuit_breaker.NETWORK_THRESHOLD.minimum, timedelta(hours=2), hash_of(rf, HERE))
    assert signed_up(somebody("eve")) == HELD
    assert isinstance(signed_up(somebody("ada", ELSEWHERE)), Message)
    assert "From one network: 50 of the last 50" in CircuitBreaker.objects.get().reason


def test_a_script_that_has_stopped_holds_up_nobody_either(topics, rf):
    mailed(circuit_breaker.GENERAL_THRESHOLD.minimum + 20, timedelta(hours=2), hash_of(rf, HERE))
    assert isinstance(signed_up(somebody("ada", ELSEWHERE)), Message)
    assert not CircuitBreaker.objects.exists()


@pytest.mark.parametrize(
    ("number", "ago", "confirmed"),
    [
        (circuit_breaker.NETWORK_THRESHOLD.minimum - 1, timedelta(hours=2), 0),
        (350, timedelta(hours=2), 70),
        # A hall of 350 people signs up within minutes, and nobody has looked at their mail yet.
        (350, timedelta(minutes=5), 0),
    ],
)
def test_a_summit_does_not_trip_the_breaker_of_its_network(topics, rf, number, ago, confirmed):
    mailed(number, ago, hash_of(rf, HERE), confirmed=confirmed)
    assert isinstance(signed_up(somebody("ada")), Message)


def test_one_network_comes_nowhere_near_the_general_one():
    network, general = circuit_breaker.NETWORK_THRESHOLD, circuit_breaker.GENERAL_THRESHOLD
    assert 350 < network.burst <= general.burst / 2
    assert network.minimum <= general.minimum / 2
    assert network.burst < abuse.PER_NETWORK


def test_somebody_who_tries_thrice_counts_once(topics, rf, monkeypatch):
    monkeypatch.setattr(circuit_breaker, "NETWORK_THRESHOLD", circuit_breaker.Threshold(burst=2, minimum=50))
    for _ in range(3):
        assert isinstance(signed_up(somebody("ada")), Message)


@pytest.mark.parametrize("network", [HERE, "", "unknown"])
def test_very_many_from_everywhere_trip_the_general_one(topics, network):
    for number in range(4):
        mailed(25, timedelta(hours=2), f"network-{number}" if network == HERE else "", confirmed=4, name=str(number))
    assert signed_up(somebody("ada", network)) == HELD
    assert "84 of the last 100" in CircuitBreaker.objects.get(network_hash="").reason
    assert signed_up(somebody("bob", ELSEWHERE)) == HELD


def test_a_burst_from_everywhere_trips_it_at_once(topics):
    for number in range(4):
        mailed(300, timedelta(minutes=1), f"network-{number}", name=str(number))
    assert signed_up(somebody("ada")) == HELD
    assert CircuitBreaker.objects.get().network_hash == ""


def test_what_is_held_back_goes_out_when_it_is_let_go(topics, rf, officer):
    mailed(100, timedelta(hours=2), hash_of(rf, HERE), confirmed=19)
    ada = somebody("ada")
    ada.sign_up(name="Ada")
    assert ada.mail() == HELD
    assert TransactionalEmail.objects.get(kind="signup").data["name"] == "Ada"
    TransactionalEmail.objects.update(state="retry", due_at=timezone.now() + timedelta(hours=1))
    assert circuit_breaker.reset(officer, hash_of(rf, HERE)) == 1
    assert TransactionalEmail.objects.get(kind="signup").due_at <= timezone.now()
    assert isinstance(ada.mail(), Message)
    assert ada.row().name == "Ada"


def test_a_sign_up_that_is_held_back_for_weeks_is_not_lost(ada, officer):
    breaker = CircuitBreaker.objects.create(tripped_at=timezone.now() - timedelta(days=30), reason="Many")
    ada.sign_up(name="Ada")
    TransactionalEmail.objects.update(created_at=timezone.now() - timedelta(days=20))
    assert ada.mail() == HELD
    circuit_breaker.reset(officer)
    assert isinstance(ada.mail(), Message)
    assert ada.row().name == "Ada"
    # What waited for another reason is as stale as ever.
    ada.request_link()
    TransactionalEmail.objects.filter(kind="preferences").update(created_at=timezone.now() - timedelta(days=8))
    assert ada.mail() == Skip("stale")
    CircuitBreaker.objects.filter(pk=breaker.pk).update(reset_at=timezone.now() - timedelta(days=8))
    ada.sign_up()
    TransactionalEmail.objects.filter(object_id="").update(created_at=timezone.now() - timedelta(days=9))
    assert ada.mail() == Skip("stale")


def test_one_networks_sign_ups_are_discarded_with_what_was_typed(topics, rf, monkeypatch, officer):
    monkeypatch.setattr(circuit_breaker, "NETWORK_THRESHOLD", circuit_breaker.Threshold(burst=1, minimum=50))
    made = [signed_up(somebody(f"script-{number}")) for number in range(3)]
    made += [signed_up(somebody(f"other-{number}", ELSEWHERE)) for number in range(2)]
    assert [isinstance(mail, Message) for mail in made] == [True, False, False, True, False]
    assert circuit_breaker.discard(hash_of(rf, HERE)) == 2
    dropped = TransactionalEmail.objects.filter(reason="discarded")
    assert [(mail.state, mail.address, mail.data) for mail in dropped] == [("skipped", "", {})] * 2
    assert FormAttempt.objects.filter(outcome="discarded", network_hash=hash_of(rf, HERE)).count() == 2
    assert circuit_breaker.held_confirmations().count() == 1
    # What comes after it still waits for somebody.
    assert signed_up(somebody("script-9")) == HELD


def test_whoever_is_on_the_list_is_served_as_ever(topics, rf):
    ada = somebody("ada", ELSEWHERE)
    ada.subscribe()
    CircuitBreaker.objects.create(network_hash=hash_of(rf, ELSEWHERE), tripped_at=timezone.now())
    assert signed_up(ada).subject == "You are on our mailing list already"
    ada.request_link()
    assert isinstance(ada.mail(), Message)


def test_links_asked_for_under_strangers_addresses_are_few(topics, monkeypatch):
    monkeypatch.setattr(abuse, "STRANGERS_PER_NETWORK", 2)
    bob = somebody("bob")
    bob.subscribe()
    made = []
    for number in range(4):
        stranger = somebody(f"stranger-{number}")
        assert stranger.request_link().status_code == 302
        made.append(stranger.mail())
    assert [isinstance(mail, Message) for mail in made] == [True, True, False, False]
    bob.request_link()
    assert isinstance(bob.mail(), Message)
    other = somebody("other", ELSEWHERE)
    other.request_link()
    assert isinstance(other.mail(), Message)


class TestStaffAreTold:
    def notices(self):
        return TransactionalEmail.objects.filter(kind=circuit_breaker.NOTICE)

    def test_by_mail_and_once(self, topics, rf, officer, django_user_model):
        django_user_model.objects.create_user("reader", "reader@example.org", "a long password")
        mailed(50, timedelta(hours=2), hash_of(rf, HERE))
        for name in ("eve", "eva"):
            signed_up(somebody(name))
        notice = self.notices().get()
        assert notice.address == "officer@example.org"
        letter = compose(notice)
        assert "held back from 1 network." in " ".join(letter.text.split())
        assert "2 sign-ups wait" in letter.text
        assert "http://testserver/admin/mailing-list/" in letter.text
        assert "@" not in letter.text

    def test_of_many_networks_in_one_mail_an_hour(self, topics, officer):
        for number in range(3):
            circuit_breaker._trip(f"network-{number}", "Many", timezone.now())
        first = self.notices().get()
        assert "from 3 networks" in compose(first).text
        self.notices().update(state="accepted")
        for number in range(3, 6):
            circuit_breaker._trip(f"network-{number}", "Many", timezone.now())
        second = self.notices().exclude(pk=first.pk).get()
        assert second.due_at == first.due_at + timedelta(hours=1)
        CircuitBreaker.objects.all().delete()
        assert compose(second) == Skip("gone")


class TestWhatVisitorsRead:
    """True whether or not anything is sent, and the same for every address."""

    def page(self, person, form="sign_up"):
        response = getattr(person, form)()
        return " ".join(re.sub(r"<[^>]+>", " ", person.client.get(response["Location"]).text).split())

    def test_nobody_is_told_that_we_wrote_when_we_did_not(self, topics):
        assert "We have written" not in self.page(somebody("ada"))
        assert "We write to the address you gave" in self.page(somebody("ada"))
        for form in ("sign_up", "request_link"):
            words = self.page(somebody("ada"), form)
            assert "We don’t write to an address that had several such emails today" in words
            assert "on its way" not in words

    def test_who_is_held_back_is_told_so(self, topics, rf):
        CircuitBreaker.objects.create(network_hash=hash_of(rf, HERE), tripped_at=timezone.now())
        assert "We haven’t written to you yet" in self.page(somebody("ada"))
        assert "We haven’t written to you yet" not in self.page(somebody("bob", ELSEWHERE))
        CircuitBreaker.objects.update(network_hash="")
        assert "We haven’t written to you yet" in self.page(somebody("bob", ELSEWHERE))

    def test_it_is_the_same_for_every_address(self, topics, rf):
        somebody("ada", ELSEWHERE).subscribe()
        CircuitBreaker.objects.create(network_hash=hash_of(rf, HERE), tripped_at=timezone.now())
        assert somebody("ada").sign_up()["Location"] == somebody("new").sign_up()["Location"]


def test_what_names_a_network_goes_after_a_week(topics, rf, officer):
    old = timezone.now() - retention.ATTEMPTS_KEPT - timedelta(hours=1)
    for name, values in {
        "": {"reset_at": old},
        "judged": {"reset_at": old},
        "fresh": {"reset_at": timezone.now()},
        "idle": {"tripped_at": old},
        "waits": {"tripped_at": old},
    }.items():
        CircuitBreaker.objects.create(network_hash=name, **values)
    TransactionalEmail.objects.create(kind="signup", address="a@example.org", state="retry", data={"network": "waits"})
    retention.run()
    assert {breaker.network_hash for breaker in CircuitBreaker.objects.all()} == {"", "fresh", "waits"}
