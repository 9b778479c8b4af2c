"""Everything the book holds, asked for at once: the number of queries is the same however much there is."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from wagtail.documents import get_document_model
from wagtail.models import Page

from nelis.core.models import ContentVersion, GlossaryTerm
from nelis.core.query_utils import joined_row
from nelis.core.search.urls import public_pages
from nelis.evidence.models import EvidenceIndexPage, Finding, PageSource, Source, Statistic
from nelis.evidence.page_sources import FigureOrRivals, flatten, not_in_text, page_statistics
from nelis.home.book.text import TextBlock, stored_links, text_blocks
from nelis.home.models.governance import GovernanceBody, GovernancePage, Membership
from nelis.home.models.next_steps import NextStepsPage
from nelis.home.models.reference import GlossaryPage
from nelis.home.models.standard import FrameworkPage, StandardPage
from nelis.home.models.timeline import TimelineEvent, TimelinePage
from nelis.progress.models import TargetIndexPage, TargetPage
from nelis.progress.record import load_records
from nelis.progress.wording import verdict
from sectors.evidence_links import attach_led_to
from sectors.gaps import GapGroup, find_gaps
from sectors.links import LinkedPage
from sectors.models import (
    EvidenceLink,
    FoundationIndexPage,
    FoundationPage,
    GapsPage,
    GrandChallengeIndexPage,
    GrandChallengePage,
    OrganisationRole,
    ProjectIndexPage,
    ProjectPage,
    PropositionIndexPage,
    PropositionPage,
    SectorDealIndexPage,
    SectorDealPage,
    SectorIndexPage,
    SectorPage,
    StrategyLink,
    SubSectorPage,
)

__all__ = ["BookData", "PageEntry", "load_book_data"]

#: The pages that carry the text between the parts of the strategy.
TEXT_PAGES: tuple[type[Page], ...] = (
    FrameworkPage,
    StandardPage,
    GovernancePage,
    TimelinePage,
    NextStepsPage,
    FoundationIndexPage,
    GrandChallengeIndexPage,
    SectorDealIndexPage,
    SectorIndexPage,
    PropositionIndexPage,
    ProjectIndexPage,
    TargetIndexPage,
    EvidenceIndexPage,
    GapsPage,
    GlossaryPage,
)
#: The parts of the strategy, each with what is fetched with it.
STRATEGY_PAGES: dict[type[Page], tuple[str, ...]] = {
    FoundationPage: (),
    GrandChallengePage: (),
    SectorDealPage: (),
    SectorPage: ("contact__organisation",),
    SubSectorPage: (),
    PropositionPage: (),
    ProjectPage: ("place",),
    TargetPage: TargetPage.page_select_related,
}
#: The rows of their own that pages have, asked for once for all pages of a type.
CHILD_ROWS: dict[type[Page], tuple[str, ...]] = {
    FrameworkPage: ("vision_points",),
    NextStepsPage: ("steps__known_source", "steps__other_known_source"),
    GrandChallengePage: ("priority_areas",),
    SectorDealPage: ("commitments",),
    PropositionPage: ("components", "asks", "outcomes", "other_names"),
}
MEMBERSHIPS = Prefetch("memberships", Membership.objects.select_related("organisation"))


@dataclass(slots=True)
class PageEntry:
    """One page as the book prints it. ``sources`` are those of the page and of every figure on it, each once."""

    page: Any
    text: list[TextBlock] = field(default_factory=list)
    figures: list[FigureOrRivals] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    links: list[LinkedPage] = field(default_factory=list)
    roles: list[OrganisationRole] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    evidence: list[EvidenceLink] = field(default_factory=list)


@dataclass(slots=True)
class BookData:
    """What there is to print. ``entries`` are by page type, in the order of the tree."""

    entries: dict[type[Page], list[PageEntry]]
    statistics: list[Statistic]
    sources: list[Source]
    findings: list[Finding]
    bodies: list[GovernanceBody]
    events: list[TimelineEvent]
    terms: list[GlossaryTerm]
    gaps: list[GapGroup]
    number: int
    changed: datetime | None


def load_book_data() -> BookData:
    """All that is public of the strategy. A fixed number of queries."""
    public = public_pages()
    entries = {model: [PageEntry(page) for page in pages] for model, pages in _pages(public).items()}
    by_key = {entry.page.pk: entry for of_type in entries.values() for entry in of_type}
    for model, names in CHILD_ROWS.items():
        prefetch_related_objects([entry.page for entry in entries[model]], *names)
    sources = {source.pk: source for source in Source.objects.all()}
    statistics = _statistics(sources)
    findings = _findings(by_key, sources)
    _set_text(entries, statistics, public)
    _set_figures_and_sources(by_key, statistics, sources)
    _set_ties(by_key)
    for page in (entry.page for entry in entries[PropositionPage]):
        theme = by_key.get(page.lead_theme_id)
        page.lead_theme = theme.page if theme else None
        page.results = [(outcome.text, statistics.get(outcome.statistic_id)) for outcome in page.outcomes.all()]
    for target in load_records(entry.page for entry in entries[TargetPage]):
        page, latest = target.target, target.latest
        page.status, page.verdict_text = target.progress.status, verdict(target)
        page.latest_source = sources.get(latest.source.pk) if latest and latest.source else None
    live = [source for source in sources.values() if source.live]
    for number, source in enumerate(live, 1):
        # The notes are numbered in the order of the list at the end.
        source.number = number
    gathered = BookData(
        entries=entries,
        statistics=list(statistics.values()),
        sources=live,
        findings=findings,
        bodies=list(GovernanceBody.objects.prefetch_related(MEMBERSHIPS)),
        events=list(TimelineEvent.objects.filter(live=True)),
        terms=sorted(GlossaryTerm.objects.filter(live=True), key=lambda term: term.term.casefold()),
        gaps=find_gaps(),
        number=ContentVersion.current(),
        changed=None,
    )
    things: list[Any] = [*gathered.bodies, *gathered.events]
    for thing in things:
        thing.shown_source = sources.get(thing.source_id)
    gathered.changed = max(_published(gathered, by_key), default=None)
    return gathered


def _pages(public: Any) -> dict[type[Page], list[Any]]:
    """The pages of the book with their own fields, by type, in the order of the tree. One query."""
    models = (*TEXT_PAGES, *STRATEGY_PAGES)
    tables = {model._meta.model_name or "": model for model in models}
    also = [f"{model._meta.model_name}__{relation}" for model, names in STRATEGY_PAGES.items() for relation in names]
    found: dict[type[Page], list[Any]] = {model: [] for model in models}
    for page in public.type(*models).select_related(*tables, *also).order_by("path"):
        table, own = joined_row(page, tables)
        if table:
            found[tables[table]].append(own)
    return found


def _statistics(sources: dict[Any, Source]) -> dict[int, Statistic]:
    """Every published figure, its rivals with it. Two queries at most."""
    statistics = list(Statistic.objects.filter(live=True).select_related("geography"))
    Statistic.attach_rivals(statistics, among=statistics)
    for statistic in statistics:
        # One object for each source, which knows its number.
        statistic.source = sources[statistic.source_id]
    return {statistic.pk: statistic for statistic in statistics}


def _findings(by_key: dict[Any, PageEntry], sources: dict[Any, Source]) -> list[Finding]:
    """The findings about the pages of the book, each with what it led to, also set on those pages. Two queries."""
    findings = [finding for finding in Finding.objects.filter(live=True) if finding.subject_id in by_key]
    attach_led_to(findings)
    for finding in findings:
        finding.subject = by_key[finding.subject_id].page
        finding.source = sources.get(finding.source_id)
        by_key[finding.subject_id].findings.append(finding)
        for link in (link for group in finding.led_to for link in group.links):
            link.finding = finding
            if link.page_id in by_key:
                by_key[link.page_id].evidence.append(link)
    for entry in by_key.values():
        entry.evidence.sort(key=lambda link: (link.sort_order or 0, link.pk))
    return findings


def _set_text(entries: dict[type[Page], list[PageEntry]], statistics: dict[int, Statistic], public: Any) -> None:
    """The body text of every page. Two queries at most, for what its blocks link to."""
    bodies = [(entry, entry.page.body) for of_type in entries.values() for entry in of_type]
    page_keys, document_keys = stored_links(body for _, body in bodies)
    pages = public.in_bulk(page_keys)
    documents = get_document_model().objects.in_bulk(document_keys)
    for entry, body in bodies:
        entry.text = text_blocks(body, statistics, pages, documents)


def _set_figures_and_sources(
    by_key: dict[int, PageEntry], statistics: dict[int, Statistic], sources: dict[int, Source]
) -> None:
    """Headline figures of every page, those its text sets already left out; and its sources. Two queries."""
    pages = [entry.page for entry in by_key.values()]
    headline = page_statistics(pages)
    of_page: dict[int, dict[Any, Any]] = defaultdict(dict)
    for link in PageSource.objects.filter(page__in=by_key).order_by("sort_order", "pk"):
        of_page[link.page_id][link.source_id] = sources[link.source_id]
    for key, entry in by_key.items():
        in_text = [piece.value for piece in entry.text if piece.kind == "statistic"]
        entry.figures = not_in_text(headline[key], in_text)
        for statistic in flatten([*entry.figures, *in_text]):
            of_page[key].setdefault(statistic.source_id, statistic.source)
        entry.sources = [source for source in of_page[key].values() if source.live]


def _set_ties(by_key: dict[int, PageEntry]) -> None:
    """Ties of every page to the others, seen from both ends, and the roles of organisations. Two queries."""
    links = StrategyLink.objects.filter(page__in=by_key, target__in=by_key).order_by("sort_order", "pk")
    for link in links:
        near, far = by_key[link.page_id], by_key[link.target_id]
        near.links.append(LinkedPage(far.page, link, outward=True))
        far.links.append(LinkedPage(near.page, link, outward=False))
    for entry in by_key.values():
        entry.links.sort(key=lambda tie: tie.page.path)
    roles = OrganisationRole.objects.filter(page__in=by_key, organisation__live=True)
    for role in roles.select_related("organisation").order_by("sort_order", "pk"):
        by_key[role.page_id].roles.append(role)


def _published(gathered: BookData, by_key: dict[int, PageEntry]) -> Iterator[datetime]:
    """When each thing in the book was last published."""
    things: list[Any] = [entry.page for entry in by_key.values()]
    things += gathered.statistics + gathered.sources + gathered.findings + gathered.events + gathered.terms
    return (thing.last_published_at for thing in things if thing.last_published_at)
