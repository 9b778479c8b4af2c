"""The personal data that feedback holds about an address: the responses it was given with. And how that is erased.

Nobody confirms an address that they type into a form of feedback. So a link that is mailed to it shows that there are
answers, and none of their words: they may be somebody else’s, who mistyped.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from engagement.feedback.analysis.export_log import ERASED
from engagement.feedback.analysis.form_history import FormHistory
from engagement.feedback.models import OutcomeMail, Respondent, Response, RoundEvent
from engagement.feedback.privacy import retention, withdrawals  # noqa: F401 - retention's rules register themselves
from engagement.feedback.responses.saved_response import SavedResponse
from engagement.feedback.schema import COMMENT_PARTS
from engagement.mailing_list.personal_data import data_provider, eraser

__all__ = [
    "detach_address",
    "erase_respondent",
    "outcome_mails_of_address",
    "responses_of_address",
    "responses_without_words",
]

#: Stands where the words are left out.
WORDS_SHOWN_ELSEWHERE = "Shown on the page of the receipt, and by the code to come back."
RESPONDENT_FIELDS = (
    *("capacity", "name", "organisation", "role", "sector", "area"),
    *("attended", "may_contact", "may_quote"),
)


def responses_without_words(address_hash: str) -> list[dict[str, Any]]:
    """That there are responses with the address: to which round, and when they were sent. One query."""
    respondents = _respondents(address_hash).select_related("response__round")
    return [
        {"round": respondent.response.round.title, **_state(respondent.response), "words": WORDS_SHOWN_ELSEWHERE}
        for respondent in respondents
    ]


@transaction.atomic
def detach_address(address_hash: str) -> int:
    """Take the address off all responses that aren’t its holder’s, as they say. Return how many there were."""
    respondents = list(_respondents(address_hash).select_related("response__round"))
    for respondent in respondents:
        Respondent.objects.filter(pk=respondent.pk).update(address="", address_hash="", may_contact=False)
        RoundEvent.write(respondent.response.round, ERASED, response=respondent.response)
    OutcomeMail.objects.detach_responses([respondent.response for respondent in respondents])
    return len(respondents)


def _respondents(address_hash: str) -> QuerySet[Respondent]:
    return Respondent.objects.filter(address_hash=address_hash).exclude(address_hash="").order_by("pk")


def _state(response: Response) -> dict[str, str]:
    sent_at = response.submitted_at
    return {"state": response.get_state_display(), "sent_at": sent_at.isoformat() if sent_at else ""}


@data_provider("feedback", for_link=responses_without_words)
def responses_of_address(address_hash: str) -> list[dict[str, Any]]:
    """Each response with the address: who they said they are, and everything they answered. Five queries at most."""
    respondents = _respondents(address_hash).select_related("response__round")
    respondents = respondents.prefetch_related(
        "response__answers", "response__stances__version", "response__round__forms"
    )
    return [_row(respondent) for respondent in respondents]


@data_provider("feedback_mails")
def outcome_mails_of_address(address_hash: str) -> list[dict[str, Any]]:
    """Each mail to the address about what came of a round. One query."""
    mails = OutcomeMail.objects.filter(address_hash=address_hash).select_related("round").order_by("pk")
    return [
        {"round": mail.round.title, "state": mail.get_state_display(), "at": mail.created_at.isoformat()}
        for mail in mails
    ]


@eraser("feedback")
def erase_respondent(address_hash: str, until: datetime, words: bool) -> int:
    """Delete who answered, with the leave to quote them; with ``words``, withdraw what they answered as well."""
    responses = list(
        Response.objects.filter(respondent__address_hash=address_hash, begun_at__lte=until).select_related("round")
    )
    if words:
        for response in responses:
            withdrawals.withdraw(response)
        return len(responses)
    Respondent.objects.filter(response__in=responses).delete()
    OutcomeMail.objects.detach_responses(responses)
    for response in responses:
        # By this it is found which exported files still hold who they were.
        RoundEvent.write(response.round, ERASED, response=response)
    for round_ in {response.round for response in responses}:
        round_.invalidate_results()
    return len(responses)


def _row(respondent: Respondent) -> dict[str, Any]:
    response = respondent.response
    values = {name: value for name in RESPONDENT_FIELDS if (value := getattr(respondent, name)) not in ("", None)}
    if respondent.capacity:
        values["capacity"] = respondent.get_capacity_display()
    versions = sorted(response.round.forms.all(), key=lambda version: version.number)
    history = FormHistory(version.schema for version in versions)
    said = []
    for statement in history.statements(SavedResponse.of(response, with_numbers=True)):
        about = "A question" if statement.question is None else statement.question.text
        if statement.proposition_id is not None:
            rated = statement.proposition
            about = f"{rated.ref} {rated.title}, version {statement.version}" if rated else "A proposition"
            about += f": {COMMENT_PARTS[statement.kind]}" if statement.kind in COMMENT_PARTS else ""
        said.append({"about": about, "answer": "; ".join(statement.texts)})
    return {
        "round": response.round.title,
        "reference": response.reference or "",
        **_state(response),
        **values,
        "said": said,
    }
