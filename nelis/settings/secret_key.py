"""Check secret keys, and make those of a local run. The same goes for the keys of the mailing list."""

import os
import secrets
from pathlib import Path

MINIMUM_LENGTH = 50
MINIMUM_DIFFERENT_CHARACTERS = 10
# Parts of keys copied from an example or from the development settings.
PLACEHOLDERS = ("insecure", "development", "not-a-secret", "changeme", "change-me", "example", "secret-key")


def key_weakness(key: str) -> str:
    """Return what is wrong with ``key``, as the end of a sentence; empty when nothing is."""
    if len(key) < MINIMUM_LENGTH:
        return f"has {len(key)} characters; at least {MINIMUM_LENGTH} are needed"
    if len(set(key)) < MINIMUM_DIFFERENT_CHARACTERS:
        return f"repeats itself; at least {MINIMUM_DIFFERENT_CHARACTERS} different characters are needed"
    if found := next((word for word in PLACEHOLDERS if word in key.lower()), ""):
        return f"contains “{found}”, so it looks like a placeholder"
    return ""


def new_secret_key() -> str:
    """Return a new random key."""
    return secrets.token_urlsafe(64)


def load_or_create_key(file: Path) -> str:
    """Return the key in ``file``; create it on first use, readable by its owner only."""
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        pass
    file.parent.mkdir(parents=True, exist_ok=True)
    key = new_secret_key()
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # Another process was quicker: use its key.
        return file.read_text().strip()
    with os.fdopen(handle, "w") as opened:
        opened.write(key)
    return key
