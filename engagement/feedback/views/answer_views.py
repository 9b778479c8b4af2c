"""Filling in one page of a form: of a round at a time, or about one proposition from its own page.

Nothing that was typed is lost on the way. Whatever can't be kept (too long, a key that was damaged, a round that
closed, too many at once) is shown again with what was typed in it, and a word on what to do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from engagement.feedback.models import FeedbackRound, FormVersion, Response, RoundSession
from engagement.feedback.responses import submissions, throttling
from engagement.feedback.responses.keys import is_valid_key, new_client_key, normalise_code
from engagement.feedback.responses.parsing import AnswerData, ParsedPage, StanceData, parse_page, with_all_optional
from engagement.feedback.responses.presenters import (
    AnswerSummary,
    error_list,
    proposition_controls,
    question_controls,
    summarise_page,
)
from engagement.feedback.responses.queries import find_response, find_session
from engagement.feedback.responses.submissions import ClosedError
from engagement.feedback.rounds import standing_round
from engagement.feedback.schema import FormPage, FormSchema
from engagement.feedback.views.closed_round import closed_response
from engagement.feedback.views.navigation import (
    form_page_url,
    newest_form_version,
    next_url,
    private_view,
    response_url,
    step_count,
    step_number,
)
from nelis.core.views.decorators import no_store
from sectors.models import PropositionPage

__all__ = ["answer_page", "requested_session", "respond_to_proposition"]

#: What travels from page to page in the address until the first page is kept: how somebody came in.
ENTRY_PARAMETERS = ("code", "table")


@dataclass(frozen=True)
class AnswerRequest:
    """Somebody at one page of a form: who asks, for which round, with which key. ``find`` gives the page's number."""

    request: HttpRequest
    asked: FeedbackRound
    key: str
    find: Callable[[FormSchema], int | None]

    def step(self, form: FormSchema) -> int:
        """The number of the page in ``form``, from 1. Raises Http404 where it has no such page."""
        found = self.find(form)
        if found is None:
            raise Http404("no such page")
        return found

    def came_with(self) -> dict[str, str]:
        """What the address says of how they came in."""
        return {name: str(value) for name, value in self.request.GET.items() if name in ENTRY_PARAMETERS}

    def typed(self, form: FormSchema) -> list[AnswerSummary]:
        """What was posted, in words, for a page on which nothing can be kept."""
        page = form.pages[self.step(form) - 1]
        read = parse_page(page, self.request.POST)
        return summarise_page(page, read.answers, read.stances)


@private_view
@require_http_methods(["GET", "HEAD", "POST"])
def answer_page(request: HttpRequest, asked: FeedbackRound, step: int) -> HttpResponse:
    """One page of a round's form. Without a key in its address it mints one: that is how everybody begins."""
    if asked.is_standing:
        raise Http404("it is answered proposition by proposition")
    return _fill_in(request, asked, lambda form: step if 1 <= step <= len(form.pages) else None)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def respond_to_proposition(request: HttpRequest, slug: str) -> HttpResponse:
    """What somebody thinks of one proposition, in the version that is public."""
    proposition = get_object_or_404(PropositionPage, slug=slug)
    asked = standing_round.get_standing_round()
    # Whoever was typing when it was withdrawn has answered the version that they read.
    if not proposition.live and (request.method != "POST" or asked is None):
        raise Http404("no such page")
    if asked is None:
        return render(request, "feedback/no_responses.html", {"proposition": proposition}, status=404)
    return no_store(_fill_in(request, asked, lambda form: standing_round.step_of_proposition(form, proposition.pk)))


def _fill_in(request: HttpRequest, asked: FeedbackRound, find: Callable[[FormSchema], int | None]) -> HttpResponse:
    key = request.GET.get("k", "")
    sitting = AnswerRequest(request, asked, key, find)
    if request.method == "POST":
        try:
            return _keep(sitting) if is_valid_key(key) else _under_a_new_key(sitting)
        except RequestDataTooBig:
            return _shown(sitting, status=413, too_much=True) if is_valid_key(key) else _begin(sitting)
    if not asked.takes_answers():
        return closed_response(request, asked, key)
    if "k" not in request.GET:
        return _begin(sitting)
    if not is_valid_key(key):
        raise Http404("no such response")
    return _shown(sitting)


def _shown(sitting: AnswerRequest, **more: Any) -> HttpResponse:
    """The page with what is kept for it."""
    form = newest_form_version(sitting.asked)
    kept = submissions.load_saved_response(sitting.key)
    if kept.response and kept.response.round_id != sitting.asked.pk:
        raise Http404("no such response")
    if kept.response and kept.response.withdrawn_at:
        return closed_response(sitting.request, sitting.asked, sitting.key)
    page = form.form.pages[sitting.step(form.form) - 1]
    newer = [one for one in page.rated if kept.versions.get(one.key, one.version) != one.version]
    return _page(sitting, form, kept.answers, kept.stances, response=kept.response, newer=newer, **more)


def _begin(sitting: AnswerRequest) -> HttpResponse:
    form = newest_form_version(sitting.asked).form
    step = sitting.step(form)
    return HttpResponseRedirect(form_page_url(sitting.asked, form, new_client_key(), step, **sitting.came_with()))


def _keep(sitting: AnswerRequest) -> HttpResponse:
    """Keep what was posted, against the version of the form that it was typed into."""
    asked, key, request = sitting.asked, sitting.key, sitting.request
    form = _form_typed_into(sitting)
    if form is None:
        return _typed_again(sitting, changed=True)
    page = form.form.pages[sitting.step(form.form) - 1]
    read = _read(asked, page, request)
    if read.errors:
        return _page(sitting, form, read.answers, read.stances, errors=read.errors, status=422)
    session = requested_session(request, asked)
    if session is None and _wrote_for_a_table(sitting):
        typed = request.POST.get("code", "")[:40]
        return _page(sitting, form, read.answers, read.stances, status=422, roomless=True, code=typed)
    try:
        response = submissions.save_page(
            asked,
            form,
            key,
            page,
            read,
            session,
            people=requested_table_size(request, session),
            throttle_key=throttling.throttle_key(request, session),
        )
    except ClosedError:
        return closed_response(request, asked, key, summarise_page(page, read.answers, read.stances))
    except submissions.RateLimitedError:
        return _crowded(sitting, form, read)
    except Response.DoesNotExist:
        # The key is that of answers to another round.
        return _under_a_new_key(sitting)
    if "later" in request.POST:
        code = submissions.issue_return_code(response)
        return render(request, "feedback/saved_for_later.html", {"round": asked, "code": code, "key": key})
    return HttpResponseRedirect(_after(sitting, form, page))


def _form_typed_into(sitting: AnswerRequest) -> FormVersion | None:
    """The version of the form that the page says it is of; None if there never was one like that."""
    number = sitting.request.POST.get("form", "")
    newest = newest_form_version(sitting.asked)
    if number == str(newest.number):
        return newest if sitting.find(newest.form) else None
    if not (number.isascii() and number.isdecimal() and len(number) < 5):
        return None
    found = FormVersion.objects.filter(round=sitting.asked, number=int(number)).first()
    return found if found and sitting.find(found.form) else None


def _read(asked: FeedbackRound, page: FormPage, request: HttpRequest) -> ParsedPage:
    # Who saves to come back later has not finished the page.
    read = parse_page(with_all_optional(page) if "later" in request.POST else page, request.POST)
    if asked.is_standing and not read.errors and not any(read.stances.values()):
        (rated,) = page.rated
        read.errors[rated.key] = f"Choose how far you support {rated.ref}, or say what you think of it"
    return read


def _after(sitting: AnswerRequest, form: FormVersion, page: FormPage) -> str:
    """Where it goes on: to the next page, or to this one again, if it asks something else by now."""
    newest = newest_form_version(sitting.asked)
    step = sitting.find(newest.form)
    if step is None:
        # The form has fewer pages now: what was kept stays kept.
        step = len(newest.form.pages)
    elif newest.pk != form.pk and newest.form.pages[step - 1] != page:
        return form_page_url(sitting.asked, newest.form, sitting.key, step, changed=1)
    return next_url(sitting.asked, newest.form, sitting.key, step)


def requested_session(request: HttpRequest, asked: FeedbackRound) -> RoundSession | None:
    """The session whose code the person came with, or typed in when the page asked for it."""
    code = normalise_code(request.POST.get("code") or request.GET.get("code", ""))
    return find_session(code, asked)


def requested_table_size(request: HttpRequest, session: RoundSession | None) -> int:
    """How many sit at the table that somebody writes for. One, unless they came with a code and said so."""
    number = request.GET.get("table", "")
    if session is None or not (number.isascii() and number.isdecimal() and len(number) < 3):
        return 1
    return max(1, min(int(number), submissions.MAX_TABLE_SIZE))


def _wrote_for_a_table(sitting: AnswerRequest) -> bool:
    """Whether a table's first page comes with a code that leads nowhere by now: it would be kept as one person's."""
    came_with = sitting.came_with()
    if not (came_with.get("code") and came_with.get("table")) or "alone" in sitting.request.POST:
        return False
    # Whoever has begun goes on: the table is known by then.
    return find_response(sitting.key) is None


def _under_a_new_key(sitting: AnswerRequest) -> HttpResponse:
    """The address was damaged on the way, or made up: what was typed goes into a response of its own."""
    return _typed_again(AnswerRequest(sitting.request, sitting.asked, new_client_key(), sitting.find), damaged=True)


def _typed_again(sitting: AnswerRequest, **why: Any) -> HttpResponse:
    """The page as it is now, with what was typed. Nothing of that is kept yet."""
    form = newest_form_version(sitting.asked)
    if not sitting.asked.takes_answers():
        return closed_response(sitting.request, sitting.asked, sitting.key, sitting.typed(form.form))
    read = parse_page(form.form.pages[sitting.step(form.form) - 1], sitting.request.POST)
    return _page(sitting, form, read.answers, read.stances, errors=read.errors, status=422, **why)


def _crowded(sitting: AnswerRequest, form: FormVersion, read: ParsedPage) -> HttpResponse:
    typed = sitting.request.POST.get("code", "")[:40]
    response = _page(sitting, form, read.answers, read.stances, status=429, crowded=True, code=typed)
    response["Retry-After"] = str(throttling.RETRY_AFTER)
    return response


def _page(
    sitting: AnswerRequest,
    form: FormVersion,
    answers: Mapping[str, AnswerData],
    stances: Mapping[str, StanceData],
    *,
    errors: Mapping[str, str] | None = None,
    response: Response | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    asked, key, request = sitting.asked, sitting.key, sitting.request
    step = sitting.step(form.form)
    page = form.form.pages[step - 1]
    context = {
        "round": asked,
        "form": form,
        "page_of_form": page,
        "step": step_number(asked, step),
        "steps": step_count(asked, form.form),
        "rated": proposition_controls(page, stances, errors or {}),
        "controls": question_controls(page, answers, errors or {}),
        "errors": error_list(page, errors or {}),
        "changed": "changed" in request.GET,
        "back": form_page_url(asked, form.form, key, step - 1) if step_number(asked, step) > 1 else "",
        "action": form_page_url(asked, form.form, key, step, **sitting.came_with()),
        "draft": f"{asked.slug}:{key}:{page.key}",
        # What the page shows isn't what is kept.
        "unsaved": status in (422, 429),
    }
    if asked.is_standing:
        context["elsewhere"] = other_open_rounds(asked, page)
    elif step == 1 or "code" in request.GET:
        context |= _table(sitting, response)
    return render(request, "feedback/answer.html", context | more, status=status)


def _table(sitting: AnswerRequest, response: Response | None) -> dict[str, Any]:
    """Whether somebody writes for a table, and where they say so. Offered to those who came with a code."""
    if response is not None:
        people, session = response.people, response.session_id
    else:
        found = requested_session(sitting.request, sitting.asked) if "code" in sitting.request.GET else None
        people, session = requested_table_size(sitting.request, found), found.pk if found else None
    if session is None:
        return {}
    return {"people": people, "table": response_url("table", sitting.asked, sitting.key, **sitting.came_with())}


def other_open_rounds(asked: FeedbackRound, page: FormPage) -> list[FeedbackRound]:
    """Other rounds that take answers now, and ask about the same proposition."""
    (rated,) = page.rated
    rounds = FeedbackRound.objects.filter(
        state=FeedbackRound.State.OPEN, sessions__propositions__proposition=rated.proposition
    )
    return [one for one in rounds.exclude(pk=asked.pk).distinct() if one.takes_answers()]
