"""What the home page shows beside its own fields."""

from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from wagtail.models import Page

from nelis.home.models.next_steps import Step
from nelis.progress.models import TargetPage
from sectors.models import (
    FoundationPage,
    GrandChallengePage,
    PropositionPage,
    SectorDealPage,
    SectorPage,
    StrategyLink,
)

__all__ = ["home_context"]

#: How many pages of news and events the home page lists.
LATEST = 4


def home_context(home: Any) -> dict[str, Any]:
    """The strategy in one picture, the targets, what is next and what is new. Eight queries."""
    sectors = list(
        SectorPage.objects.live()
        .annotate(
            proposition_count=Count(
                "led_propositions", filter=Q(led_propositions__live=True), distinct=True
            )
        )
        .order_by("path")
    )
    sector_ids = [sector.pk for sector in sectors]
    national = national_pages()
    return {
        "actions": list(home.calls_to_action.select_related("target")),
        "sectors": sectors,
        "foundations": [page for page in national if isinstance_of(page, FoundationPage)],
        "challenges": [page for page in national if isinstance_of(page, GrandChallengePage)],
        "deals": [page for page in national if isinstance_of(page, SectorDealPage)],
        "propositions": list(PropositionPage.objects.live().order_by("path")),
        "sector_links": list(
            StrategyLink.objects.filter(Q(page__in=sector_ids) | Q(target__in=sector_ids))
        ),
        "targets": list(
            TargetPage.objects.live().select_related("latest", "comparator").order_by("path")
        ),
        "steps": list(Step.objects.filter(page__live=True).order_by("sort_order")),
        "latest": latest_pages(),
    }


def national_pages() -> list[Page]:
    """Foundations, Grand Challenges and Sector Deals, each with ``proposition_count``. One query."""
    links = Q(linked_from__page__live=True, linked_from__page__propositionpage__isnull=False)
    return list(
        Page.objects.live()
        .type(FoundationPage, GrandChallengePage, SectorDealPage)
        .annotate(proposition_count=Count("linked_from__page", filter=links, distinct=True))
        .order_by("path")
    )


def isinstance_of(page: Page, model: type[Page]) -> bool:
    """Whether ``page``, fetched as a plain page, is of type ``model``."""
    return page.cached_content_type.model_class() is model


def latest_pages() -> list[Page]:
    """The newest news and events by the date they bear, newest first. One query."""
    return list(
        Page.objects.live()
        .filter(Q(newspage__isnull=False) | Q(eventpage__isnull=False))
        .select_related("newspage", "eventpage")
        .annotate(dated=Coalesce("newspage__date", "eventpage__date"))
        .order_by("-dated", "-pk")[:LATEST]
    )
