"""The way through a round: which page comes after which, and the addresses of all of them.

A round at a time goes through all its sessions. A response to one proposition goes through that page alone, and then
the same last steps: about you, check, receipt.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt

from engagement.feedback.models import FeedbackRound, FormVersion, Response, RoundSession
from engagement.feedback.responses import queries
from engagement.feedback.responses.keys import is_valid_key
from engagement.feedback.rounds import standing_round
from engagement.feedback.schema import FormSchema
from nelis.core.views.decorators import no_store

__all__ = [
    "answered_propositions",
    "first_page_url",
    "form_page_url",
    "key_from_request",
    "newest_form_version",
    "next_url",
    "private_view",
    "response_url",
    "step_count",
    "step_number",
    "step_of_session",
    "steps_for",
]

View = Callable[..., HttpResponse]


def private_view(view: View) -> View:
    """For pages whose address opens somebody's answers.

    Without Django's token against forged requests, which needs a cookie: the key in the address does its work, since
    another site doesn't know it.
    """

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = queries.find_round(slug)
        return no_store(view(request, asked, *args, **kwargs))

    return wrapped


def key_from_request(request: HttpRequest) -> str:
    """The key in the address. Raises Http404 for one that was not minted here."""
    key = request.GET.get("k", "")
    if not is_valid_key(key):
        raise Http404("no such response")
    return key


def newest_form_version(asked: FeedbackRound) -> FormVersion:
    """The newest version of the form of a round that an address led to. Raises Http404 where there is none."""
    form = standing_round.current_form_version(asked) if asked.is_standing else queries.newest_form_of(asked)
    if form is None:
        raise Http404("no form")
    return form


def response_url(name: str, asked: FeedbackRound, key: str, *args: Any, **query: Any) -> str:
    """Where a page of somebody's answers is."""
    return f"{_path(name, asked.slug, *args)}?{urlencode({'k': key, **query})}"


@lru_cache(maxsize=1000)
def _path(name: str, *args: Any) -> str:
    # Every page of answering names a few of them, and there are only so many.
    return reverse(f"feedback:{name}", args=args)


def form_page_url(asked: FeedbackRound, form: FormSchema, key: str, step: int, **query: Any) -> str:
    """Where a page of the form is filled in."""
    if asked.is_standing:
        (rated,) = form.pages[step - 1].rated
        return f"{rated.respond_url}?{urlencode({'k': key, **query})}"
    return response_url("answer", asked, key, step, **query)


def next_url(asked: FeedbackRound, form: FormSchema, key: str, step: int) -> str:
    """Where somebody goes who has filled a page in."""
    if asked.is_standing or step >= len(form.pages):
        return response_url("about_you", asked, key)
    return form_page_url(asked, form, key, step + 1)


def step_count(asked: FeedbackRound, form: FormSchema) -> int:
    """How many steps it takes: the pages, about you, and the check."""
    return (1 if asked.is_standing else len(form.pages)) + 2


def step_number(asked: FeedbackRound, step: int) -> int:
    """Which of the steps a page of the form is."""
    return 1 if asked.is_standing else step


def steps_for(asked: FeedbackRound, form: FormSchema, rated: Iterable[int]) -> list[int]:
    """The pages that somebody goes through, who said something about the propositions ``rated``."""
    if not asked.is_standing:
        return list(range(1, len(form.pages) + 1))
    found = {standing_round.step_of_proposition(form, proposition) for proposition in rated}
    return sorted(step for step in found if step)


def step_of_session(asked: FeedbackRound, session: RoundSession | None) -> int:
    """The page of the newest form that is a session's; the first where there is none."""
    form = queries.newest_form_of(asked) if session else None
    keys = [page.key for page in form.form.pages] if form else []
    return keys.index(str(session.key)) + 1 if session and str(session.key) in keys else 1


def answered_propositions(asked: FeedbackRound, response: Response) -> list[int]:
    """The propositions that somebody said something about, where that is what decides on the pages. One query."""
    return list(response.stances.values_list("proposition", flat=True)) if asked.is_standing else []


def first_page_url(asked: FeedbackRound, form: FormSchema, response: Response) -> str:
    """The first page of somebody's answers; the round's own, where nothing was answered about a proposition."""
    found = steps_for(asked, form, answered_propositions(asked, response))
    if not found:
        return reverse("feedback:round", args=[asked.slug])
    return form_page_url(asked, form, response.client_key, found[0])
