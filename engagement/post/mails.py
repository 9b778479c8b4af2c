"""The lane of mails that somebody waits for. It comes first."""

from engagement.post.events import match_again
from engagement.post.lanes import Lane, register
from engagement.post.models import ServiceMail
from engagement.post.service import compose, reported

SERVICE = Lane(
    "service",
    ServiceMail,
    compose,
    housekeep=match_again,
    settled=reported,
    heeds=ServiceMail.TELLING,
    order=0,
)
register(SERVICE)
