"""What feedback holds about an address: the answers it was given with. And how that is erased."""

from datetime import datetime
from typing import Any

from engagement.feedback import answering
from engagement.feedback.analysis.asked import Asked
from engagement.feedback.analysis.rules import pages_may_change
from engagement.feedback.form import STANCES
from engagement.feedback.models import FormVersion, OutcomeMail, Respondent, Response
from engagement.feedback.reading import PARTS
from engagement.mailing_list.people import erases, holds

__all__ = ["answers_given", "erase_respondent", "mails_about_outcomes"]

SAID = ("capacity", "name", "organisation", "role", "sector", "area", "attended", "may_contact", "may_quote")


@holds("feedback")
def answers_given(address_hash: str) -> list[dict[str, Any]]:
    """Each response with the address: who they said they are, and everything they answered. Five queries at most."""
    people = (
        Respondent.objects.filter(address_hash=address_hash)
        .exclude(address_hash="")
        .select_related("response__round")
        .prefetch_related("response__answers", "response__stances__version")
        .order_by("pk")
    )
    rounds = {person.response.round_id for person in people}
    forms: dict[int, list[Any]] = {}
    for version in FormVersion.objects.filter(round__in=rounds).order_by("number") if rounds else ():
        forms.setdefault(version.round_id, []).append(version.form)
    return [_row(person, Asked(forms.get(person.response.round_id, []))) for person in people]


@holds("feedback_mails")
def mails_about_outcomes(address_hash: str) -> list[dict[str, Any]]:
    """Each mail to the address about what came of a round. One query."""
    rows = OutcomeMail.objects.filter(address_hash=address_hash).select_related("round").order_by("pk")
    return [
        {"round": row.round.title, "state": row.get_state_display(), "at": row.created_at.isoformat()} for row in rows
    ]


@erases("feedback")
def erase_respondent(address_hash: str, until: datetime, words: bool) -> int:
    """Delete who answered, with the leave to quote them; with ``words``, withdraw what they answered as well."""
    theirs = list(
        Response.objects.filter(respondent__address_hash=address_hash, begun_at__lte=until).select_related("round")
    )
    if words:
        for response in theirs:
            answering.withdraw(response)
        return len(theirs)
    Respondent.objects.filter(response__in=theirs).delete()
    for feedback_round in {response.round for response in theirs}:
        pages_may_change(feedback_round)
    return len(theirs)


def _row(person: Respondent, questions: Asked) -> dict[str, Any]:
    response = person.response
    said = {name: value for name in SAID if (value := getattr(person, name)) not in ("", None)}
    if person.capacity:
        said["capacity"] = person.get_capacity_display()
    return {
        "round": response.round.title,
        "reference": response.reference or "",
        "state": response.get_state_display(),
        "sent_at": response.submitted_at.isoformat() if response.submitted_at else "",
        **said,
        "said": [*_stances(response, questions), *_answers(response, questions)],
    }


def _stances(response: Response, questions: Asked) -> list[dict[str, str]]:
    found = []
    for one in response.stances.all():
        rated = questions.rated.get(one.proposition_id)
        about = f"{rated.ref} {rated.title}, version {one.version.number}" if rated else "A proposition"
        if one.stance:
            found.append({"about": about, "answer": STANCES[one.stance]})
        for part, label in PARTS.items():
            if text := getattr(one, part):
                found.append({"about": f"{about}: {label}", "answer": text})
    return found


def _answers(response: Response, questions: Asked) -> list[dict[str, str]]:
    found = []
    for one in response.answers.all():
        item = questions.items.get(str(one.question))
        found.append({"about": item.text if item else "A question", "answer": "; ".join(one.chosen) or one.text})
    return found
