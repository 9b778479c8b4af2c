"""What happens to the mailing list by itself."""

from datetime import timedelta

from engagement.mail.scheduler import periodic_task
from engagement.mailing_list import retention, statistics, subscription_service, suppression_file
from nelis.core import charts

__all__ = ["draw_charts", "resume_and_expire", "run_retention", "write_suppression_file"]


@periodic_task("mailing_list.resume_and_expire", timedelta(minutes=15))
def resume_and_expire() -> str:
    """Pauses that are over end, and sign-ups that nobody confirmed expire."""
    return f"{subscription_service.resume_due()} resumed, {subscription_service.expire_due()} expired."


@periodic_task("mailing_list.retention", timedelta(days=1))
def run_retention() -> str:
    """What names somebody and isn't needed any more goes."""
    done = retention.run()
    return "; ".join(f"{number} {words}" for words, number in done.items() if number) or "Nothing was due."


@periodic_task("mailing_list.suppression_file", timedelta(hours=1))
def write_suppression_file() -> str:
    """The list by which a restored backup is put right is brought up to date."""
    return f"{suppression_file.write_file()} addresses are kept out."


@periodic_task("charts.draw", timedelta(minutes=1))
def draw_charts() -> str:
    """Charts that somebody waits for are drawn, of any room. Those of the list are drawn before anybody asks."""
    for chart in (statistics.growth_chart(), statistics.topics_chart(statistics.topic_counts())):
        charts.request_drawing(chart)
    return f"{charts.draw_pending()} drawn."
