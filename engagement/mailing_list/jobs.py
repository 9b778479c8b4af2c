"""What happens to the mailing list by itself."""

from datetime import timedelta

from engagement.mailing_list import changes, erasures, growth, retention
from engagement.post.jobs import regularly
from nelis.core import charts

__all__ = ["draw_charts", "keep_list_of_kept_out", "resume_and_expire", "retain"]


@regularly("mailing_list.resume_and_expire", timedelta(minutes=15))
def resume_and_expire() -> str:
    """Pauses that are over end, and sign-ups that nobody confirmed expire."""
    return f"{changes.resume_due()} resumed, {changes.expire_due()} expired."


@regularly("mailing_list.retention", timedelta(days=1))
def retain() -> str:
    """What names somebody and isn't needed any more goes."""
    done = retention.run()
    return "; ".join(f"{number} {words}" for words, number in done.items() if number) or "Nothing was due."


@regularly("mailing_list.kept_out", timedelta(hours=1))
def keep_list_of_kept_out() -> str:
    """The list by which a restored backup is put right is brought up to date."""
    return f"{erasures.write_list()} addresses are kept out."


@regularly("charts.draw", timedelta(minutes=1))
def draw_charts() -> str:
    """Charts that somebody waits for are drawn, of any room. Those of the list are drawn before anybody asks."""
    for chart in (growth.growth_chart(), growth.topics_chart(growth.topic_counts())):
        charts.ask(chart)
    return f"{charts.draw_waiting()} drawn."
