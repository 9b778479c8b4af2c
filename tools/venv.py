"""Make the virtual environment and install locked requirements into it.

``python -m tools.venv FOLDER REQUIREMENTS`` with any Python 3.11 or newer; uses nothing but the
standard library, because it runs before anything is installed.
"""

import subprocess
import sys
import venv
from pathlib import Path

MINIMUM = (3, 11)


def ensure(folder: Path, requirements: Path) -> None:
    """Create the environment in ``folder`` if it isn't there, then install ``requirements``."""
    python = folder / "bin" / "python"
    if not works(python):
        print(f"Making a virtual environment in {folder} (Python {sys.version.split()[0]})", flush=True)
        create(folder)
    install(python, requirements)


def install(python: Path, requirements: Path) -> None:
    """Install a locked file, counting the packages as they come; on failure, say all that pip said."""
    total = sum(1 for line in requirements.read_text().splitlines() if line[:1].isalnum())
    command = [
        *(str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"),
        *("--progress-bar", "off", "--require-hashes", "--requirement", str(requirements)),
    ]
    said: list[str] = []
    seen = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for line in pip.stdout or ():
            said.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                seen += 1
                show(f"Installing {requirements}: {seen} of {total}", last=False)
            elif line.startswith("Installing collected"):
                show(f"Installing {requirements}: unpacking (a minute on a slow disk)", last=False)
    if pip.returncode:
        sys.stderr.write("".join(said))
        raise subprocess.CalledProcessError(pip.returncode, command)
    show(f"Installed {requirements}", last=True)


def show(message: str, *, last: bool) -> None:
    """Progress on one line of a terminal; elsewhere only the closing line."""
    if sys.stdout.isatty():
        print(f"\r\033[K{message}", end="\n" if last else "", flush=True)
    elif last:
        print(message, flush=True)


def works(python: Path) -> bool:
    """Whether ``python`` starts, has pip, and is new enough. A moved or half-made environment does not."""
    check = f"import pip, sys; sys.exit(sys.version_info < {MINIMUM})"
    try:
        return subprocess.run([python, "-c", check], capture_output=True).returncode == 0
    except OSError:
        return False


def create(folder: Path) -> None:
    """Make an empty environment, replacing what is there."""
    try:
        venv.create(folder, clear=True, with_pip=True, symlinks=True)
    except (subprocess.CalledProcessError, ImportError):
        sys.exit(
            "This Python cannot make virtual environments: its venv module is not complete.\n"
            "On Debian and Ubuntu: apt-get install python3-venv"
        )


if __name__ == "__main__":
    if sys.version_info < MINIMUM:
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    try:
        ensure(Path(sys.argv[1]), Path(sys.argv[2]))
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
