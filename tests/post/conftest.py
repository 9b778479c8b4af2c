"""What the tests of the post room share: kinds of mails, and runners that see hours pass in a second."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from wagtail.models import ModelLogEntry

from engagement.post import service
from engagement.post.letters import Letter
from engagement.post.models import JobRun, ProviderEvent, RateLimit, ServiceMail
from engagement.post.models import Runner as Sign
from engagement.post.runner import Runner
from nelis.core.models import User
from tests.post.harness import Sink

#: Short enough for a test, long enough for a slow machine.
QUICK = {"retry_first": 0.2, "retry_longest": 0.4, "slow_first": 0.1, "slow_longest": 0.2, "poll": 0.02, "lease": 5}


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
def quick(settings):
    """Retries after a moment instead of minutes; no rate."""
    settings.POST_ROOM = QUICK
    settings.MAIL_PER_SECOND = 0


@pytest.fixture
def sink(tmp_path) -> Iterator[Sink]:
    """A mail server of the test's own."""
    made = Sink(tmp_path / "sink").start()
    yield made
    made.stop()


@pytest.fixture
def by_smtp(sink, settings, quick) -> Sink:
    """Runners in this process send there, and wait a second for an answer."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 1
    return sink


@pytest.fixture
def drain(quick) -> Callable[..., int]:
    """Run a runner in this process until nothing is left to do."""

    def run(patience: float = 0.0) -> int:
        return Runner("test", drain=True, patience=patience).run()

    return run
