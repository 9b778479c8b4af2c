"""Bulletins through refusals of our account, dead addresses, cuts and kills: each recipient is accounted for.

The volumes are slow; their small siblings run a worker in this process.
"""

import os
import re
import signal

import pytest
from django.urls import reverse

from engagement.bulletins import workflow
from engagement.bulletins.models import Bulletin, Delivery
from engagement.mail.models import DeliveryState, RateLimit
from engagement.mailing_list.models import Subscription, Suppression
from nelis.core.models import User
from tests.bulletins.real_sending import being_sent, certificate_faults, committed, officer_client  # noqa: F401
from tests.mail.conftest import by_smtp, drain, hours_pass, sink, still  # noqa: F401 - fixtures
from tests.mail.harness import run_with_kills, stop_workers, wait_until, worker_pool

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.pg]

QUOTA = "550 5.7.1 quota exceeded"


def people(name, count):
    return [f"{name}{number}@example.org" for number in range(count)]


def states(bulletin):
    rows = list(Delivery.objects.filter(bulletin=bulletin).values_list("state", flat=True))
    return {state: rows.count(state) for state in set(rows)}


def send_refused_again():
    """Press every button that offers it on the page “Email delivery”. Returns what is refused after that."""
    client, url = officer_client(), reverse("email_delivery")
    page = client.get(url).content.decode()
    for form in re.findall(r'<form method="post">((?:(?!</form>).)*value="failed".*?)</form>', page, re.DOTALL):
        client.post(url, dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) | {"decision": "again"})
    return Delivery.objects.filter(state=DeliveryState.FAILED).count()


def resume_if_paused(bulletin):
    """As an officer does. Whether it had paused."""
    current = Bulletin.objects.get(pk=bulletin.pk)
    if current.state != Bulletin.State.PAUSED:
        return False
    workflow.perform("resume", current, User.objects.get(username="officer"))
    return True


def nobody_is_off_the_list():
    return not Suppression.objects.exists() and not Subscription.objects.exclude(state="active").exists()


def test_an_account_that_is_refused_in_the_midst_of_a_bulletin(drain, by_smtp):  # noqa: F811
    addresses = people("before", 5) + people("reader", 15)
    bulletin = being_sent(addresses)
    by_smtp.write([{"stage": "rcpt", "say": QUOTA, "times": -1, "only": "reader"}])
    assert drain() == 5
    RateLimit.objects.update(blocked_until=None)
    assert drain() == 0
    assert states(bulletin) == {
        DeliveryState.ACCEPTED: 5,
        DeliveryState.FAILED: 3,
        DeliveryState.RETRY: 1,
        DeliveryState.PENDING: 11,
    }
    assert certificate_faults(bulletin, addresses, by_smtp) == []
    by_smtp.well()
    assert drain(later=True) == 12
    bulletin.refresh_from_db()
    assert bulletin.state == Bulletin.State.EXCEPTIONS
    assert certificate_faults(bulletin, addresses, by_smtp) == []
    assert send_refused_again() == 0
    assert drain() == 3
    bulletin.refresh_from_db()
    assert bulletin.state == Bulletin.State.COMPLETED
    assert certificate_faults(bulletin, addresses, by_smtp) == []
    assert sorted(address for address, _ in by_smtp.received()) == sorted(addresses)
    assert nobody_is_off_the_list()


def test_dead_addresses_are_retired_after_their_second_refusal(drain, by_smtp):  # noqa: F811
    alive, dead = people("reader", 10), [*people("dead-a", 2), *people("dead-b", 2)]
    by_smtp.write(
        [
            {"stage": "rcpt", "say": "550 5.1.1 No such user", "times": -1, "only": "dead-a"},
            {"stage": "rcpt", "say": "550 No such user", "times": -1, "only": "dead-b"},
        ]
    )
    for slug, expected in (("first", alive + dead), ("second", alive + dead), ("third", alive)):
        bulletin = being_sent(alive + dead, slug)
        assert drain() == 10
        bulletin.refresh_from_db()
        assert (slug, bulletin.recipient_count) == (slug, len(expected))
        assert certificate_faults(bulletin, expected, by_smtp) == []
    retired = Subscription.objects.filter(state="ended").values_list("address", flat=True)
    assert sorted(retired) == sorted(dead)


@pytest.mark.slow
def test_a_quota_a_cut_and_kills(sink, tmp_path):  # noqa: F811
    """Five hundred recipients and three workers; the quota is used up after a hundred, and raised some waits later."""
    addresses = people("reader", 500)
    bulletin = being_sent(addresses)

    def meanwhile(holds):
        return lambda: (resume_if_paused(bulletin), holds())[1]

    sink.behave("content", "wait 0.005")
    with worker_pool(sink, tmp_path) as pool:
        workers = [pool.start() for _ in range(3)]
        wait_until(lambda: len(sink.received()) >= 100, 180)
        sink.behave("rcpt", QUOTA)
        # Nine refused of so few may pause it, too: then a person resumes it.
        wait_until(meanwhile(lambda: RateLimit.objects.filter(setback_count__gte=3).exists()), 180)
        failed = Delivery.objects.filter(state=DeliveryState.FAILED)
        assert 3 <= failed.count() <= 9
        os.kill(workers[0], signal.SIGKILL)
        sink.behave("content", "wait 0.005")
        wait_until(meanwhile(lambda: len(sink.received()) >= 200), 180)
        # A server that ends at once, as without power, and is there again.
        sink.stop()
        sink.start()
        stop_workers(*workers[1:])
        resume_if_paused(bulletin)
        killed = 1 + run_with_kills(pool, Delivery, workers=3, kills=8, seconds=300, seed=5)
        last = pool.start()
        wait_until(meanwhile(lambda: completed(bulletin)), 180)
        assert certificate_faults(bulletin, addresses, sink) == []
        found = states(bulletin)
        assert found.get(DeliveryState.FAILED, 0) <= 9 + 3 * killed
        # A killed worker leaves one in doubt, and so does each connection that was cut.
        assert found.get(DeliveryState.UNKNOWN, 0) <= killed + 3
        send_refused_again()
        wait_until(meanwhile(lambda: not Delivery.objects.filter(state__in=Delivery.OPEN).exists()), 180)
        stop_workers(last)
    found = states(bulletin)
    assert set(found) <= {DeliveryState.ACCEPTED, DeliveryState.UNKNOWN}
    assert sum(found.values()) == 500
    assert certificate_faults(bulletin, addresses, sink) == []
    assert nobody_is_off_the_list()


@pytest.mark.slow
def test_a_long_list_with_dead_addresses(sink, tmp_path):  # noqa: F811
    """A fifth is dead: one pause, one resumption by hand; after the second bulletin they are off the list."""
    addresses = [f"{'dead' if number % 5 == 0 else 'reader'}{number}@example.org" for number in range(600)]
    sink.behave("rcpt", "550 5.1.1 No such user", only="dead")
    with worker_pool(sink, tmp_path) as pool:
        for _ in range(2):
            pool.start()
        for slug, recipients in (("first", 600), ("second", 600), ("third", 480)):
            bulletin = being_sent(addresses, slug)
            pauses = 0
            while not completed(bulletin):
                pauses += resume_if_paused(bulletin)
            bulletin.refresh_from_db()
            assert bulletin.recipient_count == recipients
            # The workers look now and then: how far they came by then, nobody knows.
            assert pauses <= 2
            expected = addresses if recipients == 600 else [one for one in addresses if "dead" not in one]
            assert certificate_faults(bulletin, expected, sink) == []


def completed(bulletin):
    return Bulletin.objects.get(pk=bulletin.pk).completed_at is not None
