"""The gaps as a work queue: the readers' list, what is for editors alone, and the way to what closes each."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from nelis.core.search.index_sync import sync_suspended
from nelis.evidence.models import Finding, Source, Statistic
from sectors.admin_views import work_queue
from sectors.gaps import find_editor_gaps, find_gaps
from sectors.models import EvidenceLink, FoundationPage, SectorPage
from tests.sectors.conftest import kites, kites_made, propose

# Forms and their words: what the database does with them is tried by the tests of the workflow and of changes.
pytestmark = pytest.mark.once

__all__ = ["kites", "kites_made"]

ADDRESS = "/admin/gaps/"
PAGES = ("proposition", "bare", "foundation", "sector")
INFERRED = {"basis": "inferred", "confidence": "low", "rationale": "Wind carries both."}


@pytest.fixture
def workshop(kites):
    """A gap of every sort."""
    with sync_suspended():
        source = Source.objects.create(ref="X1", title="Kite review", kind="review", held=True)
        about = {"subject": kites.sector, "source": source, "statement": "It is so."}
        for ref, kind in (("C1", "constraint"), ("R1", "recommendation"), ("W1", "what_works"), ("S1", "strength")):
            Finding.objects.create(ref=ref, kind=kind, **about)
        kites.bare = propose(kites, "P2", "Kite shop")
        for ref, relation in (("S1", "builds_on"), ("W1", "challenges")):
            finding = Finding.objects.get(ref=ref)
            EvidenceLink.objects.create(page=kites.proposition, finding=finding, relation=relation, **INFERRED)
        figure = {"geography": kites.strategy.area, "source": source, "label": "kites"}
        Statistic.objects.create(key="F1", status="missing", **figure)
        for key, value in (("F2", 5), ("F3", 7)):
            Statistic.objects.create(key=key, status="disputed", fact_key="flown", value=value, **figure)
        SectorPage.objects.filter(pk=kites.sector.pk).update(review_due=timezone.localdate() - timedelta(days=1))
    return kites


def main(client):
    response = client.get(ADDRESS)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser").find("main")


def rows(found, key):
    part = found.find("section", attrs={"aria-labelledby": key})
    return part.select("tbody tr")


def links(found, key):
    return [a["href"] for row in rows(found, key) for a in row.select("td.title a")]


def upkeep(key):
    (group,) = [group for group in find_editor_gaps(timezone.localdate()) if group.key == key]
    return group.gaps


def test_it_has_every_gap_of_the_public_page_and_more(workshop, signed_in):
    found = main(signed_in("Content editor"))
    public = {group.key: len(group.gaps) for group in find_gaps()}
    assert min(public.values()) > 0, "a sort of gap is untried"
    assert {key: len(rows(found, key)) for key in public} == public
    readers = BeautifulSoup(Client().get("/evidence/gaps/").content, "html.parser").main
    for key, count in public.items():
        assert len(readers.find("section", attrs={"aria-labelledby": key}).select(".gaps > li")) == count
    assert len(rows(found, "unchecked")) == 2
    assert readers.find(id="unchecked") is None
    assert [row.select_one(".title a").get_text() for row in rows(found, "overdue")] == ["Kite making"]


@pytest.mark.parametrize("role", ["Administrator", "Content editor", "Analyst"])
def test_every_entry_leads_to_the_form_that_closes_it(workshop, signed_in, role):
    client = signed_in(role)
    found = main(client)
    page = {name: reverse("wagtailadmin_pages:edit", args=[getattr(workshop, name).pk]) for name in PAGES}
    assert links(found, "no-evidence") == [f"{page['bare']}#tab-evidence"]
    assert links(found, "challenged") == links(found, "inferred-only") == [f"{page['proposition']}#tab-evidence"]
    assert links(found, "unchecked") == [f"{page['proposition']}#tab-evidence"] * 2
    assert links(found, "foundations") == [page["foundation"]]
    part = found.find("section", attrs={"aria-labelledby": "foundations"})
    assert "in the form of the proposition, under Links" in part.get_text()
    assert links(found, "overdue") == [f"{page['sector']}#tab-dates"]
    (constraint,) = links(found, "unanswered-constraints")
    assert constraint == reverse("wagtailsnippets_evidence_finding:edit", args=[Finding.objects.get(ref="C1").pk])
    for address in {a["href"] for a in found.select("section td.title a")}:
        path, _, tab = address.partition("#")
        form = client.get(path)
        assert form.status_code == 200, path
        assert not tab or f'id="{tab}"' in form.text, address


def test_what_somebody_may_not_change_is_named_without_a_link(workshop, signed_in):
    found = main(signed_in("Content editor"))
    # Figures are for analysts.
    assert links(found, "figures-not-held") == links(found, "disputed") == []
    assert "kites" in rows(found, "figures-not-held")[0].get_text()
    assert len(links(main(signed_in("Analyst")), "figures-not-held")) == 1


def test_nobody_else_sees_it(workshop, client, signed_in):
    front = reverse("wagtailadmin_login")
    assert client.get(ADDRESS).url.startswith(front)
    assert signed_in(name="visitor").get(ADDRESS).url.startswith(front)


def test_the_first_page_counts_them(workshop, signed_in):
    shown = BeautifulSoup(signed_in("Publisher").get(reverse("wagtailadmin_home")).content, "html.parser")
    counts = {a["href"]: a.find_parent("li").get_text() for a in shown.select(f'main a[href^="{ADDRESS}#"]')}
    assert counts == {
        f"{ADDRESS}#{group.key}": f"{group.title}: {len(group.gaps)}" for group in work_queue() if group.gaps
    }


def test_lines_and_dates_leave_the_queue(workshop):
    assert [gap.ref for gap in upkeep("unchecked")] == ["P1", "P1"]
    EvidenceLink.objects.filter(relation="builds_on").update(reviewed_on=timezone.localdate())
    EvidenceLink.objects.filter(relation="challenges").update(basis="stated", confidence="")
    assert upkeep("unchecked") == []
    today = timezone.localdate()
    FoundationPage.objects.update(review_due=today)
    assert [gap.title for gap in upkeep("overdue")] == ["Kite making", "Tools"]
    FoundationPage.objects.update(review_due=today + timedelta(days=1))
    SectorPage.objects.update(is_historic=True)
    assert upkeep("overdue") == []
