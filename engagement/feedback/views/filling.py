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

from engagement.feedback import answering, limits, standing
from engagement.feedback.answering import ClosedError
from engagement.feedback.finding import find_response, find_session
from engagement.feedback.form import Form, Page
from engagement.feedback.keys import is_genuine, new_client_key, read_code
from engagement.feedback.models import FeedbackRound, FormVersion, Response, RoundSession
from engagement.feedback.reading import Given, Read, Stance, read_page, with_gaps
from engagement.feedback.show import Summary, controls, error_list, rated_controls, summary
from engagement.feedback.views.closing import closed
from engagement.feedback.views.ways import (
    address,
    current_form,
    next_page,
    page_address,
    private,
    steps,
    where,
)
from nelis.core.views.cookieless import kept_by_nobody
from sectors.models import PropositionPage

__all__ = ["answer", "respond", "session_of"]

#: What travels from page to page in the address until the first page is kept: how somebody came in.
CAME_WITH = ("code", "table")


@dataclass(frozen=True)
class Sitting:
    """Somebody at one page of a form: who asks, for which round, with which key. ``find`` gives the page's number."""

    request: HttpRequest
    asked: FeedbackRound
    key: str
    find: Callable[[Form], int | None]

    def step(self, form: Form) -> int:
        """The number of the page in ``form``, from 1. Raises Http404 where it has no such page."""
        found = self.find(form)
        if found is None:
            raise Http404("no such page")
        return found

    def came_with(self) -> dict[str, str]:
        """What the address says of how they came in."""
        return {name: str(value) for name, value in self.request.GET.items() if name in CAME_WITH}

    def typed(self, form: Form) -> list[Summary]:
        """What was posted, in words, for a page on which nothing can be kept."""
        page = form.pages[self.step(form) - 1]
        read = read_page(page, self.request.POST)
        return summary(page, read.answers, read.stances)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, asked: FeedbackRound, step: int) -> HttpResponse:
    """One page of a round's form. Without a key in its address it mints one: that is how everybody begins."""
    if asked.is_standing:
        raise Http404("it is answered proposition by proposition")
    return _fill_in(request, asked, lambda form: step if 1 <= step <= len(form.pages) else None)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def respond(request: HttpRequest, slug: str) -> HttpResponse:
    """What somebody thinks of one proposition, in the version that is public."""
    proposition = get_object_or_404(PropositionPage, slug=slug)
    asked = standing.standing_round()
    # Whoever was typing when it was withdrawn has answered the version that they read.
    if not proposition.live and (request.method != "POST" or asked is None):
        raise Http404("no such page")
    if asked is None:
        return render(request, "feedback/no_responses.html", {"proposition": proposition}, status=404)
    return kept_by_nobody(_fill_in(request, asked, lambda form: standing.step_of(form, proposition.pk)))


def _fill_in(request: HttpRequest, asked: FeedbackRound, find: Callable[[Form], int | None]) -> HttpResponse:
    key = request.GET.get("k", "")
    sitting = Sitting(request, asked, key, find)
    if request.method == "POST":
        try:
            return _keep(sitting) if is_genuine(key) else _under_a_new_key(sitting)
        except RequestDataTooBig:
            return _shown(sitting, status=413, too_much=True) if is_genuine(key) else _begin(sitting)
    if not asked.takes_answers():
        return closed(request, asked, key)
    if "k" not in request.GET:
        return _begin(sitting)
    if not is_genuine(key):
        raise Http404("no such response")
    return _shown(sitting)


def _shown(sitting: Sitting, **more: Any) -> HttpResponse:
    """The page with what is kept for it."""
    form = current_form(sitting.asked)
    kept = answering.kept(sitting.key)
    if kept.response and kept.response.round_id != sitting.asked.pk:
        raise Http404("no such response")
    if kept.response and kept.response.withdrawn_at:
        return closed(sitting.request, sitting.asked, sitting.key)
    page = form.form.pages[sitting.step(form.form) - 1]
    newer = [one for one in page.rated if kept.versions.get(one.key, one.version) != one.version]
    return _page(sitting, form, kept.answers, kept.stances, response=kept.response, newer=newer, **more)


def _begin(sitting: Sitting) -> HttpResponse:
    form = current_form(sitting.asked).form
    step = sitting.step(form)
    return HttpResponseRedirect(page_address(sitting.asked, form, new_client_key(), step, **sitting.came_with()))


def _keep(sitting: Sitting) -> HttpResponse:
    """Keep what was posted, against the version of the form that it was typed into."""
    asked, key, request = sitting.asked, sitting.key, sitting.request
    form = _form_typed_into(sitting)
    if form is None:
        return _typed_again(sitting, changed=True)
    page = form.form.pages[sitting.step(form.form) - 1]
    read = _read(asked, page, request)
    if read.errors:
        return _page(sitting, form, read.answers, read.stances, errors=read.errors, status=422)
    session = session_of(request, asked)
    if session is None and _wrote_for_a_table(sitting):
        typed = request.POST.get("code", "")[:40]
        return _page(sitting, form, read.answers, read.stances, status=422, roomless=True, code=typed)
    try:
        response = answering.keep_page(
            asked,
            form,
            key,
            page,
            read,
            session,
            people=table_of(request, session),
            came_from=limits.came_from(request, session),
        )
    except ClosedError:
        return closed(request, asked, key, summary(page, read.answers, read.stances))
    except answering.CrowdedError:
        return _crowded(sitting, form, read)
    except Response.DoesNotExist:
        # The key is that of answers to another round.
        return _under_a_new_key(sitting)
    if "later" in request.POST:
        code = answering.keep_for_later(response)
        return render(request, "feedback/later.html", {"round": asked, "code": code, "key": key})
    return HttpResponseRedirect(_after(sitting, form, page))


def _form_typed_into(sitting: Sitting) -> FormVersion | None:
    """The version of the form that the page says it is of; None if there never was one like that."""
    number = sitting.request.POST.get("form", "")
    newest = current_form(sitting.asked)
    if number == str(newest.number):
        return newest if sitting.find(newest.form) else None
    if not (number.isascii() and number.isdecimal() and len(number) < 5):
        return None
    found = FormVersion.objects.filter(round=sitting.asked, number=int(number)).first()
    return found if found and sitting.find(found.form) else None


def _read(asked: FeedbackRound, page: Page, request: HttpRequest) -> Read:
    # Who saves to come back later has not finished the page.
    read = read_page(with_gaps(page) if "later" in request.POST else page, request.POST)
    if asked.is_standing and not read.errors and not any(read.stances.values()):
        (rated,) = page.rated
        read.errors[rated.key] = f"Choose how far you support {rated.ref}, or say what you think of it"
    return read


def _after(sitting: Sitting, form: FormVersion, page: Page) -> str:
    """Where it goes on: to the next page, or to this one again, if it asks something else by now."""
    newest = current_form(sitting.asked)
    step = sitting.find(newest.form)
    if step is None:
        # The form has fewer pages now: what was kept stays kept.
        step = len(newest.form.pages)
    elif newest.pk != form.pk and newest.form.pages[step - 1] != page:
        return page_address(sitting.asked, newest.form, sitting.key, step, changed=1)
    return next_page(sitting.asked, newest.form, sitting.key, step)


def session_of(request: HttpRequest, asked: FeedbackRound) -> RoundSession | None:
    """The session whose code the person came with, or typed in when the page asked for it."""
    code = read_code(request.POST.get("code") or request.GET.get("code", ""))
    return find_session(code, asked)


def table_of(request: HttpRequest, session: RoundSession | None) -> int:
    """How many sit at the table that somebody writes for. One, unless they came with a code and said so."""
    number = request.GET.get("table", "")
    if session is None or not (number.isascii() and number.isdecimal() and len(number) < 3):
        return 1
    return max(1, min(int(number), answering.MOST_AT_A_TABLE))


def _wrote_for_a_table(sitting: Sitting) -> bool:
    """Whether a table's first page comes with a code that leads nowhere by now: it would be kept as one person's."""
    came_with = sitting.came_with()
    if not (came_with.get("code") and came_with.get("table")) or "alone" in sitting.request.POST:
        return False
    # Whoever has begun goes on: the table is known by then.
    return find_response(sitting.key) is None


def _under_a_new_key(sitting: Sitting) -> HttpResponse:
    """The address was damaged on the way, or made up: what was typed goes into a response of its own."""
    return _typed_again(Sitting(sitting.request, sitting.asked, new_client_key(), sitting.find), damaged=True)


def _typed_again(sitting: Sitting, **why: Any) -> HttpResponse:
    """The page as it is now, with what was typed. Nothing of that is kept yet."""
    form = current_form(sitting.asked)
    if not sitting.asked.takes_answers():
        return closed(sitting.request, sitting.asked, sitting.key, sitting.typed(form.form))
    read = read_page(form.form.pages[sitting.step(form.form) - 1], sitting.request.POST)
    return _page(sitting, form, read.answers, read.stances, errors=read.errors, status=422, **why)


def _crowded(sitting: Sitting, form: FormVersion, read: Read) -> HttpResponse:
    typed = sitting.request.POST.get("code", "")[:40]
    response = _page(sitting, form, read.answers, read.stances, status=429, crowded=True, code=typed)
    response["Retry-After"] = str(limits.WAIT)
    return response


def _page(
    sitting: Sitting,
    form: FormVersion,
    answers: Mapping[str, Given],
    stances: Mapping[str, Stance],
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
        "step": where(asked, step),
        "steps": steps(asked, form.form),
        "rated": rated_controls(page, stances, errors or {}),
        "controls": controls(page, answers, errors or {}),
        "errors": error_list(page, errors or {}),
        "changed": "changed" in request.GET,
        "back": page_address(asked, form.form, key, step - 1) if where(asked, step) > 1 else "",
        "action": page_address(asked, form.form, key, step, **sitting.came_with()),
        "draft": f"{asked.slug}:{key}:{page.key}",
        # What the page shows isn't what is kept.
        "unsaved": status in (422, 429),
    }
    if asked.is_standing:
        context["elsewhere"] = also_rated_by(asked, page)
    elif step == 1 or "code" in request.GET:
        context |= _table(sitting, response)
    return render(request, "feedback/answer.html", context | more, status=status)


def _table(sitting: Sitting, response: Response | None) -> dict[str, Any]:
    """Whether somebody writes for a table, and where they say so. Offered to those who came with a code."""
    if response is not None:
        people, session = response.people, response.session_id
    else:
        found = session_of(sitting.request, sitting.asked) if "code" in sitting.request.GET else None
        people, session = table_of(sitting.request, found), found.pk if found else None
    if session is None:
        return {}
    return {"people": people, "table": address("table", sitting.asked, sitting.key, **sitting.came_with())}


def also_rated_by(asked: FeedbackRound, page: Page) -> list[FeedbackRound]:
    """Other rounds that take answers now, and ask about the same proposition."""
    (rated,) = page.rated
    rounds = FeedbackRound.objects.filter(
        state=FeedbackRound.State.OPEN, sessions__propositions__proposition=rated.proposition
    )
    return [one for one in rounds.exclude(pk=asked.pk).distinct() if one.takes_answers()]
