"""Read environment variables with their types."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_variables: Mapping[str, str] = os.environ

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


def restrict_to(*names: str) -> None:
    """Ignore all other variables from now on. For settings that must not depend on a shell."""
    global _variables
    _variables = {name: os.environ[name] for name in names if name in os.environ}


def text(name: str, default: str = "") -> str:
    """Return the value without surrounding blanks, or ``default`` when it is unset or empty."""
    return _variables.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """Return a boolean. Raise ImproperlyConfigured for anything else."""
    raw = _variables.get(name)
    if raw is None:
        return default
    value = raw.strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} should be true or false, not {raw!r}.")


def integer(name: str, default: int) -> int:
    """Return an integer. Raise ImproperlyConfigured for anything else."""
    raw = text(name)
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} should be a whole number, not {raw!r}.") from error


def items(name: str) -> list[str]:
    """Return the items of a comma-separated list."""
    return [item.strip() for item in _variables.get(name, "").split(",") if item.strip()]


def database(default_file: Path) -> dict[str, object]:
    """Return Django's database settings from ``DATABASE_URL``, or an SQLite file at ``default_file``.

    Understands ``postgres://user:password@host:port/name?option=value``,
    the same with ``?host=/socket/folder``, and ``sqlite:////absolute/path``.
    Raise ImproperlyConfigured for any other scheme.
    """
    url = text("DATABASE_URL")
    if not url:
        return sqlite(default_file)
    parts = urlsplit(url)
    if parts.scheme in {"sqlite", "sqlite3"}:
        return sqlite(Path(unquote(parts.path[1:]) or ":memory:"))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL should start with postgres:// or sqlite://, not {parts.scheme!r}.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def sqlite(file: Path) -> dict[str, object]:
    """Return the settings of an SQLite database that several threads and processes share.

    Write-ahead logging lets readers go on while one writes; immediate transactions take the write lock at their
    start, so a second writer waits instead of failing half way. Each commit waits until it is on the disk: a power cut
    must not take an answer that was acknowledged, nor forget that an email was sent. What is deleted is overwritten.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        # Opening the file takes longer than most pages; and closing the last connection writes the log back into it.
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;"
                "PRAGMA secure_delete=ON;"
                "PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
            ),
        },
    }
