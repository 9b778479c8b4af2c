"""The process that sends. Any number of them may run, on any number of machines: the outbox keeps them apart.

The guarantee rests on the order of things. An email is composed; its row is committed as ``sending``; only then may
anything go out that could arrive; its outcome is committed together with the beginning of the next. So a worker that
is killed leaves at most one row in ``sending``, and that row, and no other, may or may not have arrived.
"""

import contextlib
import logging
import secrets
import signal
import threading
import time
from collections import Counter
from dataclasses import replace
from typing import Any

from django.db import connection

from engagement.mail.clock import Clock
from engagement.mail.config import worker_config
from engagement.mail.models import DeliveryState, WorkerStatus
from engagement.mail.outbox import DATABASE_ERRORS, Outbox, Settlement
from engagement.mail.prefetch import Prefetcher, PreparedEmail
from engagement.mail.rate_limit import RateLimiter
from engagement.mail.scheduler import Scheduler, error_location
from engagement.mail.transports import SUSPICIOUS_STREAK, Outcome, TransportUnavailable, get_transport

__all__ = ["Worker"]

logger = logging.getLogger(__name__)


class Worker:
    """Sends until it is told to stop or, with ``drain``, until there is nothing left to do."""

    def __init__(self, name: str, *, drain: bool = False, patience: float = 0.0) -> None:
        self.name, self.drain, self.patience = name[:50], drain, patience
        self.config, self.clock = worker_config(), Clock()
        # No other worker has this, not even one of the same name that started a second ago.
        holder = f"{self.name}/{secrets.token_hex(4)}"
        self.outbox = Outbox(holder, self.clock, self.config)
        self.prefetcher = Prefetcher(self.outbox)
        self.rate = RateLimiter(self.clock, self.config)
        self.scheduler = Scheduler(self.clock, self.config, self._heartbeat)
        self.transport = get_transport()
        self.stopping = threading.Event()
        #: How the last email ended, committed with the beginning of the next.
        self.previous: Settlement | None = None
        #: Emails that the database may have as being sent, and that we know weren't.
        self.unsent: list[PreparedEmail] = []
        self.sent_count = 0
        self.is_sending = False
        #: Emails with an unknown outcome since one was accepted, and for each stream the refusals that may be about us.
        self.unknown_streak = 0
        self.refusals: Counter[str] = Counter()
        self.heartbeat_at, self.heartbeat_count = 0.0, 0
        self.drained_at: float | None = None

    # From start to end

    def run(self) -> int:
        """Work. Returns how many emails were sent."""
        handlers = self._handle_signals()
        is_started = False
        try:
            while not self.stopping.is_set():
                try:
                    if not is_started:
                        self._start()
                        is_started = True
                    self._send_next()
                except DATABASE_ERRORS as error:
                    self._wait_for_database(error)
                except Exception as error:
                    logger.error("The worker stumbled: %s", error_location(error))
                    self._pause(self.config.poll)
        finally:
            self._finish()
            for name, handler in handlers.items():
                signal.signal(name, handler)
        return self.sent_count

    def stop(self) -> None:
        """Finish the email in hand, and end."""
        self.stopping.set()

    def _handle_signals(self) -> dict[signal.Signals, Any]:
        """Stop on the usual signals. Returns the handlers before."""
        if threading.current_thread() is not threading.main_thread():
            return {}
        return {name: signal.signal(name, lambda *_: self.stop()) for name in (signal.SIGTERM, signal.SIGINT)}

    def _start(self) -> None:
        self.clock.synchronise()
        now = self.clock.now()
        status = {"started_at": now, "seen_at": now, "stopped_at": None, "activity": "starting", "sent": 0, "rate": 0}
        WorkerStatus.objects.update_or_create(name=self.name, defaults=status)
        self.heartbeat_at = time.monotonic()
        logger.info("Worker %s started.", self.name)
        if self.drain:
            self.scheduler.run_once()
        else:
            self.scheduler.start()

    def _finish(self) -> None:
        """Commit the last outcome, release what wasn't sent, say goodbye."""
        deadline = time.monotonic() + self.config.database_timeout
        self.scheduler.stop(self.config.database_timeout)
        while True:
            try:
                self._settle_previous()
                self._release_all()
                now = self.clock.now()
                WorkerStatus.objects.filter(name=self.name).update(
                    stopped_at=now, seen_at=now, activity="", sent=self.sent_count, rate=0
                )
                break
            except DATABASE_ERRORS:
                _close_connection()
                if time.monotonic() > deadline:
                    logger.error("The database is away. What this worker had claimed is free once its lease expires.")
                    break
                time.sleep(0.5)
        self.transport.close()
        _close_connection()
        logger.info("Worker %s stopped after %d emails.", self.name, self.sent_count)

    # One email, or one wait

    def _send_next(self) -> None:
        self._heartbeat()
        self.prefetcher.keep_claims()
        email = self.prefetcher.next()
        if email is None:
            self._settle_previous()
            self._rest()
            return
        wait = self.rate.acquire(urgent=self.prefetcher.is_urgent(email))
        if wait:
            self.prefetcher.put_back(email)
            self._settle_previous()
            self._wait_for_rate(wait)
            return
        self.drained_at = None
        try:
            self.transport.open()
        except TransportUnavailable as error:
            self.prefetcher.put_back(email)
            self._back_off(error.reason, error.response)
            return
        self._send(email)

    def _send(self, email: PreparedEmail) -> None:
        """Send an email, and keep its outcome for the next commit."""
        self.is_sending = True
        try:
            outcome = self.transport.send(email.envelope, lambda: self._mark_sending(email), self._look_ahead)
        except BaseException:
            self.unsent.append(email)
            raise
        finally:
            self.is_sending = False
        self._settle_previous()
        if outcome is None:
            return
        if outcome.may_be_about_us:
            outcome = self._spare_address(email.stream.name, outcome)
        self.previous = self.outbox.settlement(email.stream, email.row, outcome)
        if outcome.state == DeliveryState.ACCEPTED:
            self.sent_count += 1
            self.unknown_streak = self.refusals[email.stream.name] = 0
            self.rate.reset()
            return
        self._settle_previous()
        logger.info("Stream %s: an email is %s: %s.", email.stream.name, outcome.state, outcome.reason)
        if outcome.back_off or self._is_server_suspect(outcome):
            self._back_off(outcome.reason, outcome.response)

    def _spare_address(self, stream_name: str, outcome: Outcome) -> Outcome:
        """Once a few in a row were refused in a way that may be about us, all wait, and no more emails fail for it.

        Each wait then costs one email an attempt, to find out whether all is well. Only an accepted email of the same
        stream ends that: a server may take confirmations and refuse a bulletin.
        """
        self.refusals[stream_name] += 1
        if self.refusals[stream_name] > SUSPICIOUS_STREAK or self.rate.setback_count:
            return replace(outcome, state=DeliveryState.RETRY, back_off=True)
        return replace(outcome, back_off=self.refusals[stream_name] == SUSPICIOUS_STREAK)

    def _is_server_suspect(self, outcome: Outcome) -> bool:
        """Whether too many outcomes in a row are unknown: each is settled by hand, so the next emails wait.

        While the server is known to be in trouble, one is too many: that email was to find out whether all is well.
        """
        if outcome.state != DeliveryState.UNKNOWN:
            return False
        self.unknown_streak += 1
        return self.unknown_streak >= SUSPICIOUS_STREAK or bool(self.rate.setback_count)

    def _look_ahead(self) -> None:
        """Compose the next email while the server is busy with this one. Whatever goes wrong waits until it is done."""
        if self.stopping.is_set():
            return
        try:
            self.prefetcher.look_ahead()
        except DATABASE_ERRORS:
            _close_connection()
        except Exception as error:
            logger.error("Looking ahead: %s", error_location(error))

    def _mark_sending(self, email: PreparedEmail) -> bool:
        """The commit between two emails. Whether the second is still ours to send."""
        is_begun, is_settled = self.outbox.mark_sending(email.stream, email.row, self.previous)
        if self.previous is not None and not is_settled:
            self._add_provider_id(self.previous)
        self.previous = None
        return is_begun

    def _settle_previous(self) -> None:
        if self.previous is not None:
            if not self.outbox.settle(self.previous):
                self._add_provider_id(self.previous)
            self.previous = None

    def _add_provider_id(self, settlement: Settlement) -> None:
        """A provider event settled it first. It knows more; only the provider's ID is added."""
        if name := settlement.outcome.provider_message_id:
            rows = settlement.stream.emails.filter(pk=settlement.row.pk, provider_message_id="")
            rows.update(provider_message_id=name)

    # Waiting

    def _rest(self) -> None:
        """There is nothing to send."""
        self.transport.close_idle()
        if self.drain:
            self._finish_drain()
            return
        self.prefetcher.look_now()
        self._pause(self.config.poll)

    def _finish_drain(self) -> None:
        """Stop, unless housekeeping makes new emails due, or there is patience for those that are due later."""
        self.scheduler.run_once()
        now = time.monotonic()
        self.prefetcher.look_now()
        if self.prefetcher.has_due():
            return
        if self.drained_at is None:
            self.drained_at = now
        if now - self.drained_at >= self.patience or not self.prefetcher.has_open():
            self.stop()
        else:
            self._pause(min(0.1, self.config.poll))

    def _wait_for_rate(self, wait: float) -> None:
        """There are emails, but no token yet. If the server is left alone for long, other workers may have them."""
        blocked = self.rate.blocked_seconds()
        if blocked > self.config.poll:
            self._release_all()
        if self.drain and blocked > 0:
            self.drained_at = self.drained_at or time.monotonic()
            if time.monotonic() - self.drained_at + blocked > self.patience:
                logger.warning("The mail server can't be reached or asks us to slow down; emails are left waiting.")
                self.stop()
                return
        self._pause(wait)

    def _back_off(self, reason: str, response: str) -> None:
        """Make all workers wait."""
        self._settle_previous()
        seconds = self.rate.back_off(f"{reason}: {response}" if response else reason)
        logger.warning("All workers wait %.0f s: %s.", seconds, reason)
        self._release_all()

    def _pause(self, seconds: float) -> None:
        self.stopping.wait(seconds)

    # Upkeep

    def _heartbeat(self) -> None:
        """Every so often, say that we are alive."""
        now = time.monotonic()
        if now - self.heartbeat_at < self.config.heartbeat:
            return
        rate = (self.sent_count - self.heartbeat_count) / max(0.001, now - self.heartbeat_at)
        self.heartbeat_at, self.heartbeat_count = now, self.sent_count
        self.clock.synchronise()
        activity = "sending" if rate or self.is_sending else "waiting for mail"
        if blocked := self.rate.blocked_seconds():
            activity = f"waiting {blocked:.0f} s for the mail server"
        WorkerStatus.objects.filter(name=self.name).update(
            seen_at=self.clock.now(), activity=activity, sent=self.sent_count, rate=round(rate, 2)
        )

    def _release_all(self) -> None:
        """Release everything that is claimed and not sent."""
        self.prefetcher.release()
        for email in self.unsent:
            self.outbox.release(email.stream, [email.row.pk], (DeliveryState.CLAIMED, DeliveryState.SENDING))
        self.unsent.clear()

    def _wait_for_database(self, error: Exception) -> None:
        """Wait until it answers again. The outcome of the last email is kept meanwhile, and committed first of all."""
        logger.warning("The worker waits for the database: %s", type(error).__name__)
        wait = 0.2
        while not self.stopping.is_set():
            with contextlib.suppress(*DATABASE_ERRORS):
                _close_connection()
            self._pause(wait)
            wait = min(10.0, wait * 2)
            try:
                self.clock.synchronise()
                self._settle_previous()
                self._release_all()
            except DATABASE_ERRORS:
                continue
            logger.info("The database is back.")
            return


def _close_connection() -> None:
    """Close it, unless in the middle of somebody's transaction: a test may run a worker in its own."""
    if not connection.in_atomic_block:
        connection.close()
