"""What the tests of the post room share: kinds of mails, and runners for which time stands still, or hours pass."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.utils import timezone
from wagtail.models import ModelLogEntry

from engagement.post import service
from engagement.post.letters import Letter
from engagement.post.models import JobRun, ProviderEvent, RateLimit, ServiceMail, State
from engagement.post.models import Runner as Sign
from engagement.post.runner import Runner
from nelis.core.models import User
from tests.post.harness import Sink

#: What was put off stays put off, on however slow a machine.
STILL = {"poll": 0.02, "lease": 60, "retry_first": 3600, "slow_first": 3600, "slow_longest": 3600}
#: What was put off is tried again after a moment, over and over.
HOURS_PASS = {"retry_first": 0.1, "retry_longest": 0.2, "slow_first": 0.1, "slow_longest": 0.2}


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
            for model in (ServiceMail, ProviderEvent, Sign, RateLimit, JobRun):
                model.objects.all().delete()
            User.objects.exclude(pk__in=people).delete()
            connection.close()


@pytest.fixture
def composes() -> Iterator[Callable[..., None]]:
    """Register composers that are gone after the test."""
    before = dict(service._composers)

    def register(kind: str, composer: service.Composer) -> None:
        service._composers[kind] = composer

    yield register
    service._composers.clear()
    service._composers.update(before)


@pytest.fixture
def plain(composes) -> None:
    """A kind of mail that says what its data say."""

    def compose(mail: ServiceMail) -> Letter:
        return Letter(mail.address, f"About {mail.about}", f"Text of {mail.about}\n", f"<p>{mail.about}</p>")

    composes("plain", compose)


@pytest.fixture
def still(settings) -> None:
    """Runners in this process have all the time they need, and nothing is tried twice; no rate."""
    settings.POST_ROOM = STILL
    settings.MAIL_PER_SECOND = 0


@pytest.fixture
def hours_pass(still, settings) -> Callable[[], None]:
    """From the call on, what was put off is due, and is tried again after a moment."""

    def pass_() -> None:
        settings.POST_ROOM = settings.POST_ROOM | HOURS_PASS
        ServiceMail.objects.filter(state=State.RETRY).update(due_at=timezone.now())
        RateLimit.objects.update(blocked_until=None)

    return pass_


@pytest.fixture
def sink(tmp_path) -> Iterator[Sink]:
    """A mail server of the test's own."""
    made = Sink(tmp_path / "sink").start()
    yield made
    made.stop()


@pytest.fixture
def by_smtp(sink, settings, still) -> Sink:
    """Runners in this process send there."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 30
    return sink


@pytest.fixture
def drain(still, hours_pass) -> Callable[..., int]:
    """Run a runner in this process until nothing is left to do; ``later``, when what was put off is due."""

    def run(*, later: bool = False) -> int:
        if later:
            hours_pass()
        return Runner("test", drain=True, patience=30.0 if later else 0.0).run()

    return run
