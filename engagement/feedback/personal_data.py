"""What feedback holds about an address: the answers it was given with. And how that is erased.

Nobody confirms an address that they type into a form of feedback. So a link that is mailed to it shows that there are
answers, and none of their words: they may be somebody else's, who mistyped.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from engagement.feedback.analysis.export_log import ERASED
from engagement.feedback.analysis.form_history import FormHistory
from engagement.feedback.analysis.permissions import invalidate_results
from engagement.feedback.models import FormVersion, OutcomeMail, Respondent, Response, RoundEvent
from engagement.feedback.privacy import retention  # noqa: F401 - its rules register themselves
from engagement.feedback.responses import submissions
from engagement.feedback.responses.parsing import COMMENT_PARTS
from engagement.feedback.schema import STANCES
from engagement.mailing_list import erasure_log
from engagement.mailing_list.personal_data import data_provider, eraser

__all__ = [
    "detach_address",
    "erase_respondent",
    "outcome_mails_of_address",
    "responses_of_address",
    "responses_without_words",
]

#: The reason of withdrawals in the erasure log.
WITHDRAWN = "withdrawn"
#: Stands where they are left out.
WORDS_SHOWN_ELSEWHERE = "Shown on the page of the receipt, and by the code to come back."
RESPONDENT_FIELDS = (
    "capacity",
    "name",
    "organisation",
    "role",
    "sector",
    "area",
    "attended",
    "may_contact",
    "may_quote",
)


def responses_without_words(address_hash: str) -> list[dict[str, Any]]:
    """That there are answers with the address: to which round, and when they were sent. One query."""
    people = _people(address_hash).select_related("response__round")
    return [
        {"round": one.response.round.title, **_when(one.response), "words": WORDS_SHOWN_ELSEWHERE} for one in people
    ]


@transaction.atomic
def detach_address(address_hash: str) -> int:
    """Take the address off all answers that it doesn't belong to, as its holder says. How many there were."""
    people = list(_people(address_hash).select_related("response__round"))
    for person in people:
        Respondent.objects.filter(pk=person.pk).update(address="", address_hash="", may_contact=False)
        RoundEvent.write(person.response.round, ERASED, response=person.response)
    OutcomeMail.objects.detach_responses([person.response for person in people])
    return len(people)


def _people(address_hash: str) -> QuerySet[Respondent]:
    return Respondent.objects.filter(address_hash=address_hash).exclude(address_hash="").order_by("pk")


def _when(response: Response) -> dict[str, str]:
    sent = response.submitted_at
    return {"state": response.get_state_display(), "sent_at": sent.isoformat() if sent else ""}


@data_provider("feedback", for_link=responses_without_words)
def responses_of_address(address_hash: str) -> list[dict[str, Any]]:
    """Each response with the address: who they said they are, and everything they answered. Five queries at most."""
    people = _people(address_hash).select_related("response__round")
    people = people.prefetch_related("response__answers", "response__stances__version")
    rounds = {person.response.round_id for person in people}
    forms: dict[int, list[Any]] = {}
    for version in FormVersion.objects.filter(round__in=rounds).order_by("number") if rounds else ():
        forms.setdefault(version.round_id, []).append(version.form)
    return [_row(person, FormHistory(forms.get(person.response.round_id, []))) for person in people]


@data_provider("feedback_mails")
def outcome_mails_of_address(address_hash: str) -> list[dict[str, Any]]:
    """Each mail to the address about what came of a round. One query."""
    rows = OutcomeMail.objects.filter(address_hash=address_hash).select_related("round").order_by("pk")
    return [
        {"round": row.round.title, "state": row.get_state_display(), "at": row.created_at.isoformat()} for row in rows
    ]


@eraser("feedback")
def erase_respondent(address_hash: str, until: datetime, words: bool) -> int:
    """Delete who answered, with the leave to quote them; with ``words``, withdraw what they answered as well."""
    theirs = list(
        Response.objects.filter(respondent__address_hash=address_hash, begun_at__lte=until).select_related("round")
    )
    if words:
        for response in theirs:
            submissions.withdraw(response)
        return len(theirs)
    Respondent.objects.filter(response__in=theirs).delete()
    OutcomeMail.objects.detach_responses(theirs)
    for response in theirs:
        # By this it is found which files still hold who they were.
        RoundEvent.write(response.round, ERASED, response=response)
    for feedback_round in {response.round for response in theirs}:
        invalidate_results(feedback_round)
    return len(theirs)


def _row(person: Respondent, questions: FormHistory) -> dict[str, Any]:
    response = person.response
    said = {name: value for name in RESPONDENT_FIELDS if (value := getattr(person, name)) not in ("", None)}
    if person.capacity:
        said["capacity"] = person.get_capacity_display()
    return {
        "round": response.round.title,
        "reference": response.reference or "",
        **_when(response),
        **said,
        "said": [*_stances(response, questions), *_answers(response, questions)],
    }


def _stances(response: Response, questions: FormHistory) -> list[dict[str, str]]:
    found = []
    for one in response.stances.all():
        rated = questions.rated.get(one.proposition_id)
        about = f"{rated.ref} {rated.title}, version {one.version.number}" if rated else "A proposition"
        if one.stance:
            found.append({"about": about, "answer": STANCES[one.stance]})
        for part, label in COMMENT_PARTS.items():
            if text := getattr(one, part):
                found.append({"about": f"{about}: {label}", "answer": text})
    return found


def _answers(response: Response, questions: FormHistory) -> list[dict[str, str]]:
    found = []
    for one in response.answers.all():
        item = questions.items.get(str(one.question))
        found.append({"about": item.text if item else "A question", "answer": "; ".join(one.chosen) or one.text})
    return found


# --- withdrawals in the erasure log: by a hash of the response's key, which is random and names nobody ------------


def _withdrawals() -> Iterator[erasure_log.Entry]:
    withdrawn = Response.objects.filter(state=Response.State.WITHDRAWN).order_by()
    for key, at, begun_at in withdrawn.values_list("client_key", "withdrawn_at", "begun_at").iterator(2000):
        yield erasure_log.Entry(_key_hash(key), WITHDRAWN, at or begun_at)


def _withdraw_again(entries: list[erasure_log.Entry]) -> Counter[str]:
    hashes = {entry.hash for entry in entries}
    there = Response.objects.exclude(state=Response.State.WITHDRAWN).order_by().values_list("pk", "client_key")
    again = [pk for pk, client_key in there.iterator(2000) if _key_hash(client_key) in hashes]
    for response in Response.objects.filter(pk__in=again):
        submissions.withdraw(response)
    return Counter({"withdrawn again": len(again)})


def _key_hash(client_key: str) -> str:
    return sha256(client_key.encode()).hexdigest()


erasure_log.register(erasure_log.Source(frozenset([WITHDRAWN]), _withdrawals, _withdraw_again))
