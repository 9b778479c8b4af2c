"""Lock the requirements: every version and hash, for all supported Pythons and systems.

``python -m tools.lock`` keeps the versions already locked where the ``.in`` file still allows them;
``python -m tools.lock --upgrade`` takes the newest. The files name no index, so they install from any.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST_PYTHON = "3.11"


def lock(name: str, *options: str) -> None:
    """Write ``<name>.txt`` from ``<name>.in``."""
    # A lock must not depend on where this machine happens to fetch packages from.
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("UV_", "PIP_"))}
    subprocess.run(
        [
            *("uv", "pip", "compile", "--quiet", "--no-config", "--universal"),
            *("--python-version", OLDEST_PYTHON),
            *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"),
            *("--custom-compile-command", "make lock"),
            *("--output-file", f"{name}.txt", f"{name}.in"),
            *options,
        ],
        cwd=ROOT,
        env=environment,
        check=True,
    )


if __name__ == "__main__":
    for requirements in ("requirements", "requirements-dev"):
        lock(requirements, *sys.argv[1:])
