"""Node.js tools: the runtime comes from a wheel, the packages from package-lock.json."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"


def environment() -> dict[str, str]:
    """The environment in which the locked Node.js is found first."""
    return os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def ensure() -> None:
    """Install the locked packages if they aren't there. Runs none of their scripts."""
    wanted = sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    stamp = MODULES / ".stamp"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installing the packages of package-lock.json …", flush=True)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--loglevel=error"], cwd=ROOT, env=environment(), check=True)
    stamp.write_text(wanted)


def command(name: str) -> str:
    """The path of a package's command."""
    return str(MODULES / ".bin" / name)


if __name__ == "__main__":
    ensure()
