"""“You said, we did”: themes and official responses, and the responses and propositions they are about."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Coalesce

from engagement.feedback.analysis.coding_workflow import final_codes
from engagement.feedback.models import Code, FeedbackRound, OfficialResponse, Outcome, Response, Theme


@dataclass(frozen=True, slots=True)
class ThemeResponses:
    """A theme with the official responses to it; without a theme, those to none in particular.

    ``repeated`` are responses to it that are listed with an earlier theme.
    """

    theme: Theme | None
    responses: tuple[OfficialResponse, ...]
    repeated: tuple[OfficialResponse, ...] = ()


def prefetch_outcomes(responses: QuerySet[OfficialResponse]) -> QuerySet[OfficialResponse]:
    """Prefetch the propositions and versions that came of official responses. Three queries more."""
    outcomes = Outcome.objects.select_related("proposition", "version").defer("version__content").order_by("pk")
    return responses.prefetch_related("themes", Prefetch("outcomes", queryset=outcomes))


def responses_by_theme(round_: FeedbackRound, *, drafts: bool = False) -> list[ThemeResponses]:
    """List the themes of a round, each with its official responses, then the responses to none. Four queries.

    Only what is published, unless ``drafts`` are asked for too: then corrections stand for what they correct.
    """
    shown: dict[str, Any] = {"correction": None} if drafts else {"published_at__isnull": False}
    order = ("sort_order", Coalesce("corrects", "pk"))
    themes = list(round_.themes.filter(**shown).order_by(*order))
    keys = {theme.key for theme in themes}
    by_theme: dict[int | None, list[OfficialResponse]] = defaultdict(list)
    for response in prefetch_outcomes(round_.official_responses.filter(**shown).order_by(*order)):
        answered: list[int | None] = [theme.pk for theme in response.themes.all() if theme.pk in keys]
        for key in answered or [None]:
            by_theme[key].append(response)
    groups: list[ThemeResponses] = []
    listed: set[int] = set()
    for theme in [*themes, None]:
        responses = by_theme[theme.key if theme else None]
        if theme or responses:
            fresh = tuple(response for response in responses if response.pk not in listed)
            repeated = tuple(response for response in responses if response.pk in listed)
            groups.append(ThemeResponses(theme, fresh, repeated))
            listed |= {response.pk for response in fresh}
    return groups


def outcomes_for_proposition(proposition: int) -> QuerySet[Outcome]:
    """List what published responses of reported rounds have to do with a proposition, newest first."""
    outcomes = Outcome.objects.filter(
        proposition=proposition,
        official_response__published_at__isnull=False,
        official_response__round__state=FeedbackRound.State.REPORTED,
    )
    outcomes = outcomes.select_related("official_response__round", "version").defer("version__content")
    return outcomes.order_by("-official_response__published_at", "pk")


def themes_for_response(response: Response) -> set[int]:
    """Find the published themes (their keys) under whose codes, or codes below them, a response was coded."""
    parents = dict(Code.objects.filter(round=response.round_id).values_list("pk", "parent"))
    codes: set[int] = set()
    for code in final_codes(response.round, [response.pk])[response.pk]:
        ancestor: int | None = code
        while ancestor is not None:
            codes.add(ancestor)
            ancestor = parents.get(ancestor)
    themes = Theme.objects.filter(round=response.round_id, published_at__isnull=False, codes__in=codes)
    return set(themes.values_list("pk", flat=True))
