"""For the tests: only ``DATABASE_URL`` from the environment, and all files in a temporary folder."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from . import environment as env

# Before base reads anything: a variable in a developer's shell must not change what a test sees.
env.restrict_to("DATABASE_URL")

from .base import *  # noqa: E402, F403
from .base import DATABASES, LOGGING, STORAGES  # noqa: E402

SECRET_KEY = "tests-only-and-never-served-to-anybody-0123456789"  # noqa: S105
ADDRESS_KEY = "tests-only-address-key"
LINK_KEYS = ["tests-only-link-key"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
BASE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"

# Each process has its own folder, which is deleted when it ends.
_folder = TemporaryDirectory(prefix="nelis-test-", ignore_cleanup_errors=True)
DATA_DIR = Path(_folder.name)
MEDIA_ROOT = DATA_DIR / "media"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir()  # WhiteNoise warns when there is nothing to serve.
STORAGES = STORAGES | {
    # Templates render without collecting static files first; the browser tests serve the real thing.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

_options: Any = DATABASES["default"]["OPTIONS"]
if "init_command" in _options:
    # On SQLite, as on the PostgreSQL of the tests: nothing here has to survive a power cut.
    _options["init_command"] += "PRAGMA synchronous=OFF;"

# A fast hasher: the slow one is against attackers.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
LOGGING = LOGGING | {"root": {"handlers": ["console"], "level": "ERROR"}}

# Off, except in tests of the page cache.
PAGE_CACHE_SECONDS = 0
SERVE_RENDITIONS = True
