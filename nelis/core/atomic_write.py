"""Files that are replaced as a whole: whoever reads one finds the old one or the new one, and never half of either."""

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile

__all__ = ["write_lines_atomically"]


def write_lines_atomically(path: Path, lines: Iterable[str]) -> None:
    """Put a file of plain ASCII lines in the place of the one at ``path``, if there is one, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="ascii", dir=path.parent, prefix=f".{path.stem}-", delete=False) as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
