"""The order of the pages on which a round is answered, and their URLs.

A round at an event is answered session by session. In the standing round, a response goes through the one page about
its proposition. Both end with the same steps: about you, check, receipt.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from engagement.feedback.models import FeedbackRound, FormVersion, Response, RoundSession
from engagement.feedback.schema import FormSchema

__all__ = [
    "answered_propositions",
    "first_page_url",
    "form_page_url",
    "response_url",
    "step_count",
    "step_of_session",
    "steps_for",
]


def response_url(name: str, round_: FeedbackRound, key: str, *args: Any, **query: Any) -> str:
    """The URL of a page of somebody's response, with its key."""
    return f"{_path(name, round_.slug, *args)}?{urlencode({'k': key, **query})}"


@lru_cache(maxsize=1000)
def _path(name: str, *args: Any) -> str:
    # Every page names several of these, and there are only so many.
    return reverse(f"feedback:{name}", args=args)


def form_page_url(round_: FeedbackRound, schema: FormSchema, key: str, step: int, **query: Any) -> str:
    """The URL of a page of the form."""
    if round_.is_standing:
        (rated,) = schema.pages[step - 1].propositions
        return f"{rated.respond_url}?{urlencode({'k': key, **query})}"
    return response_url("answer", round_, key, step, **query)


def step_count(round_: FeedbackRound, schema: FormSchema) -> int:
    """How many steps it takes to answer: the pages, about you, and the check."""
    return (1 if round_.is_standing else len(schema.pages)) + 2


def steps_for(round_: FeedbackRound, schema: FormSchema, proposition_ids: Iterable[int]) -> list[int]:
    """The pages that a response to these propositions goes through: all of them, except in the standing round."""
    if not round_.is_standing:
        return list(range(1, len(schema.pages) + 1))
    steps = {schema.step_of_proposition(proposition_id) for proposition_id in proposition_ids}
    return sorted(step for step in steps if step)


def answered_propositions(round_: FeedbackRound, response: Response) -> list[int]:
    """The propositions that a response to the standing round is about. One query; none for other rounds."""
    return list(response.stances.values_list("proposition", flat=True)) if round_.is_standing else []


def first_page_url(round_: FeedbackRound, schema: FormSchema, response: Response) -> str:
    """The URL of the first page of a response; of the round, where no proposition was responded to."""
    steps = steps_for(round_, schema, answered_propositions(round_, response))
    if not steps:
        return reverse("feedback:round", args=[round_.slug])
    return form_page_url(round_, schema, response.client_key, steps[0])


def step_of_session(newest: FormVersion | None, session: RoundSession | None) -> int:
    """The page of the newest form that is a session’s; the first where there is none."""
    keys = [page.key for page in newest.schema.pages] if newest and session else []
    return keys.index(str(session.key)) + 1 if session and str(session.key) in keys else 1
