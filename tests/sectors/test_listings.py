"""The lists of propositions, projects and organisations, filtered by the query string."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import Tag
from django.http import QueryDict

from sectors.listings import project_listing, proposition_listing
from sectors.models import (
    GrandChallengePage,
    Organisation,
    OrganisationRole,
    ProjectPage,
    PropositionPage,
    StrategyLink,
)
from tests.html import text_of
from tests.sectors.conftest import propose
from tests.sectors.sample_strategy import add

pytestmark = pytest.mark.pg

Read = Callable[..., Tag]


@pytest.fixture
def hangar(kites: SimpleNamespace) -> SimpleNamespace:
    """Three propositions: one tied to a challenge as stated, one as inferred, one to nothing."""
    kites.second = propose(kites, "P2", "Kite school", stage="proposed")
    kites.third = propose(kites, "P3", "Kite prize")
    StrategyLink.objects.create(page=kites.proposition, target=kites.challenge, basis="stated")
    inferred = {"basis": "inferred", "confidence": "low", "rationale": "Kites need wind."}
    StrategyLink.objects.create(page=kites.challenge, target=kites.second, **inferred)
    StrategyLink.objects.create(page=kites.second, target=kites.deal, **inferred)
    kites.maker = Organisation.objects.create(slug="maker", name="Exampleshire Kites", kind="company")
    OrganisationRole.objects.create(
        page=kites.second, organisation=kites.maker, note="It might.", basis="inferred", confidence="low"
    )
    return kites


def filtered(query: str) -> dict:
    """The list of propositions for a query string."""
    return proposition_listing(PropositionPage.objects.all(), QueryDict(query))


def refs(query: str) -> list[str]:
    return [proposition.ref for proposition in filtered(query)["propositions"]]


def counts(query: str, facet: str) -> dict[str, int]:
    found = next(facet_ for facet_ in filtered(query)["listing"].facets if facet_.name == facet)
    return {option.value: option.count for option in found.options}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["P1", "P2", "P3"]),
        ("challenge=wind", ["P1", "P2"]),
        ("challenge=none", ["P3"]),
        ("challenge=wind&challenge=none", ["P1", "P2", "P3"]),
        ("challenge=wind&deal=string", ["P2"]),
        ("challenge=none&deal=string", []),
        ("deal=none", ["P1", "P3"]),
        ("partner=maker", ["P2"]),
        ("stage=proposed", ["P2"]),
        ("theme=kites", ["P1", "P2", "P3"]),
        ("utm_source=letter", ["P1", "P2", "P3"]),
        ("challenge=", ["P1", "P2", "P3"]),
    ],
)
def test_choices_within_a_group_widen_and_between_groups_narrow(hangar: SimpleNamespace, query: str, expected: list):
    assert refs(query) == expected
    assert filtered(query)["listing"].status == 200


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("basis=stated&challenge=wind", ["P1"]),
        ("basis=stated&challenge=none", ["P2", "P3"]),
        ("basis=stated&deal=string", []),
        ("basis=stated&partner=maker", []),
        ("basis=stated", ["P1", "P2", "P3"]),
    ],
)
def test_only_ties_that_a_source_states(hangar: SimpleNamespace, query: str, expected: list):
    context = filtered(query)
    assert [proposition.ref for proposition in context["propositions"]] == expected
    # What nothing is stated of can still be asked for: it isn't unknown.
    assert context["listing"].status == 200
    assert context["stated_only"]


def test_counts_are_what_each_choice_would_leave(hangar: SimpleNamespace):
    assert counts("", "challenge") == {"wind": 2, "none": 1}
    assert counts("deal=string", "challenge") == {"wind": 1, "none": 0}
    assert counts("challenge=wind", "challenge") == {"wind": 2, "none": 1}
    assert counts("basis=stated", "challenge") == {"wind": 1, "none": 2}
    for name in ("challenge", "deal", "stage", "partner", "theme"):
        for value, count in counts("", name).items():
            assert len(refs(f"{name}={value}")) == count, (name, value)


def test_a_choice_can_be_taken_away_by_itself(hangar: SimpleNamespace):
    chosen = filtered("challenge=wind&challenge=none&deal=string")["listing"].chosen
    left = {option.value: option.query_without for _, option in chosen}
    assert left == {
        "wind": "challenge=none&deal=string",
        "none": "challenge=wind&deal=string",
        "string": "challenge=wind&challenge=none",
    }


def offered(main: Any, name: str) -> list[str]:
    """The choices of a facet that the page shows."""
    return [box["value"] for box in main.find_all("input", {"name": name})]


def test_a_choice_that_changes_nothing_is_not_offered_but_may_be_asked_for(kites: SimpleNamespace, read: Read):
    # All of them have the same stage, and no other stage has any.
    assert offered(read("/propositions/"), "stage") == []
    stage = kites.proposition.stage
    assert offered(read(f"/propositions/?stage={stage}"), "stage") == [stage]


def test_a_choice_that_narrows_is_offered(hangar: SimpleNamespace, read: Read):
    main = read("/propositions/")
    assert offered(main, "challenge") == ["wind", "none"]
    assert "proposed" in offered(main, "stage")
    assert offered(main, "basis") == ["stated"]


def test_none_is_a_choice_only_where_it_leads_somewhere(kites: SimpleNamespace):
    StrategyLink.objects.create(page=kites.proposition, target=kites.challenge, basis="stated")
    assert counts("", "challenge") == {"wind": 1}


def test_what_is_not_public_is_no_choice(hangar: SimpleNamespace):
    draft = add(hangar.lists["challenge"], GrandChallengePage, "secret", code="secret", live=False)
    StrategyLink.objects.create(page=hangar.third, target=draft, basis="stated")
    hangar.maker.live = False
    hangar.maker.save()
    hangar.second.unpublish()
    assert "secret" not in counts("", "challenge")
    assert counts("", "partner") == {}
    assert refs("") == ["P1", "P3"]


def test_rows_carry_the_hue_of_their_sector_and_their_challenges(hangar: SimpleNamespace):
    first, second, third = filtered("")["propositions"]
    assert first.accent == "brass"
    assert first.challenges == [{"title": "Clean wind", "basis": "stated", "confidence": ""}]
    assert second.challenges == [{"title": "Clean wind", "basis": "inferred", "confidence": "low"}]
    assert third.challenges == []
    assert filtered("basis=stated")["propositions"][1].challenges == []


@pytest.mark.parametrize("query", ["challenge=nosuch", "nosuch=1&stage=nosuch", "basis=nosuch", "page=99", "page=x"])
def test_what_does_not_exist_is_said_with_the_whole_list(hangar: SimpleNamespace, read: Read, query: str):
    main = read(f"/propositions/?{query}", status=404)
    assert [row["id"] for row in main.select("ol.big > li")] == ["P1", "P2", "P3"]
    if "page" not in query:
        assert "“nosuch” is not among the choices" in text_of(main)


def test_nothing_found_helps(hangar: SimpleNamespace, read: Read):
    main = read("/propositions/?challenge=none&deal=string")
    assert "No items match all of these filters" in text_of(main)
    assert main.find("a", string="see all 3")["href"] == "/propositions/"
    assert not main.select("ol.big > li")


def test_the_page_shows_what_was_chosen_and_how_to_take_it_away(hangar: SimpleNamespace, read: Read):
    main = read("/propositions/?challenge=wind&deal=string&deal=")
    removals = [link["href"] for link in main.select(".links a") if "Remove" in text_of(link)]
    assert removals == ["/propositions/?deal=string", "/propositions/?challenge=wind", "/propositions/"]
    checked = [box["value"] for box in main.find_all("input", checked=True)]
    assert sorted(checked) == ["string", "wind"]


def test_a_stage_that_all_share_is_said_once(kites: SimpleNamespace, read: Read):
    propose(kites, "P2", "Kite school")
    assert read("/propositions/").select(".stage") == read("/propositions/").select(".alike .stage")
    propose(kites, "P3", "Kite prize", stage="agreed")
    main = read("/propositions/")
    assert not main.select(".alike")
    assert len(main.select("ol.big .stage")) == 3


def test_projects_by_sector_kind_and_status(kites: SimpleNamespace):
    StrategyLink.objects.create(page=kites.sector, target=kites.project, basis="stated")
    kites.other_project.status = "named"
    kites.other_project.save()

    def titles(query: str) -> list[str]:
        context = project_listing(ProjectPage.objects.all(), QueryDict(query))
        return [project.title for project in context["projects"]]

    assert titles("") == ["Kite park", "Kite shed"]
    assert titles("sector=kites") == ["Kite park"]
    assert titles("kind=facility") == ["Kite shed"]
    assert titles("status=named") == ["Kite shed"]
    assert titles("sector=kites&status=named") == []


def test_organisations_by_kind(hangar: SimpleNamespace, read: Read):
    Organisation.objects.create(slug="college", name="Exampleshire College", kind="university")
    Organisation.objects.create(slug="hidden", name="Hidden Body", kind="university", live=False)
    main = read("/organisations/?kind=university")
    assert [text_of(link) for link in main.select("ul.two a")] == ["Exampleshire College"]
    assert "Hidden Body" not in text_of(read("/organisations/"))
    assert read("/organisations/?kind=nosuch", status=404).find("a", href="/organisations/maker/")
