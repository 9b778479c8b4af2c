"""The periodic tasks that look whether there is something to draft."""

from datetime import timedelta

from engagement.bulletins.digests import draft_alert, draft_digest
from engagement.bulletins.models import Bulletin
from engagement.mail.scheduler import periodic_task

__all__: list[str] = []


@periodic_task("bulletins.alerts", timedelta(minutes=5))
def draft_alerts() -> str:
    """Draft an alert of new changes."""
    return draft_alert()


@periodic_task("bulletins.digests", timedelta(hours=1))
def draft_digests() -> str:
    """Draft the digest of last week on Mondays, of last month on the 1st; later, if no worker ran that day."""
    drafted = [kind for kind in Bulletin.DIGEST_KINDS if draft_digest(kind)]
    return f"Drafted: {', '.join(drafted)}." if drafted else "Nothing to draft."
