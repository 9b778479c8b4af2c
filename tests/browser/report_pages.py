"""A round that was reported back, on a served site: its public pages, and those of somebody with a reference."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from tests.browser import feedback_data
from tests.browser.site_commands import run_on
from tools.test_site import Site

BASE = "/feedback/kite-fair/"


@dataclass(frozen=True)
class ReportPage:
    """A page: its path, the status there, and what is sent to it, if anything."""

    path: str
    status: int = 200
    sends: Mapping[str, str] | None = None


KINDS = {
    "feedback-reported": ReportPage(BASE),
    "feedback-results": ReportPage(f"{BASE}results/"),
    "feedback-data": ReportPage(f"{BASE}data/"),
    "feedback-outcome": ReportPage(f"{BASE}outcome/"),
    "feedback-outcome-wrong": ReportPage(f"{BASE}outcome/", 422, {"reference": "0000-0000"}),
    "feedback-outcome-limited": ReportPage(f"{BASE}outcome/", 429, {"reference": "0000-0000"}),
    "feedback-outcome-found": ReportPage(f"{BASE}outcome/", sends={"reference": "reference"}),
    "feedback-outcome-early": ReportPage("/feedback/engagement-summit-2019/outcome/"),
    "feedback-beside": ReportPage("/propositions/driving-the-electric-revolution/"),
}


@functools.cache
def reference(site: Site) -> str:
    """The reference of one response to a round that was reported back, made once for a site."""
    found: str = run_on(site, feedback_data.make_reported_round)
    return found


@functools.cache
def limited(site: Site) -> str:
    """The page of somebody who may try no more references."""
    reference(site)
    found: str = run_on(site, feedback_data.outcome_page_when_limited)
    return found


def sent(site: Site, kind: str) -> dict[str, str]:
    """What is sent: references differ from site to site."""
    fields = KINDS[kind].sends or {}
    return {name: reference(site) if value == "reference" else value for name, value in fields.items()}
