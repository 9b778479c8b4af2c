"""Settings for load tests: as `make run`, on the database of ``DATABASE_URL``, without collected static files."""

from nelis.settings.local import *  # noqa: F403
from nelis.settings.local import STORAGES

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Every phone of a measurement has this machine's address, and one measurement more of them than any hall.
CLIENT_ADDRESS_HEADER = ""
LOGGING = {"version": 1, "disable_existing_loggers": True}
