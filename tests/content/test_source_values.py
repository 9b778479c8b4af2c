"""The content is what the sources hold: its counts, its figures, its gaps and its disputes."""

from decimal import Decimal

import pytest
from django.db.models import Count

from engagement.feedback.models import Question
from nelis.evidence.models import Finding, Source, Statistic
from nelis.home.models import EventPage, GovernanceBody, Membership, NewsPage, TimelineEvent
from nelis.progress.models import TargetPage
from sectors.models import (
    Basis,
    Commitment,
    Confidence,
    FoundationPage,
    GrandChallengePage,
    PriorityArea,
    PropositionPage,
    SectorDealPage,
    SectorPage,
    StrategyLink,
    SubSectorPage,
)

# Read-only, and told by the files: nothing here comes out differently on another database.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("loaded")]


@pytest.mark.parametrize(
    ("model", "count"),
    [
        (FoundationPage, 5),
        (GrandChallengePage, 4),
        (PriorityArea, 4),
        (SectorDealPage, 10),
        (TargetPage, 6),
        (SectorPage, 4),
        (SubSectorPage, 3),
        (PropositionPage, 11),
        (TimelineEvent, 36),
        (Finding, 37),
        (GovernanceBody, 9),
        (Membership, 5),
        (Question, 7),
        (NewsPage, 1),
    ],
)
def test_counts(model, count):
    assert model.objects.count() == count


def test_commitments_only_where_a_source_gives_them():
    counts = dict(SectorDealPage.objects.annotate(n=Count("commitments")).filter(n__gt=0).values_list("code", "n"))
    assert counts == {"aerospace": 3, "automotive": 6, "life-sciences": 2, "rail": 2}
    assert Commitment.objects.count() == 13


def test_findings_by_kind_and_sub_sector():
    kinds = dict(Finding.objects.values_list("kind").annotate(n=Count("pk")))
    assert kinds == {"context": 3, "strength": 17, "constraint": 7, "recommendation": 6, "what_works": 4}
    strengths = Finding.objects.filter(kind="strength")
    assert dict(strengths.values_list("subject__slug").annotate(n=Count("pk"))) == {
        "automotive": 8,
        "pharmaceuticals": 4,
        "chemicals": 5,
    }
    parts = {finding.ref: len(finding.parts) for finding in Finding.objects.filter(kind="what_works")}
    assert parts == {"W1": 3, "W2": 0, "W3": 0, "W4": 3}


def test_propositions_have_the_parts_that_the_source_names():
    counts = {page.ref: page.components.count() for page in PropositionPage.objects.all()}
    assert (counts["P1"], counts["P8"], counts["P10"]) == (2, 2, 4)
    assert [page.ref for page in PropositionPage.objects.order_by("path")] == [f"P{n}" for n in range(1, 12)]


def test_nothing_that_no_source_gives_is_claimed_of_a_proposition():
    for page in PropositionPage.objects.all():
        assert (page.cost_low, page.cost_high, page.start, page.end) == (None, None, "", ""), page.ref
        assert page.stage == "proposed"
        assert page.why_is_ours
        assert not page.asks.exists()


def test_governance():
    tiers = dict(GovernanceBody.objects.values_list("tier").annotate(n=Count("pk")))
    assert tiers == {"decision": 2, "advisory": 2, "external": 5}
    assert GovernanceBody.objects.get(slug="steering-group").confidence == Confidence.MEDIUM


def test_every_statistic_has_a_source_that_we_hold():
    assert not Statistic.objects.exclude(source__held=True).exists()


def test_missing_figures_are_empty():
    missing = Statistic.objects.filter(status="missing")
    assert sorted(missing.values_list("key", flat=True)) == ["F01", "F02", "F39", "F40", "F41"]
    for statistic in missing:
        assert (statistic.value, statistic.low, statistic.high, statistic.display_text) == (None, None, None, "")
        assert statistic.note


@pytest.mark.parametrize(
    ("key", "text", "source"),
    [
        ("F03", "11.3%", "S0"),
        ("F04", "510,000", "S0"),
        ("F05", "325,000", "S0"),
        ("F06", "1 in 3", "S0"),
        ("F07", "26%", "S0"),
        ("F08", "7,000", "S0"),
        ("F09", "over 5,000", "S1"),
        ("F10", "£500m", "S1"),
        ("F11", "by 2020", "S1"),
        ("F12", "50%", "S1"),
        ("F13", "over 240", "S1"),
        ("F14", "28", "S1"),
        ("F15", "46", "S1"),
        ("F16", "£1.6bn", "S1"),
        ("F17", "350", "S1"),
        ("F18", "over 12", "S1"),
        ("F19", "Europe’s largest", "S1"),
        ("F20", "20%", "S1"),
        ("F21", "by 2025", "S1"),
        ("F22", "£0.73–1.28bn", "S1"),
        ("F23", "4,300–5,300", "S1"),
        ("F24", "£450–790m", "S1"),
        ("F25", "over 300", "S1"),
        ("F26", "105", "S1"),
        ("F27", "9,000", "S1"),
        ("F28", "£1.1bn", "S1"),
        ("F29", "1st", "S1"),
        ("F30", "35%", "S1"),
        ("F31", "2009", "S1"),
        ("F32", "62,500", "S3"),
        ("F33", "100,000", "S1"),
        ("F34", "70%", "S1"),
        ("F35", "One of nine", "S3"),
        ("F36", "over 350", "S2"),
        ("F37", "3", "S2"),
        ("F38", "21", "S2"),
        ("F42", "6", "S4"),
        ("F43", "3", "S4"),
        ("F44", "to 2030", "S1"),
    ],
)
def test_figures_read_as_their_source_has_them(key, text, source):
    statistic = Statistic.objects.get(key=key)
    assert (statistic.figure.text, statistic.source.ref) == (text, source)


def test_the_disputed_jobs_are_the_only_dispute_and_keep_both_values():
    disputed = Statistic.objects.filter(status="disputed")
    assert {(s.key, s.fact_key, s.value) for s in disputed} == {
        ("F08", "iamp-jobs", Decimal(7000)),
        ("F09", "iamp-jobs", Decimal(5000)),
    }


def test_loose_wordings_of_place_have_no_official_code():
    for statistic in Statistic.objects.filter(key__in=["F04", "F05", "F06", "F07"]):
        assert statistic.geography.code == "as-worded-the-north"
    chemicals = Statistic.objects.filter(key__in=["F26", "F27", "F28"])
    assert {statistic.geography.code for statistic in chemicals} == {"as-worded-north-east"}


def test_every_publication_that_the_sources_speak_of_is_listed_as_far_as_it_has_come():
    status = dict(Source.objects.filter(read_in_part=False).values_list("ref", "status"))
    published = {"our-economy-2019", "strategic-economic-plan", "uk-industrial-strategy-2017", "board-papers"}
    assert {ref for ref, one in status.items() if one == "published"} == {"S0", "S1", "S2", "S3", "S4"} | published
    assert {ref for ref, one in status.items() if one == "commissioned"} == {"productivity-review", "sectors-review"}
    assert {ref for ref, one in status.items() if one == "planned"} == {"evidence-base"}
    # Of these no source says whether they were published.
    unknown = {"adt-audit", "science-and-innovation-audits", "made-smarter-review", "first-for-pharma", "ref-2014"}
    unknown |= {"hls-plan", "hls-strengths-download", "earlier-research"}
    assert {ref for ref, one in status.items() if not one} == unknown
    for source in Source.objects.all():
        source.full_clean()


def test_five_sources_are_held_whole_and_the_rest_say_why_not():
    whole = Source.objects.filter(held=True, read_in_part=False)
    assert set(whole.values_list("ref", flat=True)) == {"S0", "S1", "S2", "S3", "S4"}
    # Every page that was read in part can be looked up.
    assert not Source.objects.filter(read_in_part=True, url="").exists()
    assert not Source.objects.filter(held=False, not_held_note="").exists()


def test_targets():
    wanted = {page.ref: (page.target_kind, int(page.target_value)) for page in TargetPage.objects.all()}
    assert wanted == {
        "T1": ("level_gain", 100_000),
        "T2": ("share_of_change", 70),
        "T3": ("gap_reduction", 100),
        "T4": ("gap_reduction", 50),
        "T5": ("gap_reduction", 50),
        "T6": ("gap_reduction", 50),
    }
    assert {page.deadline_year for page in TargetPage.objects.all()} == {2024}
    assert not TargetPage.objects.filter(baseline_value__isnull=False).exists()
    assert [page.ref for page in TargetPage.objects.filter(latest__isnull=False)] == ["T1"]
    assert {page.comparator.code for page in TargetPage.objects.filter(target_kind="gap_reduction")} == {
        "X-ENG-NOT-LON"
    }


def test_the_five_links_that_the_slides_state():
    sector = SectorPage.objects.get(code="advanced-manufacturing")
    stated = StrategyLink.objects.filter(page=sector, basis=Basis.STATED)
    assert sorted(stated.values_list("target__slug", flat=True)) == [
        "aerospace",
        "automotive",
        "future-of-mobility",
        "life-sciences",
        "rail",
    ]


def test_no_proposition_states_a_foundation_challenge_or_deal():
    refs = PropositionPage.objects.values("pk")
    national = StrategyLink.objects.filter(page__in=refs).exclude(
        target__in=[
            *SubSectorPage.objects.values_list("pk", flat=True),
            *StrategyLink.objects.filter(target__projectpage__isnull=False).values_list("target", flat=True),
        ]
    )
    assert national.exists()
    assert set(national.values_list("basis", flat=True)) == {Basis.INFERRED}


@pytest.mark.parametrize(
    ("model", "counts"),
    [
        (FoundationPage, {"ideas": 6, "people": 1, "infrastructure": 5, "business-environment": 6, "places": 3}),
        (GrandChallengePage, {"ai-and-data": 4, "clean-growth": 4, "future-of-mobility": 4, "ageing-society": 1}),
        (
            SectorDealPage,
            {"aerospace": 2, "automotive": 8, "life-sciences": 3, "offshore-wind": 1, "rail": 2},
        ),
    ],
)
def test_how_many_propositions_touch_each(model, counts):
    links = StrategyLink.objects.filter(
        page__in=PropositionPage.objects.values("pk"), target__in=model.objects.values("pk")
    )
    assert dict(links.values_list("target__slug").annotate(n=Count("pk"))) == counts


def test_a_tie_is_recorded_at_one_end_only():
    ties = [frozenset(pair) for pair in StrategyLink.objects.values_list("page", "target")]
    assert len(ties) == len(set(ties))


def test_only_the_days_that_a_source_gives_are_days():
    exact = TimelineEvent.objects.filter(precision="day")
    assert [event.ref for event in exact] == ["N7", "D1", "D5", "D10", "D11", "D13", "D15", "D16"]
    assert not TimelineEvent.objects.exclude(precision="range").exclude(confidence="high").exists()
    assert [event.slug for event in EventPage.objects.filter(date_precision="day")] == ["engagement-summit"]


def test_names_and_references_are_in_their_order():
    refs = list(TimelineEvent.objects.values_list("ref", flat=True))
    assert refs[:6] == ["G1", "G2", "G3", "G4", "G5", "G6"]
    assert list(Question.objects.order_by("pk").values_list("ref", flat=True)) == [
        "EQ1",
        "EQ2",
        "PQ1",
        "PQ2",
        "PQ3",
        "PQ3a",
        "PQ3b",
    ]
