"""Where the line from evidence to proposition breaks off: computed from what is published, never kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from wagtail.models import Page

from nelis.core.joins import joined
from nelis.evidence.models import Finding, PageStatistic, Statistic
from sectors.models.links import Basis, StrategyLink
from sectors.models.propositions import PropositionPage
from sectors.models.trace import TraceLink

__all__ = ["Gap", "GapGroup", "find_gaps"]

#: Lines that lead from a finding to an answer. One that counts against a proposition isn't an answer.
ANSWERS = (TraceLink.Relation.ADDRESSES, TraceLink.Relation.BUILDS_ON, TraceLink.Relation.IMPLEMENTS)


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is wanting: what it is called, where it stands, and a sentence on it."""

    ref: str
    title: str
    url: str
    note: str = ""


@dataclass(slots=True)
class GapGroup:
    """Gaps of one sort, and what would close each of them."""

    key: str
    title: str
    closes: str
    mark: str = "missing"
    gaps: list[Gap] = field(default_factory=list)


def find_gaps() -> list[GapGroup]:
    """Every gap, by sort, those without any included. Six queries, however much there is."""
    unanswered = _unanswered_findings()
    return [
        GapGroup(
            "unanswered-constraints",
            "Constraints that no proposition addresses",
            "A proposition that addresses it, or a published reason not to.",
            gaps=[_of_finding(finding) for finding in unanswered if finding.kind == Finding.Kind.CONSTRAINT],
        ),
        GapGroup(
            "unanswered-recommendations",
            "Recommendations that no proposition carries out",
            "A proposition that carries it out, or a published reason not to.",
            gaps=[_of_finding(finding) for finding in unanswered if finding.kind == Finding.Kind.RECOMMENDATION],
        ),
        *_parts_without_proposition(),
        *_on_propositions(),
        GapGroup(
            "challenged",
            "Propositions that evidence counts against",
            "A change to the proposition, or an answer to the finding, published with it.",
            "against",
            _challenged(),
        ),
        *_of_figures(),
    ]


def _unanswered_findings() -> list[Finding]:
    answers = TraceLink.objects.filter(finding=OuterRef("pk"), relation__in=ANSWERS, page__live=True)
    return list(Finding.objects.filter(~Exists(answers), live=True).select_related("subject"))


def _of_finding(finding: Finding) -> Gap:
    return Gap(finding.ref, finding.statement, finding.url)


def _parts_without_proposition() -> Iterable[GapGroup]:
    sorts = {
        "foundationpage": ("foundations", "Foundations with no proposition"),
        "grandchallengepage": ("challenges", "Grand Challenges with no proposition"),
        "sectordealpage": ("deals", "Sector Deals that no proposition takes up"),
    }
    tied = StrategyLink.objects.filter(
        Q(page=OuterRef("pk"), target__propositionpage__isnull=False, target__live=True)
        | Q(target=OuterRef("pk"), page__propositionpage__isnull=False, page__live=True)
    )
    leads = PropositionPage.objects.filter(lead_theme=OuterRef("pk"), live=True)
    of_sorts = Q(foundationpage__isnull=False) | Q(grandchallengepage__isnull=False) | Q(sectordealpage__isnull=False)
    pages = list(
        Page.objects.filter(of_sorts, ~Exists(tied), ~Exists(leads), live=True)
        .select_related(*sorts)
        .defer(*(f"{sort}__body" for sort in sorts))
        .order_by("path")
    )
    for sort, (key, title) in sorts.items():
        found = [joined(page, [sort])[1] for page in pages]
        yield GapGroup(
            key, title, "A proposition tied to it, with the reason.", gaps=[_of_page(page) for page in found if page]
        )


def _of_page(page: Any) -> Gap:
    return Gap(getattr(page, "ref", ""), page.title, page.url, page.summary)


def _on_propositions() -> Iterable[GapGroup]:
    lines = TraceLink.objects.filter(page=OuterRef("pk"), relation__in=ANSWERS, finding__live=True)
    pages = list(
        PropositionPage.objects.live()
        .annotate(has_line=Exists(lines), has_stated=Exists(lines.filter(basis=Basis.STATED)))
        .order_by("path")
    )
    yield GapGroup(
        "no-evidence",
        "Propositions with no finding behind them",
        "A finding that it answers, added to the evidence or linked to it.",
        gaps=[_of_page(page) for page in pages if not page.has_line],
    )
    yield GapGroup(
        "inferred-only",
        "Propositions that rest on our inference alone",
        "A source that says which evidence the proposition rests on.",
        "inferred",
        [_of_page(page) for page in pages if page.has_line and not page.has_stated],
    )


def _challenged() -> list[Gap]:
    links = TraceLink.objects.filter(relation=TraceLink.Relation.CHALLENGES, page__live=True, finding__live=True)
    return [
        Gap(link.page.ref, link.page.title, link.page.url, f"{link.finding.ref}: {link.finding.statement}")
        for link in links.select_related("page", "finding").order_by("page__path", "finding__ref")
    ]


def _of_figures() -> Iterable[GapGroup]:
    links = PageStatistic.objects.select_related("page")
    figures = list(
        Statistic.objects.filter(live=True, status__in=(Statistic.Status.MISSING, Statistic.Status.DISPUTED))
        .select_related("source")
        .prefetch_related(Prefetch("page_links", links))
    )
    yield GapGroup(
        "figures-not-held",
        "Figures not held",
        "The figure, with its source and period.",
        gaps=[_of_figure(one, one.label) for one in figures if one.is_missing],
    )
    facts: dict[str, list[Statistic]] = {}
    for one in figures:
        if one.is_disputed:
            facts.setdefault(one.fact_key, []).append(one)
    yield GapGroup(
        "disputed",
        "Facts on which sources disagree",
        "A word from one of the sources on which figure holds.",
        "disputed",
        [
            _of_figure(rivals[0], "; ".join(f"{one.figure.text} {one.label} ({one.source})" for one in rivals))
            for rivals in facts.values()
        ],
    )


def _of_figure(figure: Statistic, title: str) -> Gap:
    """The gap of a figure, on the most particular live page that has it among its headline figures."""
    pages = [link.page for link in figure.page_links.all() if link.page.live]
    page = min(pages, key=lambda page: (-page.depth, page.path), default=None)
    return Gap(figure.key, title, page.url if page else "", figure.note)
