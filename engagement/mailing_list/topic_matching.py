"""Which topics a published change is news for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import Page, ReferenceIndex

from engagement.mailing_list.models import Topic
from nelis.core.models import ChangeEntry
from nelis.evidence.models import Finding, PageStatistic, Statistic
from nelis.progress.models import TargetPage
from sectors.models import EvidenceLink, Organisation, OrganisationRole, PropositionPage, StrategyLink

#: Where apps above this one say what an object of theirs is about: a session of an event, an item of the timeline.
SUBJECT_PATHS = ("sessions.item.about", "related_page")
#: Pages that so much is linked to that a change of one is no news for whoever follows a single proposition.
BROAD_PAGE_TYPES = ("sectorpage", "subsectorpage", "foundationpage", "grandchallengepage", "sectordealpage")


@dataclass(slots=True)
class _AffectedPages:
    """The pages that a change concerns: what it is about or shown on, and what is linked to that."""

    own: set[int] = field(default_factory=set)
    linked: set[int] = field(default_factory=set)


def topics_for(entries: Iterable[ChangeEntry]) -> dict[int, set[int]]:
    """The keys of the topics that each of ``entries`` is news for, by the key of the entry.

    A change is news for a topic if it is of the topic's page, of a page below it, or of something linked to one of
    these: by a link of the strategy, as its lead theme, from a finding to a proposition, as a figure it shows, as an
    organisation with a role. Everything is news for the whole strategy. The number of queries is fixed.
    """
    entries = list(entries)
    affected = {entry.pk: _AffectedPages() for entry in entries}
    subjects = _by_model(entries)
    _add_pages(affected, subjects)
    _add_evidence(affected, subjects)
    _add_roles(affected, subjects)
    _add_stated_subjects(affected, entries)
    _add_linked_pages(affected)
    topics = list(Topic.objects.select_related("page"))
    return _match(affected, topics)


def _by_model(entries: Iterable[ChangeEntry]) -> dict[Any, dict[int, list[int]]]:
    """The keys of entries, by the model and the key of what they are about."""
    found: dict[Any, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    types = ContentType.objects.in_bulk({entry.content_type_id for entry in entries})
    for entry in entries:
        model = types[entry.content_type_id].model_class()
        if model is not None:
            found[Page if issubclass(model, Page) else model][entry.object_id].append(entry.pk)
    return found


def _add_pages(affected: dict[int, _AffectedPages], subjects: Any) -> None:
    for key, entries in subjects[Page].items():
        for entry in entries:
            affected[entry].own.add(key)


def _add_evidence(affected: dict[int, _AffectedPages], subjects: Any) -> None:
    findings, statistics = subjects[Finding], subjects[Statistic]
    lines = [
        (findings, Finding.objects.filter(pk__in=findings).values_list("pk", "subject")),
        (findings, EvidenceLink.objects.filter(finding__in=findings).values_list("finding", "page")),
        (statistics, PageStatistic.objects.filter(statistic__in=statistics).values_list("statistic", "page")),
        (statistics, TargetPage.objects.filter(latest__in=statistics).values_list("latest", "pk")),
        (statistics, _pages_citing(statistics)),
    ]
    for about, pairs in lines:
        for key, page in pairs:
            for entry in about[key] if page else ():
                affected[entry].own.add(page)


def _pages_citing(statistics: Iterable[int]) -> Any:
    """Pairs of a figure and a page that a finding citing it is about."""
    through = Finding.statistics.through.objects.filter(statistic__in=list(statistics))
    return through.values_list("statistic", "finding__subject")


def _add_roles(affected: dict[int, _AffectedPages], subjects: Any) -> None:
    organisations = subjects[Organisation]
    for key, page in OrganisationRole.objects.filter(organisation__in=organisations).values_list(
        "organisation", "page"
    ):
        for entry in organisations[key]:
            affected[entry].own.add(page)


def _add_stated_subjects(affected: dict[int, _AffectedPages], entries: Iterable[ChangeEntry]) -> None:
    """What an object of an app above this one is about, from Wagtail's reference index."""
    about: dict[tuple[int, str], list[int]] = defaultdict(list)
    for entry in entries:
        about[entry.content_type_id, str(entry.object_id)].append(entry.pk)
    references = ReferenceIndex.objects.filter(model_path__in=SUBJECT_PATHS, object_id__in={key for _, key in about})
    for content_type, key, page in references.values_list("content_type", "object_id", "to_object_id"):
        for entry_key in about.get((content_type, key), ()):
            affected[entry_key].own.add(int(page))


def _add_linked_pages(affected: dict[int, _AffectedPages]) -> None:
    """Add what is linked to the pages found so far, by links of the strategy in both directions and by lead themes."""
    start = {page for pages in affected.values() for page in pages.own}
    links = StrategyLink.objects.filter(Q(page__in=start) | Q(target__in=start)).values_list("page", "target")
    themes = PropositionPage.objects.filter(pk__in=start, lead_theme__isnull=False).values_list("pk", "lead_theme")
    neighbours: dict[int, set[int]] = defaultdict(set)
    for page, target in links:
        neighbours[page].add(target)
        neighbours[target].add(page)
    for proposition, theme in themes:
        neighbours[proposition].add(theme)
    narrow = Q()
    for table in BROAD_PAGE_TYPES:
        narrow |= Q(**{f"{table}__isnull": False})
    wide = set(Page.objects.filter(narrow, pk__in=start).values_list("pk", flat=True))
    propositions = set(PropositionPage.objects.values_list("pk", flat=True))
    for pages in affected.values():
        for page in pages.own:
            pages.linked |= neighbours[page] - propositions if page in wide else neighbours[page]


def _match(affected: dict[int, _AffectedPages], topics: list[Topic]) -> dict[int, set[int]]:
    everywhere = {page for pages in affected.values() for page in pages.own | pages.linked}
    paths = dict(Page.objects.filter(pk__in=everywhere).values_list("pk", "path"))
    found: dict[int, set[int]] = {}
    for key, pages in affected.items():
        reached = [paths[page] for page in pages.own | pages.linked if page in paths]
        found[key] = {topic.pk for topic in topics if topic.is_everything or _covers(topic, reached)}
    return found


def _covers(topic: Topic, paths: list[str]) -> bool:
    page = topic.page
    return page is not None and any(path.startswith(page.path) for path in paths)
