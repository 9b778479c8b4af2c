"""Joining the list: the form, and the page after it, which is the same whoever was asked about."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from engagement.mail.fields import MAX_ADDRESS_LENGTH
from engagement.mailing_list import abuse
from engagement.mailing_list.consent_wording import current_wording, privacy_notice
from engagement.mailing_list.forms import SignupForm, truncated
from engagement.mailing_list.models import Topic
from engagement.mailing_list.views.base import render_form, render_page
from nelis.core.views.decorators import public_form

__all__ = ["check_form_token", "check_mail", "signup", "signup_start"]

#: Messages for a form that isn't wrong, and isn't taken yet.
FORM_TOKEN_MESSAGES = {
    "early": "That was quicker than most people read. Check what you chose, then send it again.",
    "late": "This page stood open for so long that its words may have changed. Read it once more, then send it again.",
}
RATE_LIMITED = "Very many people used this form from where you are. Wait an hour, then send it again."


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def signup(request: HttpRequest) -> HttpResponse:
    """The form, with the topic that ``?topic=`` names on top; and, sent in, the mail it queues."""
    topics = list(Topic.objects.filter(is_open=True))
    if request.method != "POST":
        return _form_page(request, SignupForm(topics, first=request.GET.get("topic", "")))
    data = truncated(request.POST)
    form = SignupForm(topics, data, first=data.get("first", ""))
    check_form_token(form, data.get("form_token", ""))
    if not form.is_valid():
        return _form_page(request, form)
    if abuse.network_is_rate_limited(request):
        form.add_error(None, RATE_LIMITED)
        response = _form_page(request, form)
        response.status_code = 429
        return response
    _queue_signup(request, form)
    return redirect("mailing_list:check_mail")


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def signup_start(request: HttpRequest) -> HttpResponse:
    """From the small form at the foot of every page to the whole one. Nothing is kept and nothing is sent here."""
    if request.method != "POST":
        return redirect("mailing_list:signup")
    address = request.POST.get("address", "")[:MAX_ADDRESS_LENGTH].replace("\0", "")
    return _form_page(request, SignupForm(_open_topics(), initial={"address": address}))


@require_safe
def check_mail(request: HttpRequest) -> HttpResponse:
    """What happens next. Names no address, and is the same for everybody."""
    return render_page(request, "check_mail")


def check_form_token(form: Any, form_token: str) -> None:
    """Add an error to ``form`` if its stamp isn't good yet, or not any more."""
    if trouble := abuse.form_token_problem(form_token):
        form.add_error(None, FORM_TOKEN_MESSAGES[trouble])


def _open_topics() -> Iterable[Topic]:
    return Topic.objects.filter(is_open=True)


def _form_page(request: HttpRequest, form: SignupForm) -> HttpResponse:
    form_token = form.data.get("form_token", "") if form.is_bound else ""
    # A stamp that only has to ripen is kept, so that sending again works.
    if abuse.form_token_problem(form_token) == "late":
        form_token = abuse.new_form_token()
    return render_form(request, "signup", form, form_token=form_token)


def _queue_signup(request: HttpRequest, form: SignupForm) -> None:
    said = form.cleaned_data
    abuse.queue_request(
        abuse.SIGNUP,
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
