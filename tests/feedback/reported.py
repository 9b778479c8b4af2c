"""Answers to the round about kites, and a report of it: what several tests need."""

from types import SimpleNamespace
from typing import Any

from engagement.feedback import answering
from engagement.feedback.keys import new_client_key
from engagement.feedback.models import (
    Code,
    Coding,
    OfficialResponse,
    Outcome,
    Quotation,
    Respondent,
    Response,
    Theme,
)
from engagement.feedback.opening import close
from engagement.feedback.places import place_of_part
from engagement.feedback.reading import PARTS, Given, Read, Stance
from engagement.feedback.reporting import publishing
from nelis.core.models import User

COMMENT = "Kites need wind, says Mr Blow, and long tails."


def respond(
    fair: SimpleNamespace, stance: str = "support", comment: str = "", chosen: str = "", **person: Any
) -> Response:
    """One response that was sent: a stance on the first proposition, a comment, a colour, and who it was."""
    key = new_client_key()
    first, second = fair.form.form.pages
    rated = first.rated[0]
    stances = {rated.key: Stance(stance, dict.fromkeys(PARTS, "") | {"comment": comment})}
    answering.keep_page(fair.round, fair.form, key, first, Read({}, stances, {}))
    if chosen:
        question = str(fair.questions["choice"].key)
        answering.keep_page(fair.round, fair.form, key, second, Read({question: Given(chosen=(chosen,))}, {}, {}))
    if person:
        answering.keep_respondent(fair.round, key, person)
    return answering.send(fair.round, key)


def tables(fair: SimpleNamespace, number: int, people: int = 10, stance: str = "oppose") -> None:
    """Responses that tables of so many people gave."""
    for _ in range(number):
        one = respond(fair, stance)
        Response.objects.filter(pk=one.pk).update(mode="table", people=people)


def officer(name: str = "olive") -> User:
    """Somebody who may report back."""
    return User.objects.get_or_create(username=name)[0]


def coded(response: Response, code: Code, place: str, start: int = 0, end: int = 5) -> Coding:
    """A code on words of a response."""
    return Coding.objects.create(response=response, code=code, place=place, start=start, end=end, by=officer())


def comment_place(fair: SimpleNamespace) -> str:
    """Where comments on the first proposition stand."""
    return place_of_part(fair.propositions[0].pk, "comment")


def write_report(fair: SimpleNamespace, response: Response, **changes: Any) -> SimpleNamespace:
    """A theme with a code on the comment of ``response``, and an official response about the first proposition."""
    code = Code.objects.create(round=fair.round, name="Wind")
    coded(response, code, comment_place(fair), 0, 15)
    theme = Theme.objects.create(round=fair.round, title="There is no wind", summary="Many missed the wind.")
    theme.codes.add(code)
    values = {"you_said": "The wind is missing.", "decision": "changed", "reason": "We added wind."} | changes
    official = OfficialResponse.objects.create(round=fair.round, **values)
    official.themes.add(theme)
    version = fair.propositions[0].versions.order_by("number").last()
    outcome = Outcome.objects.create(official_response=official, proposition=fair.propositions[0], version=version)
    return SimpleNamespace(code=code, theme=theme, official=official, outcome=outcome)


def report(fair: SimpleNamespace) -> None:
    """Close the round and report it back."""
    close(fair.round)
    publishing.report_back(fair.round, officer("otto"))


def quote(fair: SimpleNamespace, response: Response, start: int = 0, end: int = 999, **values: Any) -> Quotation:
    """Choose words of the comment on the first proposition."""
    quotation = Quotation(response=response, place=comment_place(fair), start=start, end=end, **values)
    return publishing.quote(quotation, officer())


def person(response: Response) -> Respondent:
    """Who gave it."""
    return Respondent.objects.get(response=response)
