"""What somebody gave to another version of the form than the one they see: it stays as it is unless they change it."""

from dataclasses import replace

from engagement.feedback.finding import answers_of, stances_of
from engagement.feedback.form import Page
from engagement.feedback.models import FeedbackRound, FormVersion, PropositionResponse, Response
from engagement.feedback.reading import PARTS, Read, Stance, options

__all__ = ["left_alone", "may_be", "stance_of"]


def may_be(feedback_round: FeedbackRound, form: FormVersion) -> bool:
    """Whether anything can be kept that was given to another version of the form than ``form``. No query."""
    # Rounds that an address led to know the number of their newest form. Only the standing one is found in another way.
    newest: int = getattr(feedback_round, "form_number", form.number)
    return feedback_round.is_standing or newest > 1


def stance_of(row: PropositionResponse) -> Stance:
    """What a row says."""
    return Stance(row.stance, {part: getattr(row, part) for part in PARTS})


def left_alone(response: Response, page: Page, read: Read) -> Read:
    """``read`` without what was left as the page showed it, where the page couldn't show it as it was given.

    That is a choice that isn't offered any more, and a stance on another version of its proposition: what somebody
    left alone is still what they said of that version. Two queries at most.
    """
    answers, stances = dict(read.answers), dict(read.stances)
    kept = {str(one.question): set(one.chosen) for one in answers_of(response)} if page.items else {}
    for item in page.items:
        chosen, offered = kept.get(item.key, set()), set(options(item))
        if chosen - offered and chosen & offered == set(answers[item.key].chosen):
            del answers[item.key]
    versions = {rated.key: rated.version for rated in page.rated}
    for row in stances_of(response) if page.rated else ():
        key = f"p{row.proposition_id}"
        if versions.get(key, row.version_id) != row.version_id and stances.get(key) == stance_of(row):
            del stances[key]
    return replace(read, answers=answers, stances=stances)
