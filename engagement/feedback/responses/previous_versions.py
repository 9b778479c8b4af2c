"""What somebody gave to another version of the form than the one they see: it stays as it is unless they change it."""

from dataclasses import replace

from engagement.feedback.models import FeedbackRound, FormVersion, PropositionResponse, Response
from engagement.feedback.responses.parsing import COMMENT_PARTS, ParsedPage, StanceData, options
from engagement.feedback.responses.queries import answers_of, stances_of
from engagement.feedback.schema import FormPage

__all__ = ["may_exist", "stance_data", "without_unchanged"]


def may_exist(feedback_round: FeedbackRound, form: FormVersion) -> bool:
    """Whether anything can be kept that was given to another version of the form than ``form``. No query."""
    # Rounds that an address led to know the number of their newest form. Only the standing one is found in another way.
    newest: int = getattr(feedback_round, "form_number", form.number)
    return feedback_round.is_standing or newest > 1


def stance_data(row: PropositionResponse) -> StanceData:
    """What a row says."""
    return StanceData(row.stance, {part: getattr(row, part) for part in COMMENT_PARTS})


def without_unchanged(response: Response, page: FormPage, read: ParsedPage) -> ParsedPage:
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
        if versions.get(key, row.version_id) != row.version_id and stances.get(key) == stance_data(row):
            del stances[key]
    return replace(read, answers=answers, stances=stances)
