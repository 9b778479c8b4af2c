"""For `make run`: as production, but over plain HTTP and on this machine only.

Its keys are created on the first run, in the data folder.
"""

from . import environment as env
from .base import *  # noqa: F403
from .base import DATA_DIR
from .secret_key import load_or_create_key

SECRET_KEY = load_or_create_key(DATA_DIR / "secret-key")
ADDRESS_KEY = load_or_create_key(DATA_DIR / "address-key")
LINK_KEYS = [load_or_create_key(DATA_DIR / "link-key")]
ALLOWED_HOSTS = ["localhost", ".localhost", "127.0.0.1", "[::1]", *env.items("ALLOWED_HOSTS")]
EMAIL_BACKEND = "engagement.mail.file_backend.EmailBackend"

# There is no proxy: who is connected to this server is the visitor.
CLIENT_ADDRESS_HEADER = "REMOTE_ADDR"

# `manage.py demo_editor` creates its account only where this is on.
DEMONSTRATION = True
ENVIRONMENT_NAME = "Demonstration"
# Nobody needs a telephone to try the site. Whoever sets up a second factor is asked for it all the same.
SECOND_FACTOR_REQUIRED = False
SERVE_RENDITIONS = True
