"""The pages behind the links that somebody on the mailing list of a served site was mailed."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from tests.browser import email_data
from tests.browser.site_commands import run_on
from tools.test_site import Site


@dataclass(frozen=True)
class SubscriberPage:
    """A page behind a link: which link, the status there, and what is sent to it, if anything."""

    link: str
    status: int = 200
    sends: Mapping[str, str] | None = None


KINDS = {
    "mailing-list-confirm": SubscriberPage("confirm"),
    "mailing-list-used-link": SubscriberPage("used"),
    "mailing-list-manage": SubscriberPage("manage"),
    "mailing-list-manage-wrong": SubscriberPage("manage", sends={"do": "save"}),
    "mailing-list-pause-wrong": SubscriberPage(
        "manage", sends={"do": "pause", "how_long": "date", "day": "2001-01-01"}
    ),
    "mailing-list-move-wrong": SubscriberPage("manage", sends={"do": "move", "address": "kite"}),
    "mailing-list-new-address": SubscriberPage("new-address"),
    "mailing-list-paused": SubscriberPage("paused"),
    "mailing-list-ended": SubscriberPage("ended"),
    "mailing-list-held": SubscriberPage("held"),
    "mailing-list-erase": SubscriberPage("erase"),
    "mailing-list-leave": SubscriberPage("leave"),
    "mailing-list-left": SubscriberPage("left"),
    "mailing-list-too-late": SubscriberPage("late", sends={"instead": "all"}),
    "mailing-list-choices": SubscriberPage("choices"),
}


@functools.cache
def paths(site: Site) -> dict[str, str]:
    """The paths of the links, by name. The people are made when they are first asked for."""
    found: dict[str, str] = run_on(site, email_data.make_subscribers)
    return found
