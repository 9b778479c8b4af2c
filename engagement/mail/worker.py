"""The process that sends. Any number of them may run, on any number of machines: the ledgers keep them apart.

The order of things is what the guarantee rests on. A mail is composed; its row is committed as ``sending``; only then
may anything go out that could arrive; how it ended is committed together with the beginning of the next. So a runner
that is killed leaves at most one row in ``sending``, and that row, and no other, may or may not have arrived.
"""

import contextlib
import logging
import secrets
import signal
import threading
import time
from typing import Any

from django.db import connection

from engagement.mail import outbox
from engagement.mail.clock import Clock
from engagement.mail.config import WorkerConfig, worker_config
from engagement.mail.models import DeliveryState
from engagement.mail.models import WorkerStatus as Sign
from engagement.mail.outbox import DATABASE_ERRORS, Settlement
from engagement.mail.prefetch import Prefetcher, PreparedEmail
from engagement.mail.rate_limit import RateLimiter
from engagement.mail.scheduling import Scheduler, error_location
from engagement.mail.streams import MessageStream
from engagement.mail.transports import Transport, get_transport
from engagement.mail.transports.outcomes import SUSPICIOUS_STREAK, Outcome, TransportUnavailable

__all__ = ["Worker"]

logger = logging.getLogger(__name__)


class Worker:
    """Sends until it is told to stop or, with ``drain``, until there is nothing left to do."""

    def __init__(self, name: str, *, drain: bool = False, patience: float = 0.0) -> None:
        self.name, self.drain = name[:50], drain
        self.patience = patience
        #: Nobody else is called this, not even a runner of the same name that started a second ago.
        self.holder = f"{self.name}/{secrets.token_hex(4)}"
        self.config: WorkerConfig = worker_config()
        self.clock = Clock()
        self.rate = RateLimiter(self.clock, self.config)
        self.scheduler = Scheduler(self.clock, self.config)
        self.transport: Transport = get_transport()
        self.prefetcher = Prefetcher(self.holder, self.clock, self.config)
        self.over = threading.Event()
        #: How the last mail ended, committed with the beginning of the next.
        self.held: Settlement | None = None
        #: Rows of which the database may believe that they are being sent, and we know that they aren't.
        self.unsent: list[tuple[MessageStream, Any]] = []
        self.sent = 0
        #: Mails in doubt since one was accepted.
        self.doubtful = 0
        self.beat_at, self.beat_sent = 0.0, 0
        self.drained_at: float | None = None

    # From start to end

    def run(self) -> int:
        """Work. The number of mails handed over."""
        before = self._listen()
        connected = False
        try:
            while not self.over.is_set():
                try:
                    if not connected:
                        self._start()
                        connected = True
                    self._turn()
                except DATABASE_ERRORS as error:
                    self._wait_for_database(error)
                except Exception as error:
                    logger.error("The runner stumbled: %s", error_location(error))
                    self._pause(self.config.poll)
        finally:
            self._leave()
            for name, handler in before.items():
                signal.signal(name, handler)
        return self.sent

    def stop(self) -> None:
        """Finish the mail in hand, and end."""
        self.over.set()

    def _listen(self) -> dict[signal.Signals, Any]:
        """Be told to stop by the system's usual signals. Gives who was told before."""
        if threading.current_thread() is not threading.main_thread():
            return {}
        return {name: signal.signal(name, lambda *_: self.stop()) for name in (signal.SIGTERM, signal.SIGINT)}

    def _start(self) -> None:
        _use_durable_commits()
        self.clock.synchronise()
        now = self.clock.now()
        Sign.objects.update_or_create(
            name=self.name,
            defaults={
                "started_at": now,
                "seen_at": now,
                "stopped_at": None,
                "activity": "starting",
                "sent": 0,
                "rate": 0,
            },
        )
        self.beat_at = time.monotonic()
        logger.info("Runner %s started.", self.name)
        if self.drain:
            self.scheduler.run_once()
        else:
            self.scheduler.start()

    def _leave(self) -> None:
        """Commit what is known, give back what wasn't sent, say goodbye."""
        deadline = time.monotonic() + self.config.database
        self.scheduler.stop(self.config.database)
        while True:
            try:
                self._settle_held()
                self._give_everything_back()
                now = self.clock.now()
                Sign.objects.filter(name=self.name).update(
                    stopped_at=now, seen_at=now, activity="", sent=self.sent, rate=0
                )
                break
            except DATABASE_ERRORS:
                _close_connection()
                if time.monotonic() > deadline:
                    logger.error("The database is away. What this runner had claimed is free once the claim expires.")
                    break
                time.sleep(0.5)
        self.transport.close()
        _close_connection()
        logger.info("Runner %s stopped after %d mails.", self.name, self.sent)

    # One mail, or one wait

    def _turn(self) -> None:
        self._keep_up()
        item = self.prefetcher.next()
        if item is None:
            self._settle_held()
            self._rest()
            return
        wait = self.rate.acquire(urgent=self.prefetcher.urgent(item))
        if wait:
            self.prefetcher.ahead = item
            self._settle_held()
            self._hold_on(wait)
            return
        self.drained_at = None
        try:
            self.transport.open()
        except TransportUnavailable as nobody:
            self.prefetcher.ahead = item
            self._slow_down(nobody.reason, nobody.response)
            return
        self._deliver(item)

    def _deliver(self, item: PreparedEmail) -> None:
        """Hand a mail over, and keep how it ended for the next commit."""
        try:
            outcome = self.transport.send(item.envelope, lambda: self._mark(item), self._look_ahead)
        except BaseException:
            self.unsent.append((item.stream, item.row))
            raise
        self._settle_held()
        if outcome is None:
            return
        self.held = outbox.plan_settlement(item.stream, item.row, outcome, self.clock, self.config)
        if outcome.state == DeliveryState.ACCEPTED:
            self.sent += 1
            self.doubtful = 0
            self.rate.reset()
            return
        self._settle_held()
        logger.info("Lane %s: a mail is %s: %s.", item.stream.name, outcome.state, outcome.reason)
        if outcome.back_off or self._server_is_suspect(outcome):
            self._slow_down(outcome.reason, outcome.response)

    def _server_is_suspect(self, outcome: Outcome) -> bool:
        """Whether too many mails in a row are in doubt: each has to be settled by hand, so the next ones wait.

        While the server is known to be in trouble, one is too many: it was the one to find out whether all is well.
        """
        if outcome.state != DeliveryState.UNKNOWN:
            return False
        self.doubtful += 1
        return self.doubtful >= SUSPICIOUS_STREAK or bool(self.rate.setback_count)

    def _look_ahead(self) -> None:
        """Compose the next mail while the server is busy with this one. Whatever goes wrong waits until it is done."""
        if self.over.is_set():
            return
        try:
            self.prefetcher.look_ahead()
        except DATABASE_ERRORS:
            _close_connection()
        except Exception as error:
            logger.error("Looking ahead: %s", error_location(error))

    def _mark(self, item: PreparedEmail) -> bool:
        """The commit between two mails. Whether the second is still ours to send."""
        begun, settled = outbox.mark_sending(
            item.stream, item.row, self.holder, self.config.lease, self.clock, self.held
        )
        if self.held is not None and not settled:
            self._overtaken(self.held)
        self.held = None
        return begun

    def _settle_held(self) -> None:
        if self.held is not None:
            if not outbox.settle(self.held, self.holder, self.clock):
                self._overtaken(self.held)
            self.held = None

    def _overtaken(self, held: Settlement) -> None:
        """A report of the provider came before our own note. It knows more; only the name it uses is added."""
        if held.outcome.provider_message_id:
            rows = held.stream.model._default_manager.filter(pk=held.row.pk, provider_message_id="")
            rows.update(provider_message_id=held.outcome.provider_message_id)

    # Waiting

    def _rest(self) -> None:
        """There is nothing to send."""
        self.transport.close_idle()
        if self.drain:
            self._finish_drain()
            return
        self.prefetcher.wake()
        self._pause(self.config.poll)

    def _finish_drain(self) -> None:
        """End, unless housekeeping makes new mail due, or there is patience for what is due later."""
        self.scheduler.run_once()
        now = time.monotonic()
        self.prefetcher.wake()
        if self.prefetcher.anything_due():
            return
        if self.drained_at is None:
            self.drained_at = now
        if now - self.drained_at >= self.patience or not self.prefetcher.anything_open():
            self.stop()
        else:
            self._pause(min(0.1, self.config.poll))

    def _hold_on(self, wait: float) -> None:
        """There is mail, but no token for it yet. If the server is to be left alone for long, others may have it."""
        blocked = self.rate.blocked()
        if blocked > self.config.poll:
            self._give_everything_back()
        if self.drain and blocked > 0:
            self.drained_at = self.drained_at or time.monotonic()
            if time.monotonic() - self.drained_at + blocked > self.patience:
                logger.warning("The mail server can't be reached or asks for patience; mail is left waiting.")
                self.stop()
                return
        self._pause(wait)

    def _slow_down(self, reason: str, response: str) -> None:
        """Everybody waits."""
        self._settle_held()
        seconds = self.rate.slow_down(f"{reason}: {response}" if response else reason)
        logger.warning("All runners wait %.0f s: %s.", seconds, reason)
        self._give_everything_back()

    def _pause(self, seconds: float) -> None:
        self.over.wait(seconds)

    # Upkeep

    def _keep_up(self) -> None:
        """Every so often: say that we are alive, and keep what is claimed in order."""
        now = time.monotonic()
        if now - self.beat_at >= self.config.heartbeat:
            self._beat(now)
        self.prefetcher.keep()

    def _beat(self, now: float) -> None:
        rate = (self.sent - self.beat_sent) / max(0.001, now - self.beat_at)
        self.beat_at, self.beat_sent = now, self.sent
        self.clock.synchronise()
        blocked = self.rate.blocked()
        doing = f"waiting {blocked:.0f} s for the mail server" if blocked else "sending" if rate else "waiting for mail"
        Sign.objects.filter(name=self.name).update(
            seen_at=self.clock.now(), activity=doing, sent=self.sent, rate=round(rate, 2)
        )

    def _give_everything_back(self) -> None:
        """All that is claimed and not sent."""
        self.prefetcher.give_back()
        for lane, row in self.unsent:
            outbox.release(lane, [row.pk], self.holder, states=(DeliveryState.CLAIMED, DeliveryState.SENDING))
        self.unsent.clear()

    def _wait_for_database(self, error: Exception) -> None:
        """Until it answers again. What we know of the last mail is kept meanwhile, and committed first of all."""
        logger.warning("The runner waits for the database: %s", type(error).__name__)
        wait = 0.2
        while not self.over.is_set():
            with contextlib.suppress(*DATABASE_ERRORS):
                _close_connection()
            self._pause(wait)
            wait = min(10.0, wait * 2)
            try:
                _use_durable_commits()
                self.clock.synchronise()
                self._settle_held()
                self._give_everything_back()
            except DATABASE_ERRORS:
                continue
            logger.info("The database is back.")
            return


def _use_durable_commits() -> None:
    """On SQLite, wait at each commit until it is on the disk: a power cut must not undo that a mail was sent."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")


def _close_connection() -> None:
    """Close the connection. Not in the middle of somebody's transaction: a test may run a runner in its own."""
    if not connection.in_atomic_block:
        connection.close()
