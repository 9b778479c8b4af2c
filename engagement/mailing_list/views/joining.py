"""Joining the list: the form, and the page after it, which is the same whoever was asked about."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from engagement.mailing_list import guards
from engagement.mailing_list.forms import JoinForm, clipped
from engagement.mailing_list.models import Topic
from engagement.mailing_list.views.pages import form_page, page
from engagement.mailing_list.wording import current_wording, privacy_notice
from engagement.post.fields import LONGEST_ADDRESS
from nelis.core.views.cookieless import public_form

__all__ = ["asked", "check_stamp", "join", "start"]

#: Messages for a form that isn't wrong, and isn't taken yet.
NOT_YET = {
    "early": "That was quicker than most people read. Check what you chose, then send it again.",
    "late": "This page stood open for so long that its words may have changed. Read it once more, then send it again.",
}
CROWDED = "Very many people used this form from where you are. Wait an hour, then send it again."


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """The form, with the topic that ``?topic=`` names on top; and, sent in, the mail it queues."""
    topics = list(Topic.objects.filter(is_open=True))
    if request.method != "POST":
        return _shown(request, JoinForm(topics, first=request.GET.get("topic", "")))
    data = clipped(request.POST)
    form = JoinForm(topics, data, first=data.get("first", ""))
    check_stamp(form, data.get("stamp", ""))
    if not form.is_valid():
        return _shown(request, form)
    if guards.is_from_crowded_network(request):
        form.add_error(None, CROWDED)
        response = _shown(request, form)
        response.status_code = 429
        return response
    _take(request, form)
    return redirect("mailing_list:asked")


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """From the small form at the foot of every page to the whole one. Nothing is kept and nothing is sent here."""
    if request.method != "POST":
        return redirect("mailing_list:join")
    address = request.POST.get("address", "")[:LONGEST_ADDRESS].replace("\0", "")
    return _shown(request, JoinForm(_offered(), initial={"address": address}))


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What happens next. Names no address, and is the same for everybody."""
    return page(request, "asked")


def check_stamp(form: Any, stamp: str) -> None:
    """Add an error to ``form`` if its stamp isn't good yet, or not any more."""
    if trouble := guards.trouble_with_stamp(stamp):
        form.add_error(None, NOT_YET[trouble])


def _offered() -> Iterable[Topic]:
    return Topic.objects.filter(is_open=True)


def _shown(request: HttpRequest, form: JoinForm) -> HttpResponse:
    stamp = form.data.get("stamp", "") if form.is_bound else ""
    # A stamp that only has to ripen is kept, so that sending again works.
    if guards.trouble_with_stamp(stamp) == "late":
        stamp = guards.new_stamp()
    return form_page(request, "join", form, stamp=stamp)


def _take(request: HttpRequest, form: JoinForm) -> None:
    said = form.cleaned_data
    guards.take_request(
        guards.JOIN,
        said["address"],
        request,
        topics=said["topics"],
        frequency=said["frequency"],
        name=said["name"],
        organisation=said["organisation"],
        page=request.path,
        wording=current_wording().pk,
        privacy_notice=privacy_notice(),
    )
