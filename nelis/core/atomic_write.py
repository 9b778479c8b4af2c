"""Change a file that several processes share: readers find the old lines or the new ones, never half of either."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

__all__ = ["append_lines", "locked_folder", "whole_lines", "write_lines_atomically"]


@contextmanager
def locked_folder(path: Path) -> Iterator[None]:
    """Let one process or thread at a time into the block, of all that name a file in the same folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        # Closing gives the lock back.
        os.close(folder)


def write_lines_atomically(path: Path, lines: Iterable[str]) -> None:
    """Write ASCII ``lines`` to a temporary file, then move it to ``path`` in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="ascii", dir=path.parent, prefix=f".{path.stem}-", delete=False) as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


def append_lines(path: Path, lines: Iterable[str]) -> None:
    """Add ASCII ``lines`` to the end of ``path``, and wait until they are on the disk. Needs the lock of the folder.

    What a power cut left of a line that was being added is taken away first.
    """
    with path.open("a+b") as file:
        file.seek(0)
        file.truncate(sum(len(line) for line in file if line.endswith(b"\n")))
        file.write("".join(f"{line}\n" for line in lines).encode("ascii"))
        file.flush()
        os.fsync(file.fileno())


def whole_lines(path: Path) -> list[str]:
    """The ASCII lines of ``path``, without the piece of one that a power cut left at its end."""
    return [line[:-1] for line in path.read_text("ascii").splitlines(keepends=True) if line.endswith("\n")]
