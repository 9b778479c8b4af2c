"""What is drafted by itself, and how often somebody looks whether there is something to draft."""

from datetime import timedelta

from engagement.bulletins.digests import draft_alerts, draft_digest
from engagement.bulletins.models import Bulletin
from engagement.post.jobs import regularly

__all__: list[str] = []


@regularly("bulletins.alerts", timedelta(minutes=5))
def alerts() -> str:
    """New changes become alerts."""
    return draft_alerts()


@regularly("bulletins.digests", timedelta(hours=1))
def digests() -> str:
    """On Mondays the last week, on the first of a month the last month; later, if nothing ran that day."""
    drafted = [kind for kind in Bulletin.DIGESTS if draft_digest(kind)]
    return f"Drafted: {', '.join(drafted)}." if drafted else "Nothing to draft."
