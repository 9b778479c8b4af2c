"""What the home page shows beside its own fields."""

from typing import Any

from django.db.models import Count, Q
from wagtail.models import Page

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


def home_context(home: Any) -> dict[str, Any]:
    """The strategy in one picture, the targets, what is next and what is new."""
    sectors = list(
        SectorPage.objects.live()
        .annotate(
            proposition_count=Count(
                "led_propositions", filter=Q(led_propositions__live=True), distinct=True
            )
        )
        .order_by("path")
    )
    foundations = list(
        FoundationPage.objects.live()
        .annotate(
            proposition_count=Count(
                "linked_from",
                filter=Q(
                    linked_from__page__live=True,
                    linked_from__page__propositionpage__isnull=False,
                ),
                distinct=True,
            )
        )
        .order_by("path")
    )
    sector_ids = [sector.pk for sector in sectors]
    return {
        "actions": list(home.calls_to_action.select_related("target")),
        "sectors": sectors,
        "foundations": foundations,
        "challenges": list(GrandChallengePage.objects.live().order_by("path")),
        "deals": list(SectorDealPage.objects.live().order_by("path")),
        "propositions": list(PropositionPage.objects.live().order_by("path")),
        "sector_links": list(
            StrategyLink.objects.filter(Q(page__in=sector_ids) | Q(target__in=sector_ids))
        ),
        "targets": list(
            TargetPage.objects.live().select_related("latest", "comparator").order_by("path")
        ),
        "steps": list(next_steps()),
        "latest": list(latest()),
    }


def next_steps() -> Any:
    """The steps to the final strategy, in order."""
    from nelis.home.models.next_steps import Step

    return Step.objects.filter(page__live=True).order_by("sort_order")


def latest() -> Any:
    """The newest pages of news and events."""
    return (
        Page.objects.live()
        .filter(Q(newspage__isnull=False) | Q(eventpage__isnull=False))
        .select_related("newspage", "eventpage")
        .order_by("-first_published_at")[:4]
    )
