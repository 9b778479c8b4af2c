"""Replace a file as a whole: readers find the old file or the new one, never half of either."""

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_lines_atomically(path: Path, lines: Iterable[str]) -> None:
    """Write ASCII ``lines`` to a temporary file, then move it to ``path`` in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="ascii", dir=path.parent, prefix=f".{path.stem}-", delete=False) as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
