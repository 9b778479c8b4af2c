"""The line from evidence to proposition: shown at both ends, for and against alike, and missed where it is missing."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from bs4 import Tag
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from nelis.evidence.models import Finding, PageStatistic, Source, Statistic
from sectors.evidence_links import attach_led_to, evidence_chain, evidence_links_of
from sectors.gaps import find_gaps
from sectors.models import EvidenceLink, StrategyLink
from tests.html import text_of
from tests.sectors.conftest import propose

pytestmark = pytest.mark.pg

Read = Callable[..., Tag]
INFERRED = {"basis": "inferred", "confidence": "low", "rationale": "Wind carries both."}


@pytest.fixture
def workshop(kites: SimpleNamespace) -> SimpleNamespace:
    """The kites with a source and three findings about the sector."""
    kites.source = Source.objects.create(ref="X1", title="Kite review", kind="review", held=True)
    for ref, kind in (("C1", "constraint"), ("R1", "recommendation"), ("W1", "what_works")):
        statement = f"Statement of {ref}. It goes on."
        setattr(
            kites,
            ref,
            Finding.objects.create(ref=ref, kind=kind, statement=statement, subject=kites.sector, source=kites.source),
        )
    return kites


def add_link(kites: SimpleNamespace, ref: str, relation: str, **fields: str) -> EvidenceLink:
    return EvidenceLink.objects.create(
        page=kites.proposition, finding=getattr(kites, ref), relation=relation, **(INFERRED | fields)
    )


def gaps(key: str) -> list[str]:
    (group,) = [group for group in find_gaps() if group.key == key]
    return [gap.ref or gap.title for gap in group.gaps]


def row(main: Tag, ref: str) -> str:
    return " ".join(main.find("tr", id=ref).get_text(" ").split())


def test_a_line_shows_at_both_ends(workshop: SimpleNamespace, read: Read):
    add_link(workshop, "C1", "addresses")
    for path in (workshop.sector.url, "/evidence/findings/"):
        assert "Addressed by P1" in row(read(path), "C1")
        assert "No proposition responds" in row(read(path), "R1")
    main = read(workshop.proposition.url)
    assert main.find("a", string="Statement of C1")["href"] == "/sectors/kites/#C1"
    said = " ".join(main.find("details").get_text(" ").split())
    assert "Addresses, low" in said
    assert "Wind carries both." in said
    assert "Kite review" in said


def test_what_counts_against_is_as_plain_as_what_supports(workshop: SimpleNamespace, read: Read):
    add_link(workshop, "R1", "implements")
    add_link(workshop, "W1", "challenges")
    rows = read(workshop.proposition.url).select(".chain > div:first-child li")
    assert [text_of(row.a) for row in rows] == ["Statement of R1", "Statement of W1"]
    assert "Counts against it" in text_of(rows[1])
    assert rows[1].select_one(".mark.against .inferred")
    assert not rows[0].select_one(".against")
    assert "Counts against P1" in row(read(workshop.sector.url), "W1")


def test_without_a_line_both_ends_say_so(workshop: SimpleNamespace, read: Read):
    text = " ".join(read(workshop.proposition.url).select_one(".chain").get_text(" ").split())
    assert "No finding held" in text
    assert "Not yet published" in text


def test_only_what_is_published_shows(workshop: SimpleNamespace, read: Read):
    add_link(workshop, "C1", "addresses")
    Finding.objects.filter(ref="C1").update(live=False)
    assert "Statement of C1" not in text_of(read(workshop.proposition.url))
    Finding.objects.filter(ref="C1").update(live=True)
    workshop.proposition.unpublish()
    assert "No proposition responds" in row(read(workshop.sector.url), "C1")
    assert "C1" in gaps("unanswered-constraints")


def test_lines_cost_one_query_at_either_end(workshop: SimpleNamespace):
    for ref in ("C1", "R1", "W1"):
        add_link(workshop, ref, "addresses")
    assert workshop.sector.url  # Wagtail asks for the addresses of its sites once, and keeps them.
    with CaptureQueriesContext(connection) as queries:
        links = evidence_links_of(workshop.proposition)
        drawn = evidence_chain(workshop.proposition, links, [])
    assert [line["ref"] for line in drawn["left"]["lines"]] == ["C1", "R1", "W1"]
    assert len(queries) == 1
    findings = list(Finding.objects.all())
    with CaptureQueriesContext(connection) as queries:
        attach_led_to(findings)
        assert [finding.led_to[0].links[0].page.title for finding in findings] == ["Kite hub"] * 3
    assert len(queries) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rationale": ""}, "rationale"),
        ({"confidence": ""}, "confidence"),
        ({"basis": "stated"}, "confidence"),
    ],
)
def test_a_line_says_on_what_basis(workshop: SimpleNamespace, wrong: dict[str, str], field: str):
    values = INFERRED | wrong
    link = EvidenceLink(page=workshop.proposition, finding=workshop.C1, relation="addresses", **values)
    with pytest.raises(ValidationError) as caught:
        link.full_clean()
    assert field in caught.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        link.save()


def test_a_line_is_drawn_once(workshop: SimpleNamespace):
    add_link(workshop, "C1", "addresses")
    again = EvidenceLink(page=workshop.proposition, finding=workshop.C1, relation="addresses", **INFERRED)
    with pytest.raises(ValidationError, match="already"):
        again.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


class TestGaps:
    def test_a_constraint_and_a_recommendation_without_an_answer(self, workshop: SimpleNamespace):
        assert gaps("unanswered-constraints") == ["C1"]
        assert gaps("unanswered-recommendations") == ["R1"]
        add_link(workshop, "C1", "challenges")
        add_link(workshop, "R1", "context")
        # Neither speaking against a proposition nor standing beside it is an answer.
        assert gaps("unanswered-constraints") == ["C1"]
        assert gaps("unanswered-recommendations") == ["R1"]
        add_link(workshop, "C1", "addresses")
        add_link(workshop, "R1", "implements")
        assert gaps("unanswered-constraints") == []
        assert gaps("unanswered-recommendations") == []

    def test_parts_of_the_strategy_without_a_proposition(self, workshop: SimpleNamespace):
        assert gaps("foundations") == ["Tools"]
        assert gaps("challenges") == ["Clean wind"]
        assert gaps("deals") == ["String"]
        StrategyLink.objects.create(page=workshop.proposition, target=workshop.challenge, basis="stated")
        StrategyLink.objects.create(page=workshop.deal, target=workshop.proposition, basis="stated")
        propose(workshop, "P2", "Tool shed", lead_theme=workshop.foundation)
        assert gaps("foundations") == gaps("challenges") == gaps("deals") == []

    def test_propositions_by_what_they_rest_on(self, workshop: SimpleNamespace):
        assert gaps("no-evidence") == ["P1"]
        add_link(workshop, "W1", "challenges")
        assert gaps("no-evidence") == ["P1"]
        assert gaps("challenged") == ["P1"]
        add_link(workshop, "R1", "implements")
        assert gaps("no-evidence") == []
        assert gaps("inferred-only") == ["P1"]
        add_link(workshop, "C1", "addresses", basis="stated", confidence="")
        assert gaps("inferred-only") == []

    def test_figures(self, workshop: SimpleNamespace, read: Read):
        area, source = workshop.strategy.area, workshop.source
        common = {"geography": area, "source": source, "label": "kites"}
        missing = Statistic.objects.create(key="F1", status="missing", **common)
        PageStatistic.objects.create(page=workshop.sector, statistic=missing)
        for key, value in (("F2", 5), ("F3", 7)):
            Statistic.objects.create(key=key, status="disputed", fact_key="flown", value=value, **common)
        assert gaps("figures-not-held") == ["F1"]
        # One fact, however many figures rival each other for it.
        assert gaps("disputed") == ["F2"]
        main = read("/evidence/gaps/")
        assert main.find("h2", id="figures-not-held")
        assert "5 kites (X1: Kite review); 7 kites (X1: Kite review)" in " ".join(main.get_text(" ").split())
        assert main.find("a", href="/sectors/kites/")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["C1", "R1", "W1"]),
        ("kind=constraint", ["C1"]),
        ("led=to-something", ["C1"]),
        ("led=to-nothing", ["R1", "W1"]),
    ],
)
def test_the_list_of_findings(workshop: SimpleNamespace, read: Read, query: str, expected: list[str]):
    add_link(workshop, "C1", "addresses")
    main = read(f"/evidence/findings/?{query}")
    assert [row["id"] for row in main.select(".ft tr[id]")] == expected
    assert "not among the choices" in text_of(read("/evidence/findings/?kind=guess", status=404))
