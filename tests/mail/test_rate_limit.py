"""However many workers there are, together they keep to the rate."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.mail.clock import Clock
from engagement.mail.config import WorkerConfig
from engagement.mail.models import RateLimit
from engagement.mail.rate_limit import RateLimiter, capacity, reserve

pytestmark = [pytest.mark.django_db, pytest.mark.pg]


class Time:
    """A clock that moves when it is told to; each worker's own may be off."""

    def __init__(self):
        self.seconds = 0.0


class Off(Clock):
    def __init__(self, time, off=0.0):
        super().__init__()
        self.time, self.difference = time, off

    def now(self):
        return datetime(2026, 11, 22, tzinfo=UTC) + timedelta(seconds=self.time.seconds + self.difference)


def worker(time, off=0.0):
    return RateLimiter(Off(time, off), WorkerConfig(), lambda: time.seconds)


# What happens next: which worker asks, whether for an urgent mail, and how long after the last.
STEPS = st.lists(
    st.tuples(st.integers(0, 3), st.booleans(), st.sampled_from([0.0, 0.0, 0.001, 0.01, 0.05, 0.3, 2.0])),
    min_size=1,
    max_size=120,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=STEPS, rate=st.sampled_from([1, 2, 5, 20, 100]), offs=st.lists(st.floats(-0.2, 0.2), min_size=4, max_size=4)
)
def test_never_more_than_the_rate(settings, db, steps, rate, offs):
    settings.MAIL_PER_SECOND = rate
    RateLimit.objects.all().delete()
    time = Time()
    workers = [worker(time, off) for off in offs]
    sent = []
    for number, urgent, later in steps:
        time.seconds += later
        if workers[number].acquire(urgent=urgent) == 0:
            sent.append(time.seconds)
    # In every stretch of time: the rate, what the bucket held, what a worker may have had in hand for a second, and
    # what clocks that differ make of it.
    burst = capacity(rate) + rate * (1 + 0.4)
    for first, start in enumerate(sent):
        for last in range(first, len(sent)):
            assert last - first + 1 <= rate * (sent[last] - start) + burst + 1e-6


def test_the_rate_is_used_up_too(settings):
    settings.MAIL_PER_SECOND = 50
    time = Time()
    workers = [worker(time) for _ in range(4)]
    sent = 0
    while time.seconds < 10:
        sent += sum(limiter.acquire() == 0 for limiter in workers)
        time.seconds += 0.004
    assert 50 * 9 <= sent <= 50 * 11 + capacity(50)


def test_asking_the_database_for_every_mail_is_not_needed(settings, django_assert_max_num_queries):
    settings.MAIL_PER_SECOND = 1000
    time = Time()
    limiter = worker(time)
    limiter.acquire()
    with django_assert_max_num_queries(0):
        assert [limiter.acquire() for _ in range(99)] == [0] * 99


def test_mails_that_somebody_waits_for_have_a_reserve(settings):
    settings.MAIL_PER_SECOND = 20
    time = Time()
    bulletins = [worker(time) for _ in range(4)]
    for _ in range(50):
        for limiter in bulletins:
            limiter.acquire()
    assert all(limiter.acquire() > 0 for limiter in bulletins)
    urgent = worker(time)
    assert [urgent.acquire(urgent=True) for _ in range(int(reserve(20)))] == [0] * int(reserve(20))
    assert urgent.acquire(urgent=True) > 0


@pytest.mark.parametrize("rate", [0, 1, 1000])
def test_a_server_that_asks_for_patience_holds_everybody_up(settings, rate):
    settings.MAIL_PER_SECOND = rate
    time = Time()
    first, second = worker(time), worker(time)
    assert first.acquire() == second.acquire(urgent=True) == 0
    time.seconds += 1.1
    assert first.back_off("421 Later") == 5
    assert first.acquire() > 0
    assert second.acquire(urgent=True) > 0
    # Another that hears the same meanwhile makes it no longer.
    assert second.back_off("421 Later") == 5
    time.seconds += 5.1
    assert second.acquire() == 0
    time.seconds += 1.1
    assert second.back_off("421 Later") == 10
    second.reset()
    time.seconds += 11
    assert first.back_off("421 Later") == 5


def test_a_clock_that_is_put_back_brings_nothing_twice(settings):
    settings.MAIL_PER_SECOND = 10
    time = Time()
    ahead, behind = worker(time, 60), worker(time)
    while ahead.acquire(urgent=True) == 0:
        pass
    taken = 0
    for _ in range(20):
        taken += ahead.acquire(urgent=True) == 0
        taken += behind.acquire(urgent=True) == 0
    assert taken == 0
