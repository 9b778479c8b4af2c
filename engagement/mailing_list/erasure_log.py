"""The erasure log: a file beside the database, so that a restored backup brings back nobody and nothing.

A backup knows nothing of who left or was erased, and of what was withdrawn, after it was made. Each is added to the
file as soon as it is committed (``append_on_commit``): suppressed addresses by their keyed hashes, and what other apps
register. ``write_log`` adds whatever is missing, as a periodic task. The file only ever grows, except for suppressions
that are lifted or undone. After a restore, ``replay`` does all of it again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from engagement.mail.models import TransactionalEmail
from engagement.mailing_list import personal_data, subscription_service
from engagement.mailing_list.models import Subscription, Suppression
from engagement.mailing_list.subscription_service import Evidence
from nelis.core.atomic_write import append_lines, locked_folder, whole_lines, write_lines_atomically

Reason = Suppression.Reason
#: How it was done, as consent events say it.
RESTORE = "restore"
#: Entries replayed with one set of queries.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """What was erased, by a hash of 64 hexadecimal digits, why, and when."""

    hash: str
    reason: str
    at: datetime

    @property
    def line(self) -> str:
        """The entry as a line of the file."""
        return f"{self.hash} {self.reason} {self.at.isoformat()}"

    @property
    def precedence(self) -> tuple[bool, bool, datetime]:
        """Of two with one hash, a final suppression wins over an erasure, that over the rest, then the later."""
        return (self.reason in Suppression.FINAL, self.reason == Reason.ERASED, self.at)


@dataclass(frozen=True, slots=True)
class Source:
    """Where entries with certain reasons come from, and how they are replayed.

    ``replay`` gets all entries with these reasons, and says how many of what had to be done again.
    """

    reasons: frozenset[str]
    entries: Callable[[], Iterable[Entry]]
    replay: Callable[[list[Entry]], Counter[str]]


_sources: list[Source] = []


def register(source: Source) -> None:
    """Add a source of entries."""
    _sources.append(source)


def log_path() -> Path:
    """Where the file is: among the site's data. A copy belongs on another disk."""
    return Path(settings.DATA_DIR) / "erasures.txt"


def read_log(path: Path) -> dict[str, Entry]:
    """The entries of the file by hash; none without a file. Raises ValueError for a line that can't be read."""
    entries: dict[str, Entry] = {}
    if not path.exists():
        return entries
    reasons = frozenset[str]().union(*(source.reasons for source in _sources))
    for number, line in enumerate(whole_lines(path), 1):
        try:
            hashed, reason, at = line.split()
            entry = Entry(hashed, reason, datetime.fromisoformat(at))
            if len(bytes.fromhex(hashed)) != 32 or reason not in reasons or timezone.is_naive(entry.at):
                raise ValueError
        except ValueError:
            raise ValueError(f"Line {number} of {path.name} can’t be read. Nothing was done.") from None
        _add(entries, entry)
    return entries


def write_log(path: Path | None = None) -> int:
    """Add everything in the database to the file, and take nothing out of it. How many entries it has."""
    target = path or log_path()
    with locked_folder(target):
        entries = _all_entries(target)
        _write(target, entries)
    return len(entries)


def append_on_commit(entry: Entry) -> None:
    """Add an entry to the file once the transaction is committed. Should that fail, ``write_log`` adds it later."""
    # No partial: Django names what failed by its __qualname__.
    transaction.on_commit(lambda: _append(entry), robust=True)


def _append(entry: Entry) -> None:
    target = log_path()
    with locked_folder(target):
        append_lines(target, [entry.line])


def lift_from_log(hashed: str, path: Path | None = None) -> None:
    """Take a suppression out of the file that was lifted or undone. What the database says now is added again."""
    target = path or log_path()
    with locked_folder(target):
        entries = read_log(target)
        if entries.pop(hashed, None):
            _write(target, entries)


def replay(path: Path | None = None, *, dry_run: bool = False) -> Counter[str]:
    """Do again what the file or the database says was done, and how much of what. Safe to run twice."""
    entries = _all_entries(path or log_path())
    done: Counter[str] = Counter()
    with transaction.atomic():
        for source in _sources:
            done.update(source.replay([entry for entry in entries.values() if entry.reason in source.reasons]))
        if dry_run:
            transaction.set_rollback(True)
    return done


def _all_entries(path: Path) -> dict[str, Entry]:
    entries = read_log(path)
    for source in _sources:
        for entry in source.entries():
            _add(entries, entry)
    return entries


def _add(entries: dict[str, Entry], entry: Entry) -> None:
    before = entries.get(entry.hash)
    if before is None or entry.precedence > before.precedence:
        entries[entry.hash] = entry


def _write(path: Path, entries: dict[str, Entry]) -> None:
    write_lines_atomically(path, (entries[key].line for key in sorted(entries)))


# --- suppressed addresses --------------------------------------------------------------------------


def _suppressions() -> Iterator[Entry]:
    rows = Suppression.objects.order_by().values_list("address_hash", "reason", "at")
    return (Entry(*row) for row in rows.iterator(2000))


def _replay_suppressions(entries: list[Entry]) -> Counter[str]:
    """End, or erase, whoever is suppressed and is there again, and suppress them again.

    Who joined after they were suppressed has come back by themselves, and stays.
    """
    done = Counter({"suppressed again": 0, "ended": 0, "erased": 0})
    for start in range(0, len(entries), BATCH):
        batch = entries[start : start + BATCH]
        hashes = [entry.hash for entry in batch]
        subscriptions: dict[str, list[Subscription]] = {}
        for subscription in Subscription.objects.filter(address_hash__in=hashes):
            subscriptions.setdefault(subscription.address_hash, []).append(subscription)
        known = dict(Suppression.objects.filter(address_hash__in=hashes).values_list("address_hash", "reason"))
        named = TransactionalEmail.objects.filter(address_hash__in=hashes).exclude(address="")
        mailed = set(named.values_list("address_hash", flat=True))
        for entry in batch:
            theirs = subscriptions.get(entry.hash, [])
            if entry.reason not in Suppression.FINAL and any(_came_back(one, entry) for one in theirs):
                continue
            if entry.reason == Reason.ERASED:
                done["erased"] += _erase(entry, theirs, has_email=entry.hash in mailed)
            else:
                open_ones = [one for one in theirs if one.state in Subscription.OPEN]
                done["ended"] += sum(subscription_service.unsubscribe(one, Evidence(RESTORE)) for one in open_ones)
            if known.get(entry.hash) != entry.reason:
                # As it was, its day included: what the database said has less precedence, if it said anything.
                values = {"reason": entry.reason, "at": entry.at}
                Suppression.objects.update_or_create(address_hash=entry.hash, defaults=values)
                done["suppressed again"] += 1
    return done


def _came_back(subscription: Subscription, entry: Entry) -> bool:
    """Whether this subscription was confirmed after its address was suppressed: nobody else can have done that."""
    return (
        subscription.state in (Subscription.State.ACTIVE, Subscription.State.PAUSED)
        and (subscription.confirmed_at or subscription.created_at) > entry.at
    )


def _erase(entry: Entry, theirs: list[Subscription], *, has_email: bool) -> bool:
    emptied = sum(personal_data.run_erasers(entry.hash, entry.at).values())
    if has_email:
        # Not those since: somebody may have asked for a link, to see that nothing is held.
        emails = TransactionalEmail.objects.filter(address_hash=entry.hash, created_at__lte=entry.at)
        emptied += emails.exclude(address="").update(address="", data={})
    if theirs:
        personal_data.erase(theirs[0].address, evidence=Evidence(RESTORE))
    return bool(theirs or emptied)


register(Source(frozenset(Reason.values), _suppressions, _replay_suppressions))


@receiver(subscription_service.suppressed)
def _append_suppression(suppression: Suppression, **kwargs: Any) -> None:
    append_on_commit(Entry(suppression.address_hash, suppression.reason, suppression.at))


@receiver(subscription_service.suppression_undone)
def _lift_undone(address_hash: str, **kwargs: Any) -> None:
    transaction.on_commit(lambda: lift_from_log(address_hash), robust=True)
