"""What is drafted by itself, and how often somebody looks whether there is something to draft."""

from datetime import timedelta

from engagement.bulletins.digests import draft_alert, draft_digest
from engagement.bulletins.models import Bulletin
from engagement.mail.scheduler import periodic_task

__all__: list[str] = []


@periodic_task("bulletins.alerts", timedelta(minutes=5))
def draft_alerts() -> str:
    """New changes become alerts."""
    return draft_alert()


@periodic_task("bulletins.digests", timedelta(hours=1))
def draft_digests() -> str:
    """On Mondays the last week, on the first of a month the last month; later, if nothing ran that day."""
    drafted = [kind for kind in Bulletin.DIGEST_KINDS if draft_digest(kind)]
    return f"Drafted: {', '.join(drafted)}." if drafted else "Nothing to draft."
