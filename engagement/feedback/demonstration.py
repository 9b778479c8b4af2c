"""A round to try things out with: real propositions, made-up answers, labelled as such wherever they show."""

import random
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from engagement.feedback.models import (
    Code,
    Coding,
    FeedbackRound,
    FormVersion,
    OfficialResponse,
    Outcome,
    QuestionKind,
    RoundEvent,
    RoundProposition,
    RoundQuestion,
    RoundSession,
    Theme,
)
from engagement.feedback.reporting.publishing import report_back
from engagement.feedback.responses import submissions
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.parsing import AnswerData, ParsedPage, StanceData
from engagement.feedback.responses.saved_response import texts_by_anchor
from engagement.feedback.responses.text_anchors import part_anchor
from engagement.feedback.rounds.opening import close, open_round
from engagement.feedback.schema import COMMENT_PARTS, STANCES, FormPage
from sectors.models import PropositionPage

__all__ = [
    "SLUG",
    "AddressTakenError",
    "NothingToRateError",
    "open_demonstration",
    "remove_demonstration",
    "report_demonstration",
]

SLUG = "demonstration"
#: Propositions on the first page of its form.
PROPOSITIONS = 3
DAYS = 14
#: The same answers each time.
RANDOM_SEED = 2019
#: How likely each stance is made up, in the order of STANCES.
STANCE_WEIGHTS = (4, 6, 2, 2, 1, 2)


class NothingToRateError(ValueError):
    """No proposition is published."""


class AddressTakenError(ValueError):
    """A real round has the address of the demonstration."""


def open_demonstration(responses: int = 40) -> FeedbackRound:
    """Make the round, open it, and fill in ``responses`` made-up responses; one that is there already stays as it is.

    Raises NothingToRateError where no proposition is published, AddressTakenError where a real round has its address.
    """
    with transaction.atomic():
        if found := FeedbackRound.objects.filter(slug=SLUG).first():
            if not found.is_demonstration:
                raise AddressTakenError(f"The round “{found.title}” is at {SLUG}, and is no demonstration.")
            return found
        made = _build()
        form = open_round(made)
        _answer(made, form, responses)
    return made


def report_demonstration() -> FeedbackRound:
    """Close the round, and report it back with a made-up theme and response. Raises FeedbackRound.DoesNotExist."""
    with transaction.atomic():
        made = FeedbackRound.objects.get(slug=SLUG, is_demonstration=True)
        if made.state == FeedbackRound.State.REPORTED:
            return made
        close(made)
        rated = made.newest_form().schema.pages[0].propositions[0]
        place = part_anchor(rated.proposition, "comment")
        code = Code.objects.create(round=made, name="Made-up code")
        commented = made.responses.counted().filter(stances__proposition=rated.proposition).exclude(stances__comment="")
        for response in commented.distinct():
            if text := texts_by_anchor(response).get(place):
                Coding.objects.create(response=response, anchor=place, start=0, end=len(text), code=code)
        theme = Theme.objects.create(
            round=made, title="A made-up theme", summary="This shows how what many people said would read in our words."
        )
        theme.codes.add(code)
        said = OfficialResponse.objects.create(
            round=made,
            you_said="This shows how what was said would stand here.",
            decision=OfficialResponse.Decision.NOTED,
            reason="This shows how the reason would stand here. Nothing was decided: nobody said any of it.",
        )
        said.themes.add(theme)
        Outcome.objects.create(official_response=said, proposition_id=rated.proposition)
        report_back(made, None)
    return made


def remove_demonstration() -> int:
    """Take the round away with everything in it. Gives the number of responses it had; 0 where there is none."""
    with transaction.atomic():
        found = FeedbackRound.objects.filter(slug=SLUG, is_demonstration=True).first()
        if found is None:
            return 0
        number = found.responses.count()
        found.outcome_mails.all().delete()
        found.responses.all().delete()
        found.official_responses.all().delete()
        found.themes.all().delete()
        # From the leaves of the tree down: none goes before those below it.
        while found.codes.exists():
            found.codes.filter(children=None).delete()
        # Forms and steps are kept for good, except those of what never was a round.
        for kept in (RoundEvent, FormVersion):
            rows = kept.objects.filter(round=found)
            rows._raw_delete(rows.db)
        found.delete()
    return number


def _build() -> FeedbackRound:
    propositions = list(PropositionPage.objects.live().order_by("path")[:PROPOSITIONS])
    if not propositions:
        raise NothingToRateError("No proposition is published, so there is nothing to rate.")
    made = FeedbackRound.objects.create(
        title="Demonstration round",
        slug=SLUG,
        intro="This round shows how feedback works. Its answers are made up by a program. What you write here is "
        "removed together with the round.",
        privacy_text="Staff of this site see what is written here. It is used for nothing, and removed with the round.",
        closes_at=timezone.now() + timedelta(days=DAYS),
        publish_policy=FeedbackRound.Publish.ANONYMOUS,
        is_demonstration=True,
    )
    first = RoundSession.objects.create(
        round=made,
        sort_order=0,
        title="The propositions",
        text="Say how far you support each one.",
        about=propositions[0].lead_theme,
    )
    for order, page in enumerate(propositions):
        RoundProposition.objects.create(session=first, proposition=page, sort_order=order)
    RoundQuestion.objects.create(session=first, text="Is anything missing from what is proposed?", max_length=500)
    second = RoundSession.objects.create(round=made, sort_order=1, title="This form")
    RoundQuestion.objects.create(
        session=second, sort_order=0, text="The form was easy to fill in.", kind=QuestionKind.SCALE
    )
    RoundQuestion.objects.create(
        session=second,
        sort_order=1,
        text="Where do you fill it in?",
        kind=QuestionKind.CHOICE,
        choices="On a phone\nOn a tablet\nOn a computer\nOn paper",
    )
    RoundQuestion.objects.create(session=second, sort_order=2, text="What would make it easier?", max_length=500)
    return FeedbackRound.objects.get(pk=made.pk)


def _answer(made: FeedbackRound, form: FormVersion, responses: int) -> None:
    chance = random.Random(RANDOM_SEED)  # noqa: S311 - no secrets
    for number in range(1, responses + 1):
        key = new_client_key()
        for page in form.schema.pages:
            submissions.save_page(made, form, key, page, _made_up(page, number, chance))
        submissions.submit(made, key)


def _made_up(page: FormPage, number: int, chance: random.Random) -> ParsedPage:
    stances = {}
    for rated in page.propositions:
        stance = chance.choices(list(STANCES), weights=STANCE_WEIGHTS)[0]
        comment = f"Made-up comment {number} on {rated.ref}." if chance.random() < 0.3 else ""
        stances[rated.key] = StanceData(stance, dict.fromkeys(COMMENT_PARTS, "") | {"comment": comment})
    answers = {}
    for item in page.questions:
        if offered := item.choices:
            answers[item.key] = AnswerData(chosen=(chance.choice(offered),))
        elif chance.random() < 0.5:
            answers[item.key] = AnswerData(f"Made-up answer {number}.")
    return ParsedPage(answers, stances, {})
