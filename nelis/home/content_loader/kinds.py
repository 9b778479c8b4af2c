"""Which file holds what, what it becomes, and by which field its entries are known."""

from dataclasses import dataclass, field

from django.apps import apps
from django.db.models import Model

__all__ = ["KINDS", "PAGE_TYPES", "Kind", "kind_of"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry.

    ``key`` names the field an entry is known by. A page kind has the address of its ``parent``, in
    which ``{name}`` stands for a field of the entry; without one, entries give their own ``path``
    and ``type``.
    """

    name: str
    label: str
    files: tuple[str, ...]
    model_label: str = ""
    key: str = "slug"
    parent: str = ""
    is_page: bool = False
    #: Fields an entry uses for its place in the tree and that are no fields of the model.
    place_fields: tuple[str, ...] = field(default=())

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.model_label)


_HOME = "nelis/home/content"
_SECTORS = "sectors/content"
_EVIDENCE = "nelis/evidence/content"

#: In the order they are loaded: what others refer to comes first.
KINDS: tuple[Kind, ...] = (
    Kind("area", "areas", (f"{_EVIDENCE}/areas.yaml",), "evidence.GeoArea", "code"),
    Kind("source", "sources", (f"{_EVIDENCE}/sources.yaml",), "evidence.Source", "ref"),
    Kind("indicator", "indicators", (f"{_EVIDENCE}/indicators.yaml",), "evidence.Indicator", "code"),
    Kind("series", "series", (f"{_EVIDENCE}/series.yaml",), "evidence.Series", "key"),
    Kind("break", "breaks in series", (f"{_EVIDENCE}/breaks.yaml",), "evidence.SeriesBreak", "key"),
    Kind("vintage", "releases", (f"{_EVIDENCE}/vintages.yaml",), "evidence.Vintage", "key"),
    Kind("statistic", "figures", (f"{_EVIDENCE}/statistics.yaml",), "evidence.Statistic", "key"),
    Kind("place", "places", (f"{_SECTORS}/places.yaml",), "sectors.Place"),
    Kind("organisation", "organisations", (f"{_SECTORS}/organisations.yaml",), "sectors.Organisation"),
    Kind("contact", "contacts", (f"{_SECTORS}/contacts.yaml",), "sectors.Contact"),
    Kind("glossary", "glossary terms", (f"{_HOME}/glossary.yaml",), "core.GlossaryTerm", "term"),
    Kind(
        "questions",
        "question sets",
        ("engagement/feedback/content/questions.yaml",),
        "feedback.QuestionSet",
        "key",
    ),
    Kind(
        "page",
        "pages",
        tuple(f"{_HOME}/{name}.yaml" for name in ("home", "pages", "next_steps", "board_papers", "lists", "legal")),
        key="path",
        is_page=True,
        place_fields=("path", "type"),
    ),
    Kind(
        "foundation",
        "foundations",
        (f"{_SECTORS}/foundations.yaml",),
        "sectors.FoundationPage",
        "code",
        "/strategy/foundations/",
        True,
    ),
    Kind(
        "grand-challenge",
        "Grand Challenges",
        (f"{_SECTORS}/grand_challenges.yaml",),
        "sectors.GrandChallengePage",
        "code",
        "/strategy/grand-challenges/",
        True,
    ),
    Kind(
        "sector-deal",
        "Sector Deals",
        (f"{_SECTORS}/sector_deals.yaml",),
        "sectors.SectorDealPage",
        "code",
        "/strategy/sector-deals/",
        True,
    ),
    Kind("sector", "sectors", (f"{_SECTORS}/sectors.yaml",), "sectors.SectorPage", "code", "/sectors/", True),
    Kind(
        "sub-sector",
        "sub-sectors",
        (f"{_SECTORS}/sub_sectors.yaml",),
        "sectors.SubSectorPage",
        "code",
        "/sectors/{sector}/",
        True,
        ("sector",),
    ),
    Kind("finding", "findings", (f"{_EVIDENCE}/findings.yaml",), "evidence.Finding", "ref"),
    Kind(
        "project",
        "projects",
        (f"{_SECTORS}/projects.yaml",),
        "sectors.ProjectPage",
        "slug",
        "/projects/",
        True,
    ),
    Kind(
        "proposition",
        "propositions",
        (f"{_SECTORS}/propositions.yaml",),
        "sectors.PropositionPage",
        "ref",
        "/propositions/",
        True,
    ),
    Kind(
        "target",
        "targets",
        ("nelis/progress/content/targets.yaml",),
        "progress.TargetPage",
        "ref",
        "/targets/",
        True,
    ),
    Kind("news", "news", (f"{_HOME}/news.yaml",), "home.NewsPage", "slug", "/news/", True),
    Kind("event", "events", (f"{_HOME}/events.yaml",), "home.EventPage", "slug", "/events/", True),
    Kind(
        "round",
        "feedback rounds",
        ("engagement/feedback/content/rounds.yaml",),
        "feedback.FeedbackRound",
    ),
    Kind("timeline", "timeline items", (f"{_HOME}/timeline.yaml",), "home.TimelineEvent", "ref"),
    Kind("faq", "questions and answers", (f"{_HOME}/faqs.yaml",), "home.FAQ"),
    Kind("topic", "mailing list topics", ("engagement/mailing_list/content/topics.yaml",), "mailing_list.Topic"),
    Kind("body", "governance bodies", (f"{_HOME}/governance.yaml",), "home.GovernanceBody"),
    Kind(
        "settings",
        "site settings",
        (f"{_HOME}/site.yaml",),
        "core.SiteSettings",
        "site",
        place_fields=("site",),
    ),
)

#: What the ``type`` of an entry in the page files stands for.
PAGE_TYPES: dict[str, str] = {
    "home": "home.HomePage",
    "standard": "home.StandardPage",
    "framework": "home.FrameworkPage",
    "governance": "home.GovernancePage",
    "timeline": "home.TimelinePage",
    "next_steps": "home.NextStepsPage",
    "board_papers": "home.BoardPapersPage",
    "book": "home.BookPage",
    "contact": "home.ContactPage",
    "faqs": "home.FAQPage",
    "glossary": "home.GlossaryPage",
    "news_index": "home.NewsIndexPage",
    "event_index": "home.EventIndexPage",
    "foundation_index": "sectors.FoundationIndexPage",
    "grand_challenge_index": "sectors.GrandChallengeIndexPage",
    "sector_deal_index": "sectors.SectorDealIndexPage",
    "sector_index": "sectors.SectorIndexPage",
    "proposition_index": "sectors.PropositionIndexPage",
    "project_index": "sectors.ProjectIndexPage",
    "organisation_index": "sectors.OrganisationIndexPage",
    "evidence_index": "evidence.EvidenceIndexPage",
    "finding_index": "sectors.FindingIndexPage",
    "gaps": "sectors.GapsPage",
    "explorer": "sectors.ExplorerPage",
    "changes": "sectors.ChangesPage",
    "target_index": "progress.TargetIndexPage",
}


def kind_of(name: str) -> Kind:
    """The kind called ``name``. Raises KeyError when there is none."""
    return _BY_NAME[name]


_BY_NAME = {kind.name: kind for kind in KINDS}
