"""For developers: reloading, debug pages, emails in files."""

from .base import *  # noqa: F403
from .base import STORAGES

DEBUG = True
# Only ever used with DEBUG on, on a developer's own machine.
SECRET_KEY = "development-only-not-a-secret"  # noqa: S105
ADDRESS_KEY = "development-only-address-key"
LINK_KEYS = ["development-only-link-key"]
ALLOWED_HOSTS = ["*"]
EMAIL_BACKEND = "engagement.mail.file_backend.EmailBackend"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SERVE_RENDITIONS = True
ENVIRONMENT_NAME = "Development"
