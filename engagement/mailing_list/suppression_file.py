"""Who is kept out, kept apart from the database, so that a restored backup brings nobody back.

A backup knows nothing of those who left, or were erased, after it was made. ``write_list`` keeps all hashes of
suppressed addresses in a file, which only ever grows but for what staff lift; ``replay`` does again, after a restore,
what they asked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from engagement.mail.models import TransactionalEmail
from engagement.mailing_list import personal_data, subscription_service
from engagement.mailing_list.models import Subscription, Suppression
from engagement.mailing_list.subscription_service import Evidence
from nelis.core.atomic_write import write_lines_atomically

__all__ = ["ReplayResult", "SuppressionEntry", "file_path", "lift_from_file", "read_file", "replay", "write_file"]

Reason = Suppression.Reason
#: How it was done, as consent events say it.
RESTORE = "restore"
#: Subscriptions looked up in one query.
BATCH = 500


@dataclass(frozen=True, slots=True)
class SuppressionEntry:
    """An address by its keyed hash, why it is kept out, and since when."""

    hash: str
    reason: str
    at: datetime

    @property
    def line(self) -> str:
        """As it stands in the file."""
        return f"{self.hash} {self.reason} {self.at.isoformat()}"

    @property
    def weight(self) -> tuple[bool, bool, datetime]:
        """What is final outweighs an erasure, and that outweighs the rest; else the later one counts."""
        return (self.reason in Suppression.FINAL, self.reason == Reason.ERASED, self.at)


@dataclass
class ReplayResult:
    """What had to be done again."""

    suppressed: int = 0
    ended: int = 0
    erased: int = 0

    def __str__(self) -> str:
        return f"{self.suppressed} suppressed again, {self.ended} ended, {self.erased} erased."


def file_path() -> Path:
    """Where the list is kept: among the site's data, not in the database. It belongs on another disk, too."""
    return Path(settings.DATA_DIR) / "suppressions.txt"


def read_file(path: Path) -> dict[str, SuppressionEntry]:
    """The file's entries by hash; none without a file. Raises ValueError for a line that can't be read."""
    found: dict[str, SuppressionEntry] = {}
    if not path.exists():
        return found
    for number, line in enumerate(path.read_text("ascii").splitlines(), 1):
        try:
            hashed, reason, at = line.split()
            entry = SuppressionEntry(hashed, Reason(reason).value, datetime.fromisoformat(at))
            if len(bytes.fromhex(hashed)) != 32 or timezone.is_naive(entry.at):
                raise ValueError
        except ValueError:
            raise ValueError(f"Line {number} of {path.name} can’t be read. Nothing was done.") from None
        _add(found, entry)
    return found


def write_file(path: Path | None = None) -> int:
    """Add everybody who is kept out to the file. Nobody is taken out of it. How many there are."""
    target = path or file_path()
    found = read_file(target)
    for entry in _database_entries():
        _add(found, entry)
    write_lines_atomically(target, (found[key].line for key in sorted(found)))
    return len(found)


def lift_from_file(hashed: str, path: Path | None = None) -> None:
    """Forget why an address was kept out before what the database says now: staff have lifted it."""
    target = path or file_path()
    found = read_file(target)
    if found.pop(hashed, None):
        write_lines_atomically(target, (found[key].line for key in sorted(found)))


def replay(path: Path | None = None, *, dry_run: bool = False) -> ReplayResult:
    """End, or erase, everybody whom the file or the database keeps out, and who is there again. Safe to run twice.

    Who joined after they were kept out has come back by themselves, and stays.
    """
    found = read_file(path or file_path())
    for entry in _database_entries():
        _add(found, entry)
    done = ReplayResult()
    entries = list(found.values())
    with transaction.atomic():
        for start in range(0, len(entries), BATCH):
            _replay_batch(entries[start : start + BATCH], done)
        if dry_run:
            transaction.set_rollback(True)
    return done


def _database_entries() -> Iterable[SuppressionEntry]:
    rows = Suppression.objects.order_by().values_list("address_hash", "reason", "at")
    return (SuppressionEntry(*row) for row in rows.iterator(2000))


def _add(found: dict[str, SuppressionEntry], entry: SuppressionEntry) -> None:
    """Keep the weightier of two entries for one address."""
    before = found.get(entry.hash)
    if before is None or entry.weight > before.weight:
        found[entry.hash] = entry


def _replay_batch(entries: list[SuppressionEntry], done: ReplayResult) -> None:
    hashes = [entry.hash for entry in entries]
    rows: dict[str, list[Subscription]] = {}
    for one in Subscription.objects.filter(address_hash__in=hashes):
        rows.setdefault(one.address_hash, []).append(one)
    known = dict(Suppression.objects.filter(address_hash__in=hashes).values_list("address_hash", "reason"))
    named = TransactionalEmail.objects.filter(address_hash__in=hashes).exclude(address="")
    mailed = set(named.values_list("address_hash", flat=True))
    for entry in entries:
        theirs = rows.get(entry.hash, [])
        is_final = entry.reason in Suppression.FINAL
        if not is_final and any(_came_later(one, entry) for one in theirs):
            continue
        if entry.reason == Reason.ERASED:
            done.erased += _erase(entry, theirs, entry.hash in mailed)
        else:
            done.ended += sum(_end(one) for one in theirs if one.state in Subscription.OPEN)
        if known.get(entry.hash) != entry.reason:
            _suppress(entry)
            done.suppressed += 1


def _came_later(one: Subscription, entry: SuppressionEntry) -> bool:
    """Whether this subscription was confirmed after its address was kept out: nobody else can have done that."""
    return (
        one.state in (Subscription.State.ACTIVE, Subscription.State.PAUSED)
        and (one.confirmed_at or one.created_at) > entry.at
    )


def _end(one: Subscription) -> bool:
    return subscription_service.unsubscribe(one, Evidence(RESTORE))


def _erase(entry: SuppressionEntry, theirs: list[Subscription], is_mailed: bool) -> bool:
    emptied = sum(personal_data.run_erasers(entry.hash, entry.at).values())
    if is_mailed:
        # Not those since: somebody may have asked for a link, to see that nothing is held.
        mails = TransactionalEmail.objects.filter(address_hash=entry.hash, created_at__lte=entry.at).exclude(address="")
        emptied += mails.update(address="", data={})
    if theirs:
        personal_data.erase(theirs[0].address, evidence=Evidence(RESTORE))
    return bool(theirs or emptied)


def _suppress(entry: SuppressionEntry) -> None:
    """Put it back as it was, its day included. What was read of the database is the lighter of the two, if anything."""
    values = {"reason": entry.reason, "at": entry.at}
    Suppression.objects.update_or_create(address_hash=entry.hash, defaults=values)
