"""Workers killed while they send a bulletin: its certificate accounts for every recipient all the same."""

import pytest

from engagement.bulletins.models import Bulletin, Delivery
from engagement.mail.models import DeliveryState
from tests.bulletins.real_sending import being_sent, certificate, certificate_faults, committed  # noqa: F401 - a fixture
from tests.mail.conftest import sink  # noqa: F401 - a fixture
from tests.mail.harness import SmtpSink, reconcile, run_with_kills, wait_until, worker_pool

pytestmark = [pytest.mark.pg, pytest.mark.slow]

RECIPIENTS = [f"canary{number}@example.org" for number in range(400)]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.usefixtures("committed")
def test_the_certificate_adds_up_after_workers_were_killed(sink: SmtpSink, tmp_path, seed: int):  # noqa: F811
    bulletin = being_sent(RECIPIENTS)
    sink.behave("content", "wait 0.005")
    with worker_pool(sink, tmp_path) as made:
        # The list of recipients is made by a worker too.
        made.start()
        wait_until(Delivery.objects.exists, 180)
        killed = run_with_kills(made, Delivery, workers=2, kills=8, seconds=300, seed=seed)
        wait_until(lambda: Bulletin.objects.get(pk=bulletin.pk).completed_at is not None, 180)
    found = reconcile(Delivery.objects.all(), sink)
    assert found.faults == []
    assert sum(found.states.values()) == len(RECIPIENTS)
    assert set(found.states) <= {DeliveryState.ACCEPTED, DeliveryState.UNKNOWN}
    assert killed >= 6
    assert len(found.unknown) <= killed
    bulletin.refresh_from_db()
    assert bulletin.recipient_count == len(RECIPIENTS)
    assert bulletin.state == (Bulletin.State.EXCEPTIONS if found.unknown else Bulletin.State.COMPLETED)
    assert certificate_faults(bulletin, RECIPIENTS, sink) == []
    page, _ = certificate(bulletin)
    assert {str(row.uuid) for row, _ in page["rows"]} == set(found.unknown)
