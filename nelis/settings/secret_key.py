"""What a secret key must be, and where a local run gets one. The keys of the mailing list are held to the same."""

import os
import secrets
from pathlib import Path

MINIMUM_LENGTH = 50
MINIMUM_DIFFERENT_CHARACTERS = 10
# Words that betray a key copied from an example or from the development settings.
PLACEHOLDERS = ("insecure", "development", "not-a-secret", "changeme", "change-me", "example", "secret-key")


def key_weakness(key: str) -> str:
    """Why ``key`` won't do, as the end of a sentence; empty when it will."""
    if len(key) < MINIMUM_LENGTH:
        return f"has {len(key)} characters; at least {MINIMUM_LENGTH} are needed"
    if len(set(key)) < MINIMUM_DIFFERENT_CHARACTERS:
        return f"repeats itself; at least {MINIMUM_DIFFERENT_CHARACTERS} different characters are needed"
    if found := next((word for word in PLACEHOLDERS if word in key.lower()), ""):
        return f"contains “{found}”, so it looks like a placeholder"
    return ""


def new_secret_key() -> str:
    """A key nobody has seen."""
    return secrets.token_urlsafe(64)


def load_or_create_key(file: Path) -> str:
    """The key in ``file``, made on first use and readable by its owner only."""
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        pass
    file.parent.mkdir(parents=True, exist_ok=True)
    key = new_secret_key()
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # Another process was quicker: everybody uses its key.
        return file.read_text().strip()
    with os.fdopen(handle, "w") as opened:
        opened.write(key)
    return key
