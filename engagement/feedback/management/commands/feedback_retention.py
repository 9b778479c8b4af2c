"""``manage.py feedback_retention``: empties contact details and deletes unsent answers whose time is over."""

from engagement.feedback.privacy import retention
from nelis.core.management.retention import RetentionCommand

__all__ = ["Command"]


class Command(RetentionCommand):
    help = "Empties contact details and deletes unsent answers whose time is over. A runner does the same every day."
    run = staticmethod(retention.run)
