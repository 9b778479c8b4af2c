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


def build_chapters(gathered: BookData) -> list[Chapter]:
    """All chapters that have anything in them, in order. No query."""
    found = [
        _strategy(gathered),
        _local(gathered),
        _chapter(gathered, SectorIndexPage, "Sectors", "sectors", _sectors(gathered)),
        _chapter(gathered, PropositionIndexPage, "Propositions", "propositions", _items(gathered, PropositionPage)),
        _chapter(gathered, ProjectIndexPage, "Projects", "projects", _items(gathered, ProjectPage)),
        _chapter(gathered, TargetIndexPage, "Targets", "targets", _items(gathered, TargetPage)),
        _chapter(gathered, TimelinePage, "Timeline", "timeline", matter=sort_events(gathered.events)),
        _chapter(gathered, GovernancePage, "Who decides", "governance", matter=_tiers(gathered)),
        _chapter(gathered, NextStepsPage, "Next steps", "next_steps"),
        _chapter(gathered, GapsPage, "Gaps", "gaps", matter=gathered.gaps),
        Chapter("figures", "All figures", "figures", matter=_facts_of_figures(gathered)),
        _chapter(gathered, GlossaryPage, "Glossary", "glossary", matter=gathered.terms),
        Chapter("sources", "Sources", "sources", _opening(gathered, EvidenceIndexPage), matter=gathered.sources),
    ]
    return [one for one in found if one.opening or one.items or one.parts or one.matter]


def _opening(gathered: BookData, model: type[Page]) -> PageEntry | None:
    return next(iter(gathered.entries[model]), None)


def _chapter(
    gathered: BookData, model: type[Page], title: str, template: str, items: Iterable[Item] = (), matter: Any = None
) -> Chapter:
    opening = _opening(gathered, model)
    return Chapter(
        INDEX_ANCHORS[model], opening.page.title if opening else title, template, opening, list(items), [], matter
    )


def _items(gathered: BookData, model: type[Page]) -> list[Item]:
    return [_item(entry) for entry in gathered.entries[model]]


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


def _strategy(gathered: BookData) -> Chapter:
    """The national strategy with its foundations, challenges and deals as parts."""
    chapter = _chapter(gathered, FrameworkPage, "The UK Industrial Strategy", "strategy")
    for index, model, title in (
        (FoundationIndexPage, FoundationPage, "Foundations"),
        (GrandChallengeIndexPage, GrandChallengePage, "Grand Challenges"),
        (SectorDealIndexPage, SectorDealPage, "Sector Deals"),
    ):
        part = _chapter(gathered, index, title, "", _items(gathered, model))
        if part.opening or part.items:
            chapter.parts.append(part)
    return chapter


def _local(gathered: BookData) -> Chapter:
    """The region's strategy: the pages of text in the section that governance, timeline and steps are in."""
    beside = [
        entry.page for model in (GovernancePage, TimelinePage, NextStepsPage) for entry in gathered.entries[model]
    ]
    stems = tuple(page.path[: 3 * page.steplen] for page in beside if page.depth > 3)
    entries = [entry for entry in gathered.entries[StandardPage] if stems and entry.page.path.startswith(stems)]
    title = entries[0].page.title if entries else ""
    return Chapter("local-strategy", title, "local", entries[0] if entries else None, [_item(e) for e in entries[1:]])


def _sectors(gathered: BookData) -> list[Item]:
    """The sectors, each with its sub-sectors below it."""
    sectors = _items(gathered, SectorPage)
    for branch in _items(gathered, SubSectorPage):
        for sector in sectors:
            if branch.page.path.startswith(sector.page.path):
                sector.below.append(branch)
    return sectors


def _tiers(gathered: BookData) -> list[tuple[str, list[GovernanceBody]]]:
    order = list(GovernanceBody.Tier.values)
    bodies = sorted(gathered.bodies, key=lambda body: (order.index(body.tier), body.sort_order))
    return [
        (str(GovernanceBody.Tier(tier).label), list(group)) for tier, group in groupby(bodies, lambda body: body.tier)
    ]


def _facts_of_figures(gathered: BookData) -> list[Any]:
    """Every figure in order of its key, the rivals for one fact together where the first of them stands."""
    shown: list[Any] = []
    told: set[int] = set()
    for one in gathered.statistics:
        if one.pk in told:
            continue
        rivals = sorted([one, *one.rivals], key=lambda rival: rival.key)
        told |= {rival.pk for rival in rivals}
        shown.append(rivals if len(rivals) > 1 else one)
    return shown


def anchors_by_url(gathered: BookData, all_chapters: Iterable[Chapter]) -> dict[str, str]:
    """The id in the book of everything it holds, by its address on the site."""
    found = {
        entry.page.url: place
        for model, place in INDEX_ANCHORS.items()
        for entry in gathered.entries[model]
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
    found |= {finding.url: f"finding-{slugify(finding.ref)}" for finding in gathered.findings}
    for model, things, word in (
        (GlossaryPage, gathered.terms, "term-"),
        (TimelinePage, gathered.events, "event-"),
        (GovernancePage, gathered.bodies, "body-"),
        (EvidenceIndexPage, gathered.sources, ""),
    ):
        if opening := _opening(gathered, model):
            found |= {f"{opening.page.url}#{thing.anchor}": f"{word}{slugify(thing.anchor)}" for thing in things}
    return found


def _numbered_rows(page: Any) -> Iterable[Any]:
    """The rows of a page that have addresses of their own."""
    if isinstance(page, GrandChallengePage):
        return page.priority_areas.all()
    return page.commitments.all() if isinstance(page, SectorDealPage) else ()


def _all_items(chapter: Chapter) -> Iterator[Item]:
    for part in chapter.parts:
        yield from _all_items(part)
    for item in chapter.items:
        yield item
        yield from item.below
