"""``manage.py retention``: deletes what names somebody and isn't needed any more."""

from engagement.mailing_list import retention
from nelis.core.management.retention import RetentionCommand

__all__ = ["Command"]


class Command(RetentionCommand):
    help = "Deletes personal data that is kept long enough. A runner does the same every day."
    run = staticmethod(retention.run)
