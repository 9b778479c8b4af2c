"""How those who asked to hear are told what came of a round: a lane behind mails that somebody waits for."""

from django.db.models import QuerySet

from engagement.feedback.models import FeedbackRound, OutcomeMail
from engagement.feedback.reporting.news import compose
from engagement.mailing_list import changes
from engagement.post.lanes import Lane, register

__all__ = ["OUTCOMES", "open_rows", "settled"]


def open_rows(rows: QuerySet[OutcomeMail]) -> QuerySet[OutcomeMail]:
    """Nothing is sent of a round whose report was taken back, until it is there again."""
    return rows.filter(round__state=FeedbackRound.State.REPORTED)


def settled(mail: OutcomeMail) -> None:
    """Whoever has no mailbox any more, or reported the mail as unwanted, is not written to again."""
    if not mail.is_forgotten:
        changes.heed(mail)


OUTCOMES = Lane(
    name="feedback",
    model=OutcomeMail,
    compose=compose,
    open_rows=open_rows,
    settled=settled,
    heeds=OutcomeMail.TELLING,
    order=50,
)
register(OUTCOMES)
