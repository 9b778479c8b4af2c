"""The kinds of page there are: every page type of the site, and the pages that no page type makes."""

import json
import re
from dataclasses import dataclass

from django.apps import apps
from django.test import RequestFactory

from tests.browser import report_pages, respondent_pages, subscriber_pages, taken_down_data
from tests.browser.site_commands import post_form, run_on
from tools.test_site import Site

ROOTS = ("nelis", "sectors", "engagement")


@dataclass(frozen=True)
class Address:
    """Where to go, and what to expect there. With ``html``, the text of a page that can't be asked for."""

    path: str
    status: int = 200
    html: str = ""


def page_types() -> list[str]:
    """Every concrete page type of ours, such as sectors.sectorpage."""
    from wagtail.models import Page

    return sorted(
        model._meta.label_lower
        for model in apps.get_models()
        if issubclass(model, Page) and model is not Page and model.__module__.split(".")[0] in ROOTS
    )


#: The pages about a proposition's versions, below its own address.
VERSIONS = {
    "version": Address("v1/"),
    "version-history": Address("history/"),
    "version-comparison": Address("compare/?from=1&to=1"),
    "version-missing": Address("v9/", status=404),
}
#: Pages of the mailing list and for complaints that anybody can ask for. Those behind links from mails: ``members``.
FORMS = {
    "mailing-list": Address("/mailing-list/"),
    "mailing-list-topic": Address("/mailing-list/?topic=p8"),
    "mailing-list-asked": Address("/mailing-list/check-your-mail/"),
    "mailing-list-held-back": Address("/mailing-list/check-your-mail/?held=1"),
    "mailing-list-moved": Address("/mailing-list/new-address/done/"),
    "mailing-list-confirmed": Address("/mailing-list/confirmed/"),
    "mailing-list-link": Address("/mailing-list/link/"),
    "mailing-list-link-sent": Address("/mailing-list/link/sent/"),
    "mailing-list-back": Address("/mailing-list/back/"),
    "mailing-list-erased": Address("/mailing-list/erased/"),
    "mailing-list-broken-link": Address("/mailing-list/confirm/?t=broken", status=404),
    "complaint": Address("/data-protection-complaint/"),
    "complaint-old-receipt": Address("/data-protection-complaint/received/", status=404),
}
#: What anybody sees of rounds of feedback. The pages of somebody who answers are in ``respondents``.
ROUNDS = {
    "feedback-rounds": Address("/feedback/"),
    "feedback-round": Address("/feedback/engagement-summit-2019/"),
    "feedback-standing": Address("/feedback/propositions/"),
    "feedback-join": Address("/join/"),
}
#: The open data, as people see it.
OPEN_DATA = {"open-data": Address("/data/"), "api": Address("/api/")}
#: Forms with something wrong in every field: where they are sent, and what is sent there.
WRONG = {
    "mailing-list-wrong": ("/mailing-list/", {"address": "kite", "name": "n" * 200, "frequency": "hourly"}),
    "mailing-list-link-wrong": ("/mailing-list/link/", {"address": ""}),
    "feedback-join-wrong": ("/join/", {"code": "KT0000"}),
    "complaint-wrong": ("/data-protection-complaint/", {"text": "", "name": "n" * 200, "address": "kite"}),
}
MAILING_LIST = (*FORMS, *WRONG, *subscriber_pages.KINDS)
OTHER_KINDS = (
    "organisation",
    "publication",
    "figure",
    *VERSIONS,
    "bulletin-archive",
    "search-empty",
    "search-results",
    "search-nothing",
    "error-404",
    "taken-down",
    "error-400",
    "error-403",
    "error-csrf",
    "error-500",
    *MAILING_LIST,
    *ROUNDS,
    *OPEN_DATA,
    *respondent_pages.KINDS,
    *report_pages.KINDS,
)

#: Under which address the pages stand that are in the sitemap and not in the tree.
BELOW = {"organisation": "/organisations/", "publication": "/evidence/", "figure": "/evidence/figures/"}


def kinds() -> list[str]:
    """All kinds, for parametrising tests."""
    return [*page_types(), *OTHER_KINDS]


def addresses(site: Site, kind: str) -> list[Address]:
    """Every public address of that kind. Never empty: a kind without an address is a fault of the content."""
    found = [Address(page.path) for page in site.pages if page.kind == kind] or other_addresses(site, kind)
    assert found, f"no page of the kind {kind} is on the site"
    return found


def other_addresses(site: Site, kind: str) -> list[Address]:
    """The addresses that no page of the tree has."""
    if below := BELOW.get(kind):
        tree = {page.path for page in site.pages}
        return [
            Address(path) for path in sitemap_paths(site) if re.fullmatch(f"{below}[^/]+/", path) and path not in tree
        ]
    if below := VERSIONS.get(kind):
        proposition = next(page.path for page in site.pages if page.kind == "sectors.propositionpage")
        return [Address(proposition + below.path, below.status)]
    if fixed := {**FORMS, **ROUNDS, **OPEN_DATA}.get(kind):
        return [fixed]
    if kind in WRONG:
        return [Address(f"/{kind}/", html=post_form(site, *WRONG[kind])[1])]
    if kind in subscriber_pages.KINDS:
        return [member_address(site, kind)]
    if kind in respondent_pages.KINDS:
        return [respondent_address(site, kind)]
    if kind in report_pages.KINDS:
        return [reported_address(site, kind)]
    return other_pages(site, kind)


def other_pages(site: Site, kind: str) -> list[Address]:
    """Search, the archive, and errors."""
    if kind.startswith("search"):
        query = {"search-empty": "", "search-results": "?q=battery", "search-nothing": "?q=zzyzx"}[kind]
        return [Address(f"/search/{query}")]
    if kind == "bulletin-archive":
        return [Address("/bulletins/")]
    if kind == "taken-down":
        return [Address(run_on(site, taken_down_data.take_a_page_down), status=410)]
    if kind == "error-404":
        return [Address("/no-such-page/", status=404)]
    if kind.startswith("error-"):
        return [Address(f"/{kind}/", html=with_collected_files(site, error_page(kind)))]
    return []


def member_address(site: Site, kind: str) -> Address:
    """A page behind a link from an email. One that a form answers stands in for itself."""
    member = subscriber_pages.KINDS[kind]
    path = subscriber_pages.paths(site)[member.link]
    if member.sends is None:
        return Address(path, member.status)
    return Address(f"/{kind}/", html=post_form(site, path, member.sends)[1])


def respondent_address(site: Site, kind: str) -> Address:
    """A page of somebody who answers a round. One that a form answers stands in for itself."""
    step = respondent_pages.KINDS[kind]
    found = respondent_pages.paths(site)[step.link]
    if step.is_text:
        return Address(f"/{kind}/", html=found)
    if step.sends is None:
        return Address(found, step.status)
    status, html = post_form(site, found, respondent_pages.sent(site, step))
    assert status == step.status, kind
    return Address(f"/{kind}/", html=html)


def reported_address(site: Site, kind: str) -> Address:
    """A page about a round that was reported back. One that a form answers stands in for itself."""
    page = report_pages.KINDS[kind]
    report_pages.reference(site)
    if page.sends is None:
        return Address(page.path, page.status)
    if page.status == 429:
        return Address(f"/{kind}/", html=report_pages.limited(site))
    return Address(f"/{kind}/", html=post_form(site, page.path, report_pages.sent(site, kind))[1])


def error_page(kind: str) -> str:
    """The text of an error page that a visitor can't bring about at will."""
    from nelis.core.views import errors

    view = {
        "error-400": errors.bad_request,
        "error-403": errors.permission_denied,
        "error-csrf": errors.csrf_failure,
        "error-500": errors.server_error,
    }[kind]
    return view(RequestFactory().get("/")).content.decode()


def with_collected_files(site: Site, html: str) -> str:
    """The page with the names that its static files have on the served site."""
    names = json.loads((site.folder / "static" / "staticfiles.json").read_text())["paths"]
    return re.sub(r"/static/([\w./-]+)", lambda match: f"/static/{names[match[1]]}", html)


def sitemap_paths(site: Site) -> list[str]:
    """All paths the sitemap names."""
    from defusedxml.ElementTree import fromstring

    status, text = site.get("/sitemap.xml")
    assert status == 200
    namespace = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    locations = [element.text or "" for element in fromstring(text).iter(f"{namespace}loc")]
    return ["/" + location.split("/", 3)[3] for location in locations]
