"""For runners in processes of their own: the tests' settings, a mail server on the loopback, and a hurry."""

import json
import os

from nelis.settings.test import *  # noqa: F403
from nelis.settings.test import INSTALLED_APPS, LOGGING

INSTALLED_APPS = [*INSTALLED_APPS, "tests.post.room"]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ.get("SINK_PORT", "0"))
EMAIL_TIMEOUT = 5
POST_ROOM = json.loads(os.environ.get("ROOM", "{}"))
MAIL_PER_SECOND = int(os.environ.get("RATE", "0"))
LOGGING = LOGGING | {
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL_IN_TEST", "ERROR")},
    # Nothing between a line and the reader: what mustn't be logged must not be there to be taken out.
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
}
