"""What the tests of the post room share: kinds of mails, and runners that see hours pass in a second."""

from collections.abc import Callable, Iterator

import pytest

from engagement.post import service
from engagement.post.letters import Letter
from engagement.post.models import ServiceMail
from engagement.post.runner import Runner

#: Short enough for a test, long enough for a slow machine.
QUICK = {"retry_first": 0.2, "retry_longest": 0.4, "slow_first": 0.1, "slow_longest": 0.2, "poll": 0.02, "lease": 5}


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
def drain(quick) -> Callable[..., int]:
    """Run a runner in this process until nothing is left to do."""

    def run(patience: float = 0.0) -> int:
        return Runner("test", drain=True, patience=patience).run()

    return run
