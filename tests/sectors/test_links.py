"""Ties are recorded once and shown at both ends, with who says so; gaps are said plainly."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from bs4 import Tag
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sectors.links import links_of
from sectors.models import Commitment, Organisation, OrganisationRole, PriorityArea, StrategyLink
from sectors.templatetags.strategy_tags import basis_in_words
from tests.html import text_of
from tests.sectors.conftest import propose

pytestmark = pytest.mark.pg

Read = Callable[..., Tag]

STATED = {"basis": "stated"}
INFERRED = {"basis": "inferred", "confidence": "medium"}

#: Every pair of kinds that the strategy links.
PAIRS = [
    ("proposition", "foundation"),
    ("proposition", "challenge"),
    ("proposition", "deal"),
    ("proposition", "project"),
    ("proposition", "sub_sector"),
    ("sector", "challenge"),
    ("sector", "deal"),
    ("sub_sector", "challenge"),
    ("sub_sector", "deal"),
    ("project", "sector"),
    ("project", "sub_sector"),
    ("project", "challenge"),
    ("project", "deal"),
    ("project", "foundation"),
    ("project", "other_project"),
    ("sector", "foundation"),
    ("sub_sector", "foundation"),
    ("sub_sector", "sector"),
    ("proposition", "other_sector"),
]


def add_link(kites: SimpleNamespace, near: str, far: str, number: int) -> StrategyLink:
    """A link with a reason of its own, by turns stated and inferred."""
    how = STATED if number % 2 else INFERRED
    page, target = getattr(kites, near), getattr(kites, far)
    return StrategyLink.objects.create(page=page, target=target, rationale=f"Reason {number}.", **how)


def row_to(main: Tag, url: str, words: str) -> str:
    """The text of the row that links to ``url`` and holds ``words``."""
    rows = [link.find_parent(["li", "tr"]) for link in main.find_all("a", href=url)]
    found = [row for row in rows if row is not None and words in text_of(row)]
    assert found, f"no row with a link to {url} gives “{words}”"
    return found[0].get_text(" ", strip=True)


@pytest.mark.parametrize("turned", [False, True], ids=["as-listed", "turned-round"])
def test_every_link_is_shown_at_both_ends_with_its_basis(kites: SimpleNamespace, read: Read, turned: bool):
    pairs = [pair[::-1] for pair in PAIRS] if turned else PAIRS
    links = [(near, far, add_link(kites, near, far, number)) for number, (near, far) in enumerate(pairs)]
    kinds = {kind for pair in PAIRS for kind in pair}
    pages = {kind: read(getattr(kites, kind).url) for kind in kinds}
    for near, far, link in links:
        basis = "Stated" if link.basis == "stated" else "Inferred, medium"
        for here, there in ((near, far), (far, near)):
            row = row_to(pages[here], getattr(kites, there).url, link.rationale)
            assert basis in row, f"{here} to {there}: {row}"


#: Any of the pairs, either way round, stated or not.
SOME_LINKS = st.lists(
    st.tuples(st.sampled_from(PAIRS), st.booleans(), st.booleans()),
    min_size=1,
    max_size=6,
    unique_by=lambda drawn: frozenset(drawn[0]),
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SOME_LINKS)
def test_whatever_is_linked_each_end_shows_the_other_and_nothing_else(
    kites: SimpleNamespace, client: Client, drawn: list[tuple[tuple[str, str], bool, bool]]
):
    reasons: dict[str, set[str]] = {}
    with transaction.atomic():
        for number, ((near, far), turned, stated) in enumerate(drawn):
            page, target = (far, near) if turned else (near, far)
            how = STATED if stated else INFERRED
            reason = f"Reason {number}."
            StrategyLink.objects.create(
                page=getattr(kites, page), target=getattr(kites, target), rationale=reason, **how
            )
            for end in (near, far):
                reasons.setdefault(end, set()).add(reason)
        shown = {
            name: set(re.findall(r"Reason \d\.", client.get(getattr(kites, name).url).text))
            for name in {end for pair in PAIRS for end in pair}
        }
        transaction.set_rollback(True)
    for name, found in shown.items():
        own = reasons.get(name, set())
        # A sector also shows what the propositions it leads are tied to, as theirs.
        assert own <= found, name
        if name not in ("sector", "sub_sector"):
            assert found == own, name


def test_a_draft_at_the_other_end_is_not_shown(kites: SimpleNamespace, read: Read):
    add_link(kites, "proposition", "deal", 1)
    kites.proposition.unpublish()
    main = read(kites.deal.url)
    assert not main.find_all("a", href=kites.proposition.url)
    assert "No linked proposition" in text_of(main)
    assert not any(links_of(kites.deal)[0].values())


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("deal", "No linked proposition"),
        ("challenge", "No linked proposition"),
        ("foundation", "No linked proposition"),
        ("project", "No linked proposition"),
        ("sub_sector", "No linked proposition"),
    ],
)
def test_a_page_without_propositions_says_so(kites: SimpleNamespace, read: Read, kind: str, words: str):
    assert words in text_of(read(getattr(kites, kind).url))


def test_a_sector_says_which_of_its_challenges_and_deals_no_proposition_takes_up(kites: SimpleNamespace, read: Read):
    add_link(kites, "sector", "challenge", 1)
    add_link(kites, "sector", "deal", 1)
    add_link(kites, "proposition", "deal", 0)
    main = read(kites.sector.url)
    assert "Not linked to a proposition for this sector" in row_to(main, kites.challenge.url, "Clean wind")
    taken_up = row_to(main, kites.deal.url, "String")
    assert "P1" in taken_up
    assert "Not linked to" not in taken_up


def test_a_sector_shows_what_only_its_propositions_are_linked_to(kites: SimpleNamespace, read: Read):
    add_link(kites, "proposition", "deal", 0)
    assert "Inferred P1" in row_to(read(kites.sector.url), kites.deal.url, "String")


def test_links_take_two_queries_and_come_in_the_order_of_the_tree(kites: SimpleNamespace):
    later = propose(kites, "P2", "Kite school")
    kites.later = later
    add_link(kites, "later", "deal", 1)
    add_link(kites, "deal", "proposition", 2)
    with CaptureQueriesContext(connection) as queries:
        found, _ = links_of(kites.deal)
        refs = [linked.page.ref for linked in found["propositions"]]
    assert refs == ["P1", "P2"]
    assert [linked.outward for linked in found["propositions"]] == [True, False]
    assert len(queries) == 2


def test_commitments_and_priority_areas_have_anchors(kites: SimpleNamespace, read: Read):
    Commitment.objects.create(page=kites.deal, ref="U3", title="Longer strings", counterpart="String makers")
    PriorityArea.objects.create(page=kites.challenge, ref="M1", title="Higher winds")
    commitment = read(kites.deal.url).find(id="U3").get_text(" ", strip=True)
    assert "Longer strings" in commitment
    assert "Promised by String makers" in commitment
    assert "Higher winds" in text_of(read(kites.challenge.url).find(id="M1"))


def test_what_is_not_held_is_said(kites: SimpleNamespace, read: Read):
    kites.deal.status_note = "Only the name is known."
    kites.deal.save()
    deal = read(kites.deal.url).get_text(" ", strip=True)
    assert "Commitments not held" in deal
    assert "Only the name is known." in deal
    kites.project.status = "named"
    kites.project.save()
    assert "Named only" in text_of(read(kites.project.url))


def test_an_organisation_and_its_pages_name_each_other(kites: SimpleNamespace, read: Read):
    maker = Organisation.objects.create(slug="maker", name="Exampleshire Kites", kind="company")
    pages = [kites.sector, kites.proposition, kites.project]
    notes = ["Flies them.", "Would lead.", "Owns the grass."]
    roles = [STATED | {"role": "key"}, INFERRED | {"role": "lead"}, STATED | {"role": "fund"}]
    for page, note, role in zip(pages, notes, roles, strict=True):
        OrganisationRole.objects.create(page=page, organisation=maker, note=note, **role)
    main = read(maker.get_absolute_url())
    assert "Stated" in row_to(main, kites.sector.url, "Works in it")
    assert "Inferred, medium" in row_to(main, kites.proposition.url, "Would lead.")
    assert "Funds" in row_to(main, kites.project.url, "Owns the grass.")
    for page in pages:
        assert read(page.url).find("a", href=maker.get_absolute_url())


@pytest.mark.parametrize(("kind", "near"), [("foundation", 0), ("challenge", 1), ("deal", 2)])
def test_lists_count_the_propositions_of_each(kites: SimpleNamespace, read: Read, kind: str, near: int):
    add_link(kites, "proposition", kind, near)
    kites.more = propose(kites, "P2", "Kite school")
    kites.draft = propose(kites, "P3", "Kite dreams", live=False)
    add_link(kites, kind, "more", 1)
    add_link(kites, "draft", kind, 1)
    row = read(kites.lists[kind].url).find("a", href=getattr(kites, kind).url).find_parent("li")
    refs = [link.contents[0] for link in row.select(".refs a")]
    assert refs == ["P1", "P2"]
    assert row.select(".refs a")[1]["class"] == ["stated"]
    assert "P3" not in text_of(row)


def test_a_foundation_shows_the_propositions_it_leads(kites: SimpleNamespace, read: Read):
    propose(kites, "P2", "Better tools", lead_theme=kites.foundation)
    propose(kites, "P3", "Secret tools", lead_theme=kites.foundation, live=False)
    page = read(kites.foundation.url)
    assert "Stated" in row_to(page, "/propositions/p2/", "Better tools")
    assert "No linked proposition" not in text_of(page)
    row = read(kites.lists["foundation"].url).find("a", href=kites.foundation.url).find_parent("li")
    assert [link.contents[0] for link in row.select(".refs a")] == ["P2"]


def test_lists_say_when_there_is_none(kites: SimpleNamespace, read: Read):
    for kind in ("foundation", "challenge", "deal"):
        row = read(kites.lists[kind].url).find("a", href=getattr(kites, kind).url).find_parent("li")
        assert "No linked proposition" in text_of(row)


@pytest.mark.parametrize(
    ("bases", "words"),
    [
        ("", ""),
        ("s", "A source states this link."),
        ("ss", "A source states each of these links."),
        ("i", "No source states this link. It is inferred"),
        ("iii", "No source states these links."),
        ("sis", "A source states 2 of these 3 links."),
    ],
)
def test_the_basis_of_many_links_in_words(bases: str, words: str):
    names = {"s": "stated", "i": "inferred"}
    links = [SimpleNamespace(link=SimpleNamespace(basis=names[basis])) for basis in bases]
    sentence = basis_in_words(links)
    assert sentence.startswith(words)
    assert bool(sentence) == bool(bases)


def test_a_sub_sector_reaches_challenges_and_deals_through_the_propositions_linked_to_it(
    kites: SimpleNamespace, read: Read
):
    for near, far in (("sub_sector", "deal"), ("sub_sector", "challenge"), ("proposition", "deal")):
        add_link(kites, near, far, 1)
    unlinked = read(kites.sub_sector.url).find(id="national").find_parent("section").get_text(" ", strip=True)
    assert unlinked.count("We hold no propositions for this sector") == 2
    add_link(kites, "proposition", "sub_sector", 1)
    rows = read(kites.sub_sector.url).find(id="national").find_parent("section").select("tbody tr")
    words = {text_of(row.a): row.get_text(" ", strip=True) for row in rows}
    assert words["String"].endswith("P1")
    assert "Not linked to a proposition for this sector" in words["Clean wind"]
