"""Which page may stand under which, and how many of it there may be."""

import pytest
from django.apps import apps

from nelis.core.models import BasePage

STRATEGY = {"FoundationIndexPage", "GrandChallengeIndexPage", "SectorDealIndexPage"}
UNDER_TEXT = {"StandardPage", "GovernancePage", "TimelinePage", "NextStepsPage", "BoardPapersPage"}

#: Every page type with the types it may have below it.
BELOW = {
    "HomePage": {
        "BoardPapersPage",
        "ChangesPage",
        "BookPage",
        "ContactPage",
        "EventIndexPage",
        "EvidenceIndexPage",
        "ExplorerPage",
        "FAQPage",
        "FrameworkPage",
        "GlossaryPage",
        "GovernancePage",
        "NewsIndexPage",
        "NextStepsPage",
        "OrganisationIndexPage",
        "ProjectIndexPage",
        "PropositionIndexPage",
        "SectorIndexPage",
        "StandardPage",
        "TargetIndexPage",
        "TimelinePage",
    },
    "StandardPage": UNDER_TEXT,
    "FrameworkPage": STRATEGY,
    "FoundationIndexPage": {"FoundationPage"},
    "GrandChallengeIndexPage": {"GrandChallengePage"},
    "SectorDealIndexPage": {"SectorDealPage"},
    "SectorIndexPage": {"SectorPage"},
    "SectorPage": {"SubSectorPage"},
    "PropositionIndexPage": {"PropositionPage"},
    "ProjectIndexPage": {"ProjectPage"},
    "EvidenceIndexPage": {"FindingIndexPage", "GapsPage"},
    "TargetIndexPage": {"TargetPage"},
    "NewsIndexPage": {"NewsPage"},
    "EventIndexPage": {"EventPage"},
}
#: Of these there may be several.
MANY = {
    "StandardPage",
    "FoundationPage",
    "GrandChallengePage",
    "SectorDealPage",
    "SectorPage",
    "SubSectorPage",
    "PropositionPage",
    "ProjectPage",
    "TargetPage",
    "NewsPage",
    "EventPage",
    "TimelinePage",
}
PAGE_TYPES = [model for model in apps.get_models() if issubclass(model, BasePage)]


@pytest.mark.parametrize("page_type", PAGE_TYPES, ids=lambda page_type: page_type.__name__)
def test_what_may_stand_below(page_type):
    below = {model.__name__ for model in page_type.creatable_subpage_models()}
    assert below == BELOW.get(page_type.__name__, set())


@pytest.mark.parametrize("page_type", PAGE_TYPES, ids=lambda page_type: page_type.__name__)
def test_how_many(page_type):
    assert page_type.max_count == (None if page_type.__name__ in MANY else 1)
