"""As `make run`, with one more page type to measure against and a database of its own."""

from nelis.settings.local import *  # noqa: F403
from nelis.settings.local import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.empty"]
LOGGING = {"version": 1, "disable_existing_loggers": True}
