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

from engagement.post import ledger
from engagement.post.backoffice import BackOffice, where
from engagement.post.clock import Clock
from engagement.post.handover import Door, door
from engagement.post.lanes import Lane
from engagement.post.ledger import DATABASE_GONE, Settlement
from engagement.post.models import Runner as Sign
from engagement.post.models import State
from engagement.post.outcomes import SUSPICIOUS, NoConnection, Outcome
from engagement.post.pace import Pace, pace
from engagement.post.rate import Rate
from engagement.post.supply import Item, Supply

__all__ = ["Runner"]

logger = logging.getLogger(__name__)


class Runner:
    """Sends until it is told to stop or, with ``drain``, until there is nothing left to do."""

    def __init__(self, name: str, *, drain: bool = False, patience: float = 0.0) -> None:
        self.name, self.drain = name[:50], drain
        self.patience = patience
        #: Nobody else is called this, not even a runner of the same name that started a second ago.
        self.holder = f"{self.name}/{secrets.token_hex(4)}"
        self.pace: Pace = pace()
        self.clock = Clock()
        self.rate = Rate(self.clock, self.pace)
        self.office = BackOffice(self.clock, self.pace)
        self.door: Door = door()
        self.supply = Supply(self.holder, self.clock, self.pace)
        self.over = threading.Event()
        #: How the last mail ended, committed with the beginning of the next.
        self.held: Settlement | None = None
        #: Rows of which the database may believe that they are being sent, and we know that they aren't.
        self.unsent: list[tuple[Lane, Any]] = []
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
                except DATABASE_GONE as error:
                    self._wait_for_database(error)
                except Exception as error:
                    logger.error("The runner stumbled: %s", where(error))
                    self._pause(self.pace.poll)
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
        _safest()
        self.clock.synchronise()
        now = self.clock.now()
        Sign.objects.update_or_create(
            name=self.name,
            defaults={"started_at": now, "seen_at": now, "stopped_at": None, "doing": "starting", "sent": 0, "rate": 0},
        )
        self.beat_at = time.monotonic()
        logger.info("Runner %s started.", self.name)
        if self.drain:
            self.office.round()
        else:
            self.office.start()

    def _leave(self) -> None:
        """Commit what is known, give back what wasn't sent, say goodbye."""
        deadline = time.monotonic() + self.pace.database
        self.office.stop(self.pace.database)
        while True:
            try:
                self._settle_held()
                self._give_everything_back()
                now = self.clock.now()
                Sign.objects.filter(name=self.name).update(
                    stopped_at=now, seen_at=now, doing="", sent=self.sent, rate=0
                )
                break
            except DATABASE_GONE:
                _let_go()
                if time.monotonic() > deadline:
                    logger.error("The database is away. What this runner had claimed is free once the claim expires.")
                    break
                time.sleep(0.5)
        self.door.close()
        _let_go()
        logger.info("Runner %s stopped after %d mails.", self.name, self.sent)

    # One mail, or one wait

    def _turn(self) -> None:
        self._keep_up()
        item = self.supply.next()
        if item is None:
            self._settle_held()
            self._rest()
            return
        wait = self.rate.take(urgent=self.supply.urgent(item))
        if wait:
            self.supply.ahead = item
            self._settle_held()
            self._hold_on(wait)
            return
        self.drained_at = None
        try:
            self.door.open()
        except NoConnection as nobody:
            self.supply.ahead = item
            self._slow_down(nobody.reason, nobody.response)
            return
        self._deliver(item)

    def _deliver(self, item: Item) -> None:
        """Hand a mail over, and keep how it ended for the next commit."""
        try:
            outcome = self.door.hand_over(item.parcel, lambda: self._mark(item), self._look_ahead)
        except BaseException:
            self.unsent.append((item.lane, item.row))
            raise
        self._settle_held()
        if outcome is None:
            return
        self.held = ledger.settlement(item.lane, item.row, outcome, self.clock, self.pace)
        if outcome.state == State.ACCEPTED:
            self.sent += 1
            self.doubtful = 0
            self.rate.all_well()
            return
        self._settle_held()
        logger.info("Lane %s: a mail is %s: %s.", item.lane.name, outcome.state, outcome.reason)
        if outcome.slow or self._server_is_suspect(outcome):
            self._slow_down(outcome.reason, outcome.response)

    def _server_is_suspect(self, outcome: Outcome) -> bool:
        """Whether too many mails in a row are in doubt: each has to be settled by hand, so the next ones wait.

        While the server is known to be in trouble, one is too many: it was the one to find out whether all is well.
        """
        if outcome.state != State.UNKNOWN:
            return False
        self.doubtful += 1
        return self.doubtful >= SUSPICIOUS or bool(self.rate.setbacks)

    def _look_ahead(self) -> None:
        """Compose the next mail while the server is busy with this one. Whatever goes wrong waits until it is done."""
        if self.over.is_set():
            return
        try:
            self.supply.look_ahead()
        except DATABASE_GONE:
            _let_go()
        except Exception as error:
            logger.error("Looking ahead: %s", where(error))

    def _mark(self, item: Item) -> bool:
        """The commit between two mails. Whether the second is still ours to send."""
        begun, settled = ledger.begin(item.lane, item.row, self.holder, self.pace.lease, self.clock, self.held)
        if self.held is not None and not settled:
            self._overtaken(self.held)
        self.held = None
        return begun

    def _settle_held(self) -> None:
        if self.held is not None:
            if not ledger.settle(self.held, self.holder, self.clock):
                self._overtaken(self.held)
            self.held = None

    def _overtaken(self, held: Settlement) -> None:
        """A report of the provider came before our own note. It knows more; only the name it uses is added."""
        if held.outcome.provider_id:
            rows = held.lane.model._default_manager.filter(pk=held.row.pk, provider_id="")
            rows.update(provider_id=held.outcome.provider_id)

    # Waiting

    def _rest(self) -> None:
        """There is nothing to send."""
        self.door.tidy()
        if self.drain:
            self._finish_drain()
            return
        self.supply.wake()
        self._pause(self.pace.poll)

    def _finish_drain(self) -> None:
        """End, unless housekeeping makes new mail due, or there is patience for what is due later."""
        self.office.round()
        now = time.monotonic()
        self.supply.wake()
        if self.supply.anything_due():
            return
        if self.drained_at is None:
            self.drained_at = now
        if now - self.drained_at >= self.patience or not self.supply.anything_open():
            self.stop()
        else:
            self._pause(min(0.1, self.pace.poll))

    def _hold_on(self, wait: float) -> None:
        """There is mail, but no token for it yet. If the server is to be left alone for long, others may have it."""
        blocked = self.rate.blocked()
        if blocked > self.pace.poll:
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
        if now - self.beat_at >= self.pace.heartbeat:
            self._beat(now)
        self.supply.keep()

    def _beat(self, now: float) -> None:
        rate = (self.sent - self.beat_sent) / max(0.001, now - self.beat_at)
        self.beat_at, self.beat_sent = now, self.sent
        self.clock.synchronise()
        blocked = self.rate.blocked()
        doing = f"waiting {blocked:.0f} s for the mail server" if blocked else "sending" if rate else "waiting for mail"
        Sign.objects.filter(name=self.name).update(
            seen_at=self.clock.now(), doing=doing, sent=self.sent, rate=round(rate, 2)
        )

    def _give_everything_back(self) -> None:
        """All that is claimed and not sent."""
        self.supply.give_back()
        for lane, row in self.unsent:
            ledger.give_back(lane, [row.pk], self.holder, states=(State.CLAIMED, State.SENDING))
        self.unsent.clear()

    def _wait_for_database(self, error: Exception) -> None:
        """Until it answers again. What we know of the last mail is kept meanwhile, and committed first of all."""
        logger.warning("The runner waits for the database: %s", type(error).__name__)
        wait = 0.2
        while not self.over.is_set():
            with contextlib.suppress(*DATABASE_GONE):
                _let_go()
            self._pause(wait)
            wait = min(10.0, wait * 2)
            try:
                _safest()
                self.clock.synchronise()
                self._settle_held()
                self._give_everything_back()
            except DATABASE_GONE:
                continue
            logger.info("The database is back.")
            return


def _safest() -> None:
    """On SQLite, wait at each commit until it is on the disk: a power cut must not undo that a mail was sent."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")


def _let_go() -> None:
    """Close the connection. Not in the middle of somebody's transaction: a test may run a runner in its own."""
    if not connection.in_atomic_block:
        connection.close()
