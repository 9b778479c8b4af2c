"""The standing round: it asks about every proposition, each on its own page, beside no event.

Its form has a page for each proposition that is published, in the version that is public. Publishing a newer version
makes no new form at once; the next person who comes to respond does.
"""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format

from engagement.feedback.models import FeedbackRound, FormVersion
from engagement.feedback.rounds.opening import close, freeze_form, open_round
from engagement.feedback.schema import FormSchema
from nelis.core.models.references import free_slug
from sectors.models import PropositionVersion

__all__ = [
    "COPIED_FIELDS",
    "MAX_TITLE_LENGTH",
    "current_form_version",
    "get_standing_round",
    "start_next_round",
]

#: What the next one, or a copy, takes over. Not when a round is open, beside which event, or what became of it.
COPIED_FIELDS = ("intro", "privacy_text", "publish_policy", "suppression_threshold", "contact_months")
MAX_TITLE_LENGTH = 160


def get_standing_round() -> FeedbackRound | None:
    """The round itself; None where there is none, or staff are still building it. One query."""
    return FeedbackRound.objects.public().filter(is_standing=True).first()


def current_form_version(round_: FeedbackRound) -> FormVersion | None:
    """The newest version of the standing round’s form. Two queries.

    Freezes a new version where a newer version of a proposition is public, as long as the round takes answers.
    """
    newest: FormVersion | None = round_.newest_form()
    if newest is not None and (not round_.takes_answers() or _is_up_to_date(newest.schema)):
        return newest
    with transaction.atomic():
        # Two people may come at once.
        return freeze_form(FeedbackRound.objects.select_for_update().get(pk=round_.pk))


def _is_up_to_date(schema: FormSchema) -> bool:
    public = PropositionVersion.objects.filter(proposition__live=True).values_list("proposition").order_by()
    return dict(public.annotate(Max("number"))) == {rated.proposition: rated.number for rated in schema.propositions()}


def start_next_round(round_: FeedbackRound, by: Any = None) -> FeedbackRound:
    """Close the standing round, so that its answers can be coded and reported back, and open the next, which it gives.

    The one that closes keeps its answers, receipts and address. Raises CannotOpenError where nothing can be asked.
    """
    with transaction.atomic():
        ending = FeedbackRound.objects.select_for_update().get(pk=round_.pk, is_standing=True)
        title = ending.title
        close(ending, by)
        ending.is_standing, ending.closes_at = False, timezone.now()
        ending.title = f"{title}, to {date_format(timezone.localdate(), 'j F Y')}"[:MAX_TITLE_LENGTH]
        ending.save(update_fields=["is_standing", "closes_at", "title"])
        following = FeedbackRound.objects.create(
            title=title,
            slug=free_slug(FeedbackRound, ending.slug),
            is_standing=True,
            **{name: getattr(ending, name) for name in COPIED_FIELDS},
        )
        open_round(following, by)
    return following
