"""Gaps: where the way from evidence to proposition breaks off. Computed from what is published, never stored."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from wagtail.models import Page, get_page_models

from nelis.core.dates import partial_date
from nelis.core.models import BasePage
from nelis.core.query_utils import joined_row
from nelis.evidence.models import Finding, PageStatistic, Statistic
from sectors.models import Basis, EvidenceLink, PropositionPage, StrategyLink

#: Parts of the editor's form of a page.
EVIDENCE, DATES = "evidence", "dates"

#: Links that lead from a finding to an answer. One that counts against a proposition isn't an answer.
ANSWERS = (EvidenceLink.Relation.ADDRESSES, EvidenceLink.Relation.BUILDS_ON, EvidenceLink.Relation.IMPLEMENTS)


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: what it is called, where it is shown, and a sentence on it.

    ``instance`` is what an editor would change to close it, and ``tab`` the part of its form.
    """

    ref: str
    title: str
    url: str
    note: str = ""
    instance: Any = None
    tab: str = ""


@dataclass(slots=True)
class GapGroup:
    """Gaps of one kind, and what would close each of them.

    ``where`` tells editors in which form that is written, when it isn't that of ``instance``.
    """

    key: str
    title: str
    closes: str
    mark: str = "missing"
    gaps: list[Gap] = field(default_factory=list)
    where: str = ""


def find_gaps() -> list[GapGroup]:
    """Every gap by kind, empty groups included. Six queries, however much there is."""
    unanswered = _unanswered_findings()
    return [
        GapGroup(
            "unanswered-constraints",
            "Constraints that no proposition addresses",
            "A proposition that addresses it, or a published reason not to.",
            gaps=[_of_finding(finding) for finding in unanswered if finding.kind == Finding.Kind.CONSTRAINT],
            where="The line is drawn in the form of the proposition, under Evidence.",
        ),
        GapGroup(
            "unanswered-recommendations",
            "Recommendations that no proposition carries out",
            "A proposition that carries it out, or a published reason not to.",
            gaps=[_of_finding(finding) for finding in unanswered if finding.kind == Finding.Kind.RECOMMENDATION],
            where="The line is drawn in the form of the proposition, under Evidence.",
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
    answers = EvidenceLink.objects.filter(finding=OuterRef("pk"), relation__in=ANSWERS, page__live=True)
    return list(Finding.objects.filter(~Exists(answers), live=True).select_related("subject"))


def _of_finding(finding: Finding) -> Gap:
    return Gap(finding.ref, finding.statement, finding.url, instance=finding)


def _parts_without_proposition() -> Iterable[GapGroup]:
    kinds = {
        "foundationpage": ("foundations", "Foundations with no proposition"),
        "grandchallengepage": ("challenges", "Grand Challenges with no proposition"),
        "sectordealpage": ("deals", "Sector Deals that no proposition takes up"),
    }
    linked = StrategyLink.objects.filter(
        Q(page=OuterRef("pk"), target__propositionpage__isnull=False, target__live=True)
        | Q(target=OuterRef("pk"), page__propositionpage__isnull=False, page__live=True)
    )
    leads = PropositionPage.objects.filter(lead_theme=OuterRef("pk"), live=True)
    of_kinds = Q(foundationpage__isnull=False) | Q(grandchallengepage__isnull=False) | Q(sectordealpage__isnull=False)
    pages = list(
        Page.objects.filter(of_kinds, ~Exists(linked), ~Exists(leads), live=True)
        .select_related(*kinds)
        .defer(*(f"{table}__body" for table in kinds))
        .order_by("path")
    )
    for table, (key, title) in kinds.items():
        rows = [joined_row(page, [table])[1] for page in pages]
        yield GapGroup(
            key,
            title,
            "A proposition tied to it, with the reason.",
            gaps=[_of_page(page) for page in rows if page],
            where="The link is recorded in the form of the proposition, under Links.",
        )


def _of_page(page: Any, tab: str = "") -> Gap:
    return Gap(getattr(page, "ref", ""), page.title, page.url, page.summary, page, tab)


def _on_propositions() -> Iterable[GapGroup]:
    links = EvidenceLink.objects.filter(page=OuterRef("pk"), relation__in=ANSWERS, finding__live=True)
    pages = list(
        PropositionPage.objects.live()
        .annotate(has_link=Exists(links), has_stated=Exists(links.filter(basis=Basis.STATED)))
        .order_by("path")
    )
    yield GapGroup(
        "no-evidence",
        "Propositions with no finding behind them",
        "A finding that it answers, added to the evidence or linked to it.",
        gaps=[_of_page(page, EVIDENCE) for page in pages if not page.has_link],
    )
    yield GapGroup(
        "inferred-only",
        "Propositions that rest on our inference alone",
        "A source that says which evidence the proposition rests on.",
        "inferred",
        [_of_page(page, EVIDENCE) for page in pages if page.has_link and not page.has_stated],
    )


def _challenged() -> list[Gap]:
    links = EvidenceLink.objects.filter(relation=EvidenceLink.Relation.CHALLENGES, page__live=True, finding__live=True)
    return [
        _of_link(link, f"{link.finding.ref}: {link.finding.statement}")
        for link in links.select_related("page", "finding").order_by("page__path", "finding__ref")
    ]


def _of_link(link: EvidenceLink, note: str) -> Gap:
    return Gap(link.page.ref, link.page.title, link.page.url, note, link.page, EVIDENCE)


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
        gaps=[_of_figure(figure, figure.label) for figure in figures if figure.is_missing],
    )
    facts: dict[str, list[Statistic]] = {}
    for figure in figures:
        if figure.is_disputed:
            facts.setdefault(figure.fact_key, []).append(figure)
    yield GapGroup(
        "disputed",
        "Facts on which sources disagree",
        "A word from one of the sources on which figure holds.",
        "disputed",
        [
            _of_figure(rivals[0], "; ".join(f"{rival.figure.text} {rival.label} ({rival.source})" for rival in rivals))
            for rivals in facts.values()
        ],
    )


def _of_figure(figure: Statistic, title: str) -> Gap:
    """The gap of a figure, on the most particular live page that has it among its headline figures."""
    pages = [link.page for link in figure.page_links.all() if link.page.live]
    page = min(pages, key=lambda page: (-page.depth, page.path), default=None)
    return Gap(figure.key, title, page.url if page else "", figure.note, figure)


def find_editor_gaps(today: date) -> list[GapGroup]:
    """The gaps for editors alone: inferred links nobody has checked, pages due to be read again.

    Three queries, however much there is.
    """
    links = EvidenceLink.objects.filter(basis=Basis.INFERRED, reviewed_on=None, page__live=True, finding__live=True)
    return [
        GapGroup(
            "unchecked",
            "Inferred lines that nobody has checked",
            "Somebody who knows the evidence ticks that they have checked the line, and the page is published.",
            "inferred",
            [
                _of_link(link, f"{link.get_relation_display()}: {link.finding.ref}. {link.rationale}")
                for link in links.select_related("page", "finding").order_by("page__path", "finding__ref", "relation")
            ],
        ),
        GapGroup(
            "overdue",
            "Pages due to be read again",
            "Somebody reads the page, puts right what has moved on, and sets the next date.",
            gaps=[_overdue(page, due) for page, due in _due_before(today)],
        ),
    ]


def _due_before(today: date) -> list[tuple[Page, date]]:
    """Live pages whose day has come, the longest overdue first. A historical record isn't read again."""
    kinds = [model for model in get_page_models() if issubclass(model, BasePage)]
    due = [
        model.objects.filter(live=True, is_historic=False, review_due__lte=today)
        .order_by()
        .values_list("pk", "review_due")
        for model in kinds
    ]
    # Each type keeps the date in a table of its own.
    days = dict(due[0].union(*due[1:], all=True))
    pages = Page.objects.filter(pk__in=days)
    return sorted(((page, days[page.pk]) for page in pages), key=lambda pair: (pair[1], pair[0].path))


def _overdue(page: Page, due: date) -> Gap:
    return Gap("", page.title, page.url or "", f"Due on {partial_date(due)}.", page, DATES)
