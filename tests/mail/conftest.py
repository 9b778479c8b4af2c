"""What the tests of the mail app share: kinds of mails, and workers for which time stands still, or hours pass."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.utils import timezone
from wagtail.models import ModelLogEntry

from engagement.mail import transactional
from engagement.mail.message import Message
from engagement.mail.models import DeliveryState, ProviderEvent, RateLimit, TaskRun, TransactionalEmail, WorkerStatus
from engagement.mail.streams import STREAMS
from engagement.mail.worker import Worker
from nelis.core.models import User
from tests.mail.harness import SmtpSink

#: What was put off stays put off, on however slow a machine.
STILL = {"poll": 0.02, "lease": 60, "retry_first": 3600, "back_off_first": 3600, "back_off_max": 3600}
#: What was put off is tried again after a moment, over and over.
HOURS_PASS = {"retry_first": 0.1, "retry_max": 0.2, "back_off_first": 0.1, "back_off_max": 0.2}


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """A database in which what a test writes is committed, for other processes to see.

    What the test wrote is deleted after it. The usual way, emptying every table, would take the groups and pages that
    came by migration, and other tests need those.
    """
    with django_db_blocker.unblock():
        people = set(User.objects.values_list("pk", flat=True))
        try:
            yield
        finally:
            ModelLogEntry.objects.all().delete()
            for model in (TransactionalEmail, ProviderEvent, WorkerStatus, RateLimit, TaskRun):
                model.objects.all().delete()
            User.objects.exclude(pk__in=people).delete()
            connection.close()


@pytest.fixture
def register_composer() -> Iterator[Callable[..., None]]:
    """Register composers that are gone after the test."""
    before = dict(transactional._composers)

    def register(kind: str, composer: transactional.Composer) -> None:
        transactional._composers[kind] = composer

    yield register
    transactional._composers.clear()
    transactional._composers.update(before)


@pytest.fixture
def plain(register_composer) -> None:
    """A kind of mail that says what its data say."""

    def compose(mail: TransactionalEmail) -> Message:
        return Message(
            mail.address, f"About {mail.object_id}", f"Text of {mail.object_id}\n", f"<p>{mail.object_id}</p>"
        )

    register_composer("plain", compose)


@pytest.fixture
def still(settings) -> None:
    """Workers in this process have all the time they need, and nothing is tried twice; no rate."""
    settings.MAIL_WORKER = STILL
    settings.MAIL_PER_SECOND = 0


@pytest.fixture
def hours_pass(still, settings) -> Callable[[], None]:
    """From the call on, what was put off is due, and is tried again after a moment."""

    def pass_() -> None:
        settings.MAIL_WORKER = settings.MAIL_WORKER | HOURS_PASS
        for stream in STREAMS.values():
            stream.emails.filter(state=DeliveryState.RETRY).update(due_at=timezone.now())
        RateLimit.objects.update(blocked_until=None)

    return pass_


@pytest.fixture
def sink(tmp_path) -> Iterator[SmtpSink]:
    """A mail server of the test's own."""
    server = SmtpSink(tmp_path / "sink").start()
    yield server
    server.stop()


@pytest.fixture
def by_smtp(sink, settings, still) -> SmtpSink:
    """Workers in this process send there."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 30
    return sink


@pytest.fixture
def drain(still, hours_pass) -> Callable[..., int]:
    """Run a worker in this process until nothing is left to do; ``later``, when what was put off is due."""

    def run(*, later: bool = False) -> int:
        if later:
            hours_pass()
        return Worker("test", drain=True, patience=30.0 if later else 0.0).run()

    return run
