"""What can't wait doesn't: in the midst of a bulletin, urgent news goes out next, and service mail before that."""

from dataclasses import replace

import pytest
from django.core import mail

from engagement.bulletins import streams
from engagement.mail import transactional
from engagement.mail.streams import STREAMS
from engagement.mail.worker import Worker
from tests.bulletins.real_sending import being_sent, committed  # noqa: F401 - a fixture
from tests.mail.conftest import plain, register_composer, still  # noqa: F401 - fixtures

PEOPLE = [f"reader{number}@example.org" for number in range(12)]


@pytest.mark.pg
@pytest.mark.usefixtures("committed", "plain", "still")
def test_the_order_of_emails(settings, monkeypatch):
    settings.MAIL_WORKER = settings.MAIL_WORKER | {"poll_urgent": 0}
    composed = []

    def compose(delivery):
        composed.append(delivery.pk)
        if len(composed) == 5:
            being_sent(PEOPLE, "changed-date", cannot_wait=True)
            being_sent(PEOPLE, "more-kites")
            streams.run_maintenance()
        if len(composed) == 8:
            transactional.queue_email("plain", "waiting@example.org", object_id="waiting")
        return streams.compose(delivery)

    monkeypatch.setitem(STREAMS, "bulletins", replace(streams.BULLETIN_STREAM, compose=compose))
    being_sent(PEOPLE, "kites")
    Worker("test", drain=True).run()
    order = [message.subject for message in mail.outbox]
    assert len(order) == 37
    for subject in ("kites", "changed-date", "more-kites"):
        assert order.count(f"About {subject}") == 12
    assert "changed-date" in order[5] or "changed-date" in order[6]
    # Once begun, it is finished first: but for the one email that somebody waits for.
    first, last = order.index("About changed-date"), 36 - order[::-1].index("About changed-date")
    assert last - first == 12
    assert first < order.index("About waiting") < last
    # Of two that can wait, the older comes first.
    assert order[-12:] == ["About more-kites"] * 12
