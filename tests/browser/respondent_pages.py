"""Somebody who answers a round on a served site: the pages of each step, each with a response of its own."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from tests.browser import feedback_data
from tests.browser.site_commands import run_on
from tools.test_site import Site


@dataclass(frozen=True)
class RespondentPage:
    """A page: which of those that are made, the status there, and what is sent to it, if anything.

    Of some (``is_text``) the text itself is made, since a visitor can't bring them about again.
    """

    link: str
    status: int = 200
    sends: Mapping[str, str] | None = None
    is_text: bool = False


KINDS = {
    "feedback-step": RespondentPage("step"),
    "feedback-filled": RespondentPage("filled"),
    "feedback-second": RespondentPage("second"),
    "feedback-changed": RespondentPage("changed"),
    "feedback-wrong": RespondentPage("step", 422, {"form": "1", "long": "x" * 600}),
    # Without what the page showed: as from a tab that is older than what is saved.
    "feedback-conflict": RespondentPage("filled", 409, {"form": "1", "long": "Something else is missing."}),
    "feedback-later": RespondentPage("step", sends={"form": "1", "later": "1"}),
    "feedback-about-you": RespondentPage("about-you"),
    "feedback-about-you-wrong": RespondentPage("about-you", 422, {"address": "kite", "may_contact": "on"}),
    "feedback-check": RespondentPage("check"),
    "feedback-check-empty": RespondentPage("check-empty"),
    "feedback-receipt": RespondentPage("receipt"),
    "feedback-withdraw": RespondentPage("withdraw"),
    "feedback-withdrawn": RespondentPage("withdrawn", 410),
    "feedback-withdraw-mine": RespondentPage("withdraw-mine", is_text=True),
    "feedback-withdraw-mine-nothing": RespondentPage("nothing-to-withdraw", is_text=True),
    "feedback-closed": RespondentPage("closed", 410),
    "feedback-closed-kept": RespondentPage("closed-kept", 410),
    "feedback-closed-typed": RespondentPage("closed", 410, {"form": "1", "day": "It was windy, and I am late."}),
    "feedback-too-much": RespondentPage("too-much", 413, is_text=True),
    "feedback-no-responses": RespondentPage("no-responses", 404, is_text=True),
    "feedback-not-mine": RespondentPage("taken-off", is_text=True),
    "feedback-not-mine-nothing": RespondentPage("nothing-to-take-off", is_text=True),
    "feedback-roomless": RespondentPage("roomless", 422, {"form": "1", "code": "KT0000"}),
    "feedback-respond": RespondentPage("respond"),
    "feedback-respond-wrong": RespondentPage("respond", 422, {"form": "1"}),
    "feedback-damaged": RespondentPage("damaged", 422, {"form": "1"}),
    "feedback-table": RespondentPage("table"),
    "feedback-table-wrong": RespondentPage("table", 422, {"people": "1"}),
    "feedback-at-table": RespondentPage("at-table"),
    "feedback-return": RespondentPage("return"),
    "feedback-wall": RespondentPage("wall"),
    "feedback-return-wrong": RespondentPage("return", 422, {"code": "0000"}),
}


@functools.cache
def paths(site: Site) -> dict[str, str]:
    """Where everything is, made once for a site."""
    found: dict[str, str] = run_on(site, feedback_data.make_respondent_pages)
    return found


def sent(site: Site, step: RespondentPage) -> dict[str, str]:
    """What is sent: the names of questions differ from site to site."""
    return {paths(site)[name] if name in ("long", "day") else name: value for name, value in (step.sends or {}).items()}
