"""“You said, we did”: themes and official responses, and what they have to do with answers and propositions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Coalesce

from engagement.feedback.analysis.coding_workflow import final_codes
from engagement.feedback.models import Code, FeedbackRound, OfficialResponse, Outcome, Response, Theme

__all__ = [
    "ThemeResponses",
    "outcomes_for_proposition",
    "prefetch_outcomes",
    "responses_by_theme",
    "themes_for_response",
]


@dataclass(frozen=True, slots=True)
class ThemeResponses:
    """A theme with the responses to it; without a theme, responses to none in particular.

    ``above`` are responses to it that stand with an earlier theme.
    """

    theme: Theme | None
    responses: tuple[OfficialResponse, ...]
    above: tuple[OfficialResponse, ...] = ()


def prefetch_outcomes(responses: QuerySet[OfficialResponse]) -> QuerySet[OfficialResponse]:
    """``responses`` with the propositions and versions that came of them. Three queries more."""
    outcomes = Outcome.objects.select_related("proposition", "version").defer("version__content").order_by("pk")
    return responses.prefetch_related("themes", Prefetch("outcomes", queryset=outcomes))


def responses_by_theme(feedback_round: FeedbackRound, *, drafts: bool = False) -> list[ThemeResponses]:
    """The themes of a round in order, each with the responses to it, then the responses to none. Four queries.

    Only what is published, unless ``drafts`` are asked for too: then corrections stand for what they correct.
    """
    shown: dict[str, Any] = {"correction": None} if drafts else {"published_at__isnull": False}
    order = ("sort_order", Coalesce("corrects", "pk"))
    themes = feedback_round.themes.filter(**shown).order_by(*order)
    responses = prefetch_outcomes(feedback_round.official_responses.filter(**shown).order_by(*order))
    to: dict[int | None, list[OfficialResponse]] = {}
    for one in responses:
        for key in _theme_keys(one, themes):
            to.setdefault(key, []).append(one)
    found, seen = [], set()
    for theme in [*themes, None]:
        its = to.get(theme.key if theme else None, [])
        if theme or its:
            fresh = tuple(one for one in its if one.pk not in seen)
            found.append(ThemeResponses(theme, fresh, tuple(one for one in its if one.pk in seen)))
            seen |= {one.pk for one in fresh}
    return found


def _theme_keys(response: OfficialResponse, shown: Iterable[Theme]) -> list[int | None]:
    keys = {theme.key for theme in shown}
    found: list[int | None] = [theme.pk for theme in response.themes.all() if theme.pk in keys]
    return found or [None]


def outcomes_for_proposition(proposition: int) -> QuerySet[Outcome]:
    """What published responses of rounds that were reported back have to do with a proposition, newest first."""
    return (
        Outcome.objects.filter(
            proposition=proposition,
            official_response__published_at__isnull=False,
            official_response__round__state=FeedbackRound.State.REPORTED,
        )
        .select_related("official_response__round", "version")
        .defer("version__content")
        .order_by("-official_response__published_at", "pk")
    )


def themes_for_response(response: Response) -> set[int]:
    """The keys of the published themes of its round that a response has a code of, or a code below one of those."""
    above = dict(Code.objects.filter(round=response.round_id).values_list("pk", "parent"))
    given = final_codes(response.round, [response.pk])[response.pk]
    codes = set(_with_ancestors(given, above))
    found = Theme.objects.filter(round=response.round_id, published_at__isnull=False, codes__in=codes)
    return set(found.values_list("pk", flat=True))


def _with_ancestors(codes: Iterable[int], above: dict[int, int | None]) -> Iterable[int]:
    for code in codes:
        at: int | None = code
        while at is not None:
            yield at
            at = above.get(at)
