"""The lines and gaps of the loaded content, counted again straight from the content files."""

import pytest
import yaml
from django.conf import settings

from sectors.gaps import find_gaps
from sectors.models import EvidenceLink, PropositionPage

pytestmark = pytest.mark.usefixtures("loaded")

ANSWERS = {"addresses", "builds_on", "implements"}


def read(file):
    return yaml.safe_load((settings.BASE_DIR / file).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def propositions():
    return read("sectors/content/propositions.yaml")


@pytest.fixture(scope="module")
def findings():
    return {entry["ref"]: entry for entry in read("nelis/evidence/content/findings.yaml")}


@pytest.fixture
def gaps():
    return {group.key: [gap.ref or gap.title for gap in group.gaps] for group in find_gaps()}


def test_every_line_in_the_files_is_on_the_site(propositions):
    lines = [(entry["ref"], line) for entry in propositions for line in entry["evidence"]]
    expected = {(ref, line["finding"], line["relation"], line["confidence"]) for ref, line in lines}
    assert len(expected) == len(lines)
    found = set(EvidenceLink.objects.values_list("page__ref", "finding__ref", "relation", "confidence"))
    assert found == expected


@pytest.mark.parametrize(
    ("key", "kind", "named"),
    [("unanswered-constraints", "constraint", {"C3", "C5"}), ("unanswered-recommendations", "recommendation", set())],
)
def test_findings_without_an_answer(propositions, findings, gaps, key, kind, named):
    answered = {line["finding"] for entry in propositions for line in entry["evidence"] if line["relation"] in ANSWERS}
    assert set(gaps[key]) == {ref for ref, entry in findings.items() if entry["kind"] == kind} - answered
    assert set(gaps[key]) == named


def test_what_works_counts_against_three(propositions, gaps):
    against = [e["ref"] for e in propositions for line in e["evidence"] if line["relation"] == "challenges"]
    assert gaps["challenged"] == against == ["P4", "P7", "P8"]
    assert set(EvidenceLink.objects.filter(relation="challenges").values_list("finding__ref", flat=True)) == {"W2"}


@pytest.mark.parametrize(
    ("key", "kind", "file"),
    [
        ("deals", "sector-deal", "sector_deals"),
        ("challenges", "grand-challenge", "grand_challenges"),
        ("foundations", "foundation", "foundations"),
    ],
)
def test_parts_without_a_proposition(propositions, gaps, key, kind, file):
    tied = {link["to"] for entry in propositions for link in entry["links"]}
    titles = {f"{kind}:{entry['code']}": entry["title"] for entry in read(f"sectors/content/{file}.yaml")}
    assert set(gaps[key]) == {title for ref, title in titles.items() if ref not in tied}


def test_the_five_deals_that_no_proposition_takes_up(gaps):
    assert gaps["deals"] == ["Artificial Intelligence", "Construction", "Creative industries", "Nuclear", "Tourism"]


def test_propositions_and_figures(propositions, gaps):
    # No source says which evidence a proposition rests on.
    assert gaps["inferred-only"] == [entry["ref"] for entry in propositions]
    assert gaps["no-evidence"] == []
    statistics = read("nelis/evidence/content/statistics.yaml")
    assert gaps["figures-not-held"] == [one["key"] for one in statistics if one.get("status") == "missing"]
    facts = {one["fact_key"] for one in statistics if one.get("status") == "disputed"}
    assert len(gaps["disputed"]) == len(facts) == 1


def test_every_line_shows_at_both_ends(client):
    """On the page of the proposition, and on the list of findings."""
    listed = client.get("/evidence/findings/").text
    for page in PropositionPage.objects.live():
        shown = client.get(page.url).text
        assert f'href="{page.url}"' in listed
        for link in page.evidence_links.select_related("finding__subject"):
            assert f'href="{link.finding.url}"' in shown, link
            assert f'id="{link.finding.ref}"' in listed, link


@pytest.mark.parametrize(
    ("column", "prefix"), [("challenge", "grand-challenge"), ("deal", "sector-deal"), ("foundation", "foundation")]
)
@pytest.mark.parametrize("basis", ["", "stated"])
def test_the_explorer_counts_what_the_files_say(client, propositions, column, prefix, basis):
    table = client.get(f"/explore/?rows=proposition&columns={column}&basis={basis}&format=json").json()
    wanted = {"stated"} if basis else {"stated", "inferred"}
    expected = {
        entry["slug"]: sum(link["to"].startswith(f"{prefix}:") and link["basis"] in wanted for link in entry["links"])
        for entry in propositions
    }
    found = {line["value"]: sum(cell["count"] for cell in line["cells"].values()) for line in table["lines"]}
    assert found == expected
