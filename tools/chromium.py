"""Find Chromium, or get it."""

import os
import shutil
import subprocess
import sys

#: The best first: without a window of its own, Chromium needs half the processor time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# No sandbox, because root has none; nothing fetched in the background, so that every request seen is the site's.
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--no-first-run"),
    # The same letters on every machine.
    *("--font-render-hinting=none", "--disable-lcd-text", "--hide-scrollbars"),
]


def executable() -> str | None:
    """The system's Chromium; nothing when there is none, and then Playwright uses its own."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def ensure() -> None:
    """Install Chromium if it is missing: with the system's packages as root, otherwise Playwright's own."""
    if shutil.which(NAMES[0]):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium with apt-get …", flush=True)
        # Older systems have it under the second name alone.
        if any(apt_install(name) and works() for name in NAMES[:2]):
            return
    if executable():
        return
    print("Installing Playwright's Chromium …", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def apt_install(package: str) -> bool:
    """Install a package of the system; whether it succeeded."""
    if shutil.which(package):
        return True
    # Another installation may be running on a machine that has just started.
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=400", "-q", "-y"]
    unasked = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    steps = [["install", "--no-install-recommends", package]]
    if not subprocess.run(["apt-cache", "show", package], capture_output=True).stdout:
        steps.insert(0, ["update"])
    done = [subprocess.run([*apt, *step], stdout=subprocess.DEVNULL, env=unasked).returncode for step in steps]
    return done[-1] == 0


def works() -> bool:
    """Whether the system's Chromium starts; some systems ship a stub under its name."""
    path = executable()
    return path is not None and subprocess.run([path, "--version"], capture_output=True).returncode == 0


if __name__ == "__main__":
    ensure()
