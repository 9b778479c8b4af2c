"""For workers in processes of their own: the tests' settings, and a mail server on the loopback."""

from nelis.settings.test import *  # noqa: F403
from nelis.settings.test import INSTALLED_APPS, LOGGING

INSTALLED_APPS = [*INSTALLED_APPS, "tests.mail.sample_app"]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_TIMEOUT = 20
LOGGING = LOGGING | {
    "root": {"handlers": ["console"], "level": "DEBUG"},
    # Nothing between a line and the reader: what mustn't be logged must not be there to be taken out.
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
}
