"""Find Chromium, or get it."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
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
    if executable():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium with apt-get …", flush=True)
        # Another installation may be running on a machine that has just started.
        apt = ["apt-get", "-o", "DPkg::Lock::Timeout=400", "-q", "-y"]
        unasked = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update"], ["install", "--no-install-recommends", "chromium"]):
            subprocess.run([*apt, *step], stdout=subprocess.DEVNULL, env=unasked)
        if works():
            return
    print("Installing Playwright's Chromium …", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def works() -> bool:
    """Whether the system's Chromium starts; some systems ship a stub under its name."""
    path = executable()
    return path is not None and subprocess.run([path, "--version"], capture_output=True).returncode == 0


if __name__ == "__main__":
    ensure()
