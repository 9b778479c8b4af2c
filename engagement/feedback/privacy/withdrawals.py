"""Which answers were withdrawn, kept apart from the database, so that a restored backup brings none of them back.

A backup still has what was withdrawn after it was made. ``write_list`` keeps a hash of the key of every response that
was withdrawn in a file, which only ever grows; ``replay`` withdraws them again. The key is random, so its hash names
nobody.
"""

from hashlib import sha256
from pathlib import Path

from django.conf import settings

from engagement.feedback.models import Response
from engagement.feedback.responses.submissions import withdraw
from nelis.core.atomic_write import write_lines_atomically

__all__ = ["replay_withdrawals", "withdrawn_list_path", "write_withdrawn_list"]


def withdrawn_list_path() -> Path:
    """Where the list is kept: beside that of the addresses that are kept out."""
    return Path(settings.DATA_DIR) / "withdrawn.txt"


def write_withdrawn_list(path: Path | None = None) -> int:
    """Add every response that was withdrawn to the file; none is taken out of it. How many there are."""
    target = path or withdrawn_list_path()
    gone = Response.objects.filter(state=Response.State.WITHDRAWN).order_by().values_list("client_key", flat=True)
    found = read_withdrawn_list(target) | {_hashed(key) for key in gone.iterator(2000)}
    write_lines_atomically(target, sorted(found))
    return len(found)


def read_withdrawn_list(path: Path) -> set[str]:
    """The hashes in the file; none without a file. Raises ValueError for a line that is none."""
    lines = path.read_text("ascii").split() if path.exists() else []
    if any(len(bytes.fromhex(line)) != 32 for line in lines):
        raise ValueError(f"{path.name} can’t be read. Nothing was done.")
    return set(lines)


def replay_withdrawals(path: Path | None = None) -> int:
    """Withdraw again what the file says was withdrawn and is there. How many. Safe to run twice."""
    found = read_withdrawn_list(path or withdrawn_list_path())
    there = Response.objects.exclude(state=Response.State.WITHDRAWN).order_by().values_list("pk", "client_key")
    again = [key for key, client_key in there.iterator(2000) if _hashed(client_key) in found]
    for response in Response.objects.filter(pk__in=again):
        withdraw(response)
    return len(again)


def _hashed(client_key: str) -> str:
    return sha256(client_key.encode()).hexdigest()
