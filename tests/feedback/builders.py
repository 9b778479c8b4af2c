"""Answers to the round about kites, and a report of it: what several tests need."""

import re
from types import SimpleNamespace
from typing import Any

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
from engagement.feedback.reporting import publishing
from engagement.feedback.responses import submissions
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.merging import control_values, describe_shown, parse_shown, respondent_values
from engagement.feedback.responses.parsing import AnswerData, ParsedPage, StanceData
from engagement.feedback.responses.saved_response import load_saved_response
from engagement.feedback.responses.text_anchors import part_anchor
from engagement.feedback.rounds.opening import close
from engagement.feedback.schema import COMMENT_PARTS, FormPage
from nelis.core.models import User

COMMENT = "Kites need wind, says Mr Blow, and long tails."


def submit_answers(
    fair: SimpleNamespace, stance: str = "support", comment: str = "", chosen: str = "", **person: Any
) -> Response:
    """One response that was sent: a stance on the first proposition, a comment, a colour, and who it was."""
    key = new_client_key()
    first, second = fair.form.schema.pages
    rated = first.propositions[0]
    stances = {rated.key: StanceData(stance, dict.fromkeys(COMMENT_PARTS, "") | {"comment": comment})}
    submissions.save_page(fair.round, fair.form, key, first, ParsedPage({}, stances, {}))
    if chosen:
        question = str(fair.questions["choice"].key)
        submissions.save_page(
            fair.round, fair.form, key, second, ParsedPage({question: AnswerData(chosen=(chosen,))}, {}, {})
        )
    if person:
        submissions.save_respondent(fair.round, key, person)
    return submissions.submit(fair.round, key)


def shown_now(key: str, page: FormPage) -> dict[str, str]:
    """What a page shows that somebody opens now: with it they may change all of it."""
    return parse_shown(describe_shown(control_values(page, load_saved_response(key))))


def shown_about(person: Respondent) -> dict[str, str]:
    """The same of the page about somebody who has given an address."""
    return parse_shown(describe_shown(respondent_values({"address": person.address})))


def submit_table_answers(fair: SimpleNamespace, number: int, people: int = 10, stance: str = "oppose") -> None:
    """Responses that tables of so many people gave."""
    for _ in range(number):
        one = submit_answers(fair, stance)
        Response.objects.filter(pk=one.pk).update(mode="table", people=people)


def get_officer(name: str = "olive") -> User:
    """Somebody who may report back."""
    return User.objects.get_or_create(username=name)[0]


def make_coding(response: Response, code: Code, anchor: str, start: int = 0, end: int = 5) -> Coding:
    """A code on words of a response."""
    return Coding.objects.create(response=response, code=code, anchor=anchor, start=start, end=end, by=get_officer())


def comment_place(fair: SimpleNamespace) -> str:
    """Where comments on the first proposition stand."""
    return part_anchor(fair.propositions[0].pk, "comment")


def write_report(fair: SimpleNamespace, response: Response, **changes: Any) -> SimpleNamespace:
    """A theme with a code on the comment of ``response``, and an official response about the first proposition."""
    code = Code.objects.create(round=fair.round, name="Wind")
    make_coding(response, code, comment_place(fair), 0, 15)
    theme = Theme.objects.create(round=fair.round, title="There is no wind", summary="Many missed the wind.")
    theme.codes.add(code)
    values = {"you_said": "The wind is missing.", "decision": "changed", "reason": "We added wind."} | changes
    official = OfficialResponse.objects.create(round=fair.round, **values)
    official.themes.add(theme)
    version = fair.propositions[0].versions.order_by("number").last()
    outcome = Outcome.objects.create(official_response=official, proposition=fair.propositions[0], version=version)
    return SimpleNamespace(code=code, theme=theme, official=official, outcome=outcome)


def close_and_report(fair: SimpleNamespace) -> None:
    """Close the round and report it back."""
    close(fair.round)
    publishing.report_back(fair.round, get_officer("otto"))


def choose_quotation(
    fair: SimpleNamespace, response: Response, start: int = 0, end: int = 999, **values: Any
) -> Quotation:
    """Choose words of the comment on the first proposition."""
    quotation = Quotation(response=response, anchor=comment_place(fair), start=start, end=end, **values)
    return publishing.add_quotation(quotation, get_officer())


def respondent_of(response: Response) -> Respondent:
    """Who gave it."""
    return Respondent.objects.get(response=response)


def compact_html(response: Any) -> str:
    """The page with single blanks, and none beside its tags."""
    return re.sub(r"\s*(<[^>]+>)\s*", r"\1", " ".join(response.content.decode().split()))
