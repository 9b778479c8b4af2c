"""For `make run`: as production, except that it answers over plain http, on this machine only.

Its keys are made on the first run and kept in the data folder.
"""

from nelis.settings.secret_key import load_or_create_key

from . import environment as env
from .base import *  # noqa: F403
from .base import DATA_DIR

SECRET_KEY = load_or_create_key(DATA_DIR / "secret-key")
ADDRESS_KEY = load_or_create_key(DATA_DIR / "address-key")
LINK_KEYS = [load_or_create_key(DATA_DIR / "link-key")]
ALLOWED_HOSTS = ["localhost", ".localhost", "127.0.0.1", "[::1]", *env.items("ALLOWED_HOSTS")]
EMAIL_BACKEND = "engagement.mail.file_backend.EmailBackend"

# Nothing stands before this server: who is connected to it is the visitor.
CLIENT_ADDRESS_HEADER = "REMOTE_ADDR"

# `manage.py demo_editor` makes its account where this is on, and nowhere else.
DEMONSTRATION = True
SERVE_RENDITIONS = True
