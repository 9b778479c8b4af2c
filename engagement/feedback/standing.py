"""The standing round: it asks about every proposition, each on its own page, beside no event.

Its form has a page for each proposition that is published, in the version that is public. Publishing a newer version
makes no new form at once; the next person who comes to respond does.
"""

from django.db import transaction
from django.db.models import Max

from engagement.feedback.form import Form
from engagement.feedback.models import FeedbackRound, FormVersion
from engagement.feedback.opening import freeze_form
from sectors.models import PropositionVersion

__all__ = ["current", "standing_round", "step_of"]


def standing_round() -> FeedbackRound | None:
    """The round itself; None where there is none, or staff are still building it. One query."""
    return FeedbackRound.objects.public().filter(is_standing=True).first()


def current(asked: FeedbackRound) -> FormVersion:
    """The form with what is public now; a new one if that isn't what the newest holds. Two queries when it is."""
    form = asked.newest_form()
    if form is not None and _holds_what_is_public(form.form):
        return form
    with transaction.atomic():
        # Two people may come at once.
        return freeze_form(FeedbackRound.objects.select_for_update().get(pk=asked.pk))


def _holds_what_is_public(form: Form) -> bool:
    public = PropositionVersion.objects.filter(proposition__live=True).values_list("proposition").order_by()
    return dict(public.annotate(Max("number"))) == {one.proposition: one.number for one in form.rated()}


def step_of(form: Form, proposition: int) -> int | None:
    """Which page of the form is about a proposition, from 1."""
    keys = [rated.proposition for page in form.pages for rated in page.rated]
    return keys.index(proposition) + 1 if proposition in keys else None
