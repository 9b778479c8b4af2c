"""The order of the book: its chapters, what stands in each, and the place of everything in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.utils.text import slugify
from wagtail.models import Page

from nelis.evidence.models import EvidenceIndexPage
from nelis.home.book.queries import BookData, PageEntry
from nelis.home.models.governance import GovernanceBody, GovernancePage
from nelis.home.models.next_steps import NextStepsPage
from nelis.home.models.reference import GlossaryPage
from nelis.home.models.standard import FrameworkPage, StandardPage
from nelis.home.models.timeline import TimelinePage
from nelis.home.timeline_axis import sort_events
from nelis.progress.context import target_facts
from nelis.progress.models import TargetIndexPage, TargetPage
from sectors.models import (
    FoundationIndexPage,
    FoundationPage,
    GapsPage,
    GrandChallengeIndexPage,
    GrandChallengePage,
    ProjectIndexPage,
    ProjectPage,
    PropositionIndexPage,
    PropositionPage,
    SectorDealIndexPage,
    SectorDealPage,
    SectorIndexPage,
    SectorPage,
    SubSectorPage,
)
from sectors.summaries import proposition_facts

__all__ = ["Chapter", "Item", "anchors_by_url", "build_chapters"]

#: The id of an entry begins with the word for its type and goes on with the name of a field of its own.
ENTRY_IDS: dict[type[Page], tuple[str, str]] = {
    FoundationPage: ("foundation", "code"),
    GrandChallengePage: ("challenge", "code"),
    SectorDealPage: ("deal", "code"),
    SectorPage: ("sector", "code"),
    SubSectorPage: ("sub-sector", "code"),
    PropositionPage: ("proposition", "ref"),
    ProjectPage: ("project", "slug"),
    TargetPage: ("target", "ref"),
    StandardPage: ("text", "pk"),
}
#: Lists of the site, and where the book has what they list. Chapters and parts of chapters.
INDEX_ANCHORS: dict[type[Page], str] = {
    FrameworkPage: "uk-strategy",
    FoundationIndexPage: "foundations",
    GrandChallengeIndexPage: "challenges",
    SectorDealIndexPage: "deals",
    SectorIndexPage: "sectors",
    PropositionIndexPage: "propositions",
    ProjectIndexPage: "projects",
    TargetIndexPage: "targets",
    TimelinePage: "timeline",
    GovernancePage: "governance",
    NextStepsPage: "next-steps",
    GapsPage: "gaps",
    GlossaryPage: "glossary",
    EvidenceIndexPage: "sources",
}
#: The pages that show which section of text is the region's strategy.
LOCAL_STRATEGY_PAGES = (GovernancePage, TimelinePage, NextStepsPage)


@dataclass(slots=True)
class Item:
    """One entry in its place: ``id`` to link to, ``facts`` in its head, ``below`` what stands under it."""

    entry: PageEntry
    id: str
    facts: list[dict[str, Any]] = field(default_factory=list)
    below: list["Item"] = field(default_factory=list)

    @property
    def page(self) -> Any:
        """The page it is about."""
        return self.entry.page


@dataclass(slots=True)
class Chapter:
    """A chapter: the template that sets it, an opening entry if a page of the site is one, and what it holds.

    ``items`` are in the contents list, below the chapter. ``parts`` are groups of items under a heading of their
    own. ``matter`` is whatever else the template needs.
    """

    id: str
    title: str
    template: str
    opening: PageEntry | None = None
    items: list[Item] = field(default_factory=list)
    parts: list["Chapter"] = field(default_factory=list)
    matter: Any = None

    @property
    def template_name(self) -> str:
        """The template's full name."""
        return f"book/{self.template}.html"


def build_chapters(data: BookData) -> list[Chapter]:
    """All chapters that have anything in them, in order. No query."""
    chapters = [
        _strategy(data),
        _local(data),
        _chapter(data, SectorIndexPage, "Sectors", "sectors", _sectors(data)),
        _chapter(data, PropositionIndexPage, "Propositions", "propositions", _items(data, PropositionPage)),
        _chapter(data, ProjectIndexPage, "Projects", "projects", _items(data, ProjectPage)),
        _chapter(data, TargetIndexPage, "Targets", "targets", _items(data, TargetPage)),
        _chapter(data, TimelinePage, "Timeline", "timeline", matter=sort_events(data.events)),
        _chapter(data, GovernancePage, "Who decides", "governance", matter=_tiers(data)),
        _chapter(data, NextStepsPage, "Next steps", "next_steps"),
        _chapter(data, GapsPage, "Gaps", "gaps", matter=data.gaps),
        Chapter("figures", "All figures", "figures", matter=_facts_of_figures(data)),
        _chapter(data, GlossaryPage, "Glossary", "glossary", matter=data.terms),
        Chapter("sources", "Sources", "sources", _opening(data, EvidenceIndexPage), matter=data.sources),
    ]
    return [chapter for chapter in chapters if chapter.opening or chapter.items or chapter.parts or chapter.matter]


def _opening(data: BookData, model: type[Page]) -> PageEntry | None:
    return next(iter(data.entries[model]), None)


def _chapter(
    data: BookData, model: type[Page], title: str, template: str, items: Iterable[Item] = (), matter: Any = None
) -> Chapter:
    opening = _opening(data, model)
    return Chapter(
        INDEX_ANCHORS[model], opening.page.title if opening else title, template, opening, list(items), [], matter
    )


def _items(data: BookData, model: type[Page]) -> list[Item]:
    return [_item(entry) for entry in data.entries[model]]


def _item(entry: PageEntry) -> Item:
    page = entry.page
    word, name = ENTRY_IDS[type(page)]
    facts: list[dict[str, Any]] = []
    if isinstance(page, PropositionPage):
        names = [other.name for other in page.other_names.all()]
        facts = proposition_facts(page, {"lead_theme": page.lead_theme, "roles": entry.roles, "other_names": names})
    elif isinstance(page, TargetPage):
        facts = target_facts(page)
    return Item(entry, f"{word}-{slugify(str(getattr(page, name)))}", facts)


def _strategy(data: BookData) -> Chapter:
    """The national strategy with its foundations, challenges and deals as parts."""
    chapter = _chapter(data, FrameworkPage, "The UK Industrial Strategy", "strategy")
    for index, model, title in (
        (FoundationIndexPage, FoundationPage, "Foundations"),
        (GrandChallengeIndexPage, GrandChallengePage, "Grand Challenges"),
        (SectorDealIndexPage, SectorDealPage, "Sector Deals"),
    ):
        part = _chapter(data, index, title, "", _items(data, model))
        if part.opening or part.items:
            chapter.parts.append(part)
    return chapter


def _local(data: BookData) -> Chapter:
    """The region's strategy: the pages of text in the section that governance, timeline and steps are in."""
    beside = [entry.page for model in (GovernancePage, TimelinePage, NextStepsPage) for entry in data.entries[model]]
    stems = tuple(page.path[: 3 * page.steplen] for page in beside if page.depth > 3)
    entries = [entry for entry in data.entries[StandardPage] if stems and entry.page.path.startswith(stems)]
    title = entries[0].page.title if entries else ""
    return Chapter("local-strategy", title, "local", entries[0] if entries else None, [_item(e) for e in entries[1:]])


def _sectors(data: BookData) -> list[Item]:
    """The sectors, each with its sub-sectors below it."""
    sectors = _items(data, SectorPage)
    for branch in _items(data, SubSectorPage):
        for sector in sectors:
            if branch.page.path.startswith(sector.page.path):
                sector.below.append(branch)
    return sectors


def _tiers(data: BookData) -> list[tuple[str, list[GovernanceBody]]]:
    order = list(GovernanceBody.Tier.values)
    bodies = sorted(data.bodies, key=lambda body: (order.index(body.tier), body.sort_order))
    return [
        (str(GovernanceBody.Tier(tier).label), list(group)) for tier, group in groupby(bodies, lambda body: body.tier)
    ]


def _facts_of_figures(data: BookData) -> list[Any]:
    """Every figure in order of its key, the rivals for one fact together where the first of them stands."""
    facts: list[Any] = []
    seen: set[int] = set()
    for statistic in data.statistics:
        if statistic.pk in seen:
            continue
        rivals = sorted([statistic, *statistic.rivals], key=lambda rival: rival.key)
        seen |= {rival.pk for rival in rivals}
        facts.append(rivals if len(rivals) > 1 else statistic)
    return facts


def anchors_by_url(data: BookData, all_chapters: Iterable[Chapter]) -> dict[str, str]:
    """The id in the book of everything it holds, by its address on the site."""
    found = {
        entry.page.url: place
        for model, place in INDEX_ANCHORS.items()
        for entry in data.entries[model]
        if entry.page.url
    }
    for chapter in all_chapters:
        if chapter.template == "local" and chapter.opening:
            found[chapter.opening.page.url] = chapter.id
        for item in _all_items(chapter):
            found[item.page.url] = item.id
            rows = {"GrandChallengePage": "priority_areas", "SectorDealPage": "commitments"}
            if name := rows.get(type(item.page).__name__):
                found |= {
                    f"{item.page.url}#{row.anchor}": f"{item.id}-{slugify(row.ref)}"
                    for row in getattr(item.page, name).all()
                }
    found |= {finding.url: f"finding-{slugify(finding.ref)}" for finding in data.findings}
    for model, things, word in (
        (GlossaryPage, data.terms, "term-"),
        (TimelinePage, data.events, "event-"),
        (GovernancePage, data.bodies, "body-"),
        (EvidenceIndexPage, data.sources, ""),
    ):
        if opening := _opening(data, model):
            found |= {f"{opening.page.url}#{thing.anchor}": f"{word}{slugify(thing.anchor)}" for thing in things}
    return found


def _all_items(chapter: Chapter) -> Iterator[Item]:
    for part in chapter.parts:
        yield from _all_items(part)
    for item in chapter.items:
        yield item
        yield from item.below
