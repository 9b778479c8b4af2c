"""Signing up: the form, the page after it, which is the same whoever was asked about, and the confirmation."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from engagement.mail.fields import MAX_ADDRESS_LENGTH
from engagement.mailing_list import abuse, circuit_breaker, subscription_service
from engagement.mailing_list.consent_wording import current_wording, privacy_notice
from engagement.mailing_list.forms import SignupForm, truncated
from engagement.mailing_list.links import LinkError
from engagement.mailing_list.models import Subscription, Token, Topic
from engagement.mailing_list.views.base import evidence, render_form, render_page, token_from, token_required
from nelis.core.views.decorators import public_form

#: Messages for a form that isn't wrong, and isn't accepted yet.
FORM_TOKEN_MESSAGES = {
    "early": "The form was sent very quickly. Check what you chose, then send it again.",
    "late": "This page stood open for so long that its words may have changed. Read it once more, then send it again.",
}
RATE_LIMITED = "Very many people used this form from where you are. Wait an hour, then send it again."


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def signup(request: HttpRequest) -> HttpResponse:
    """Show the form, with the topic that ``?topic=`` names on top; when it is sent in, queue the email."""
    topics = list(Topic.objects.filter(is_open=True))
    if request.method != "POST":
        return render_protected_form(request, "signup", SignupForm(topics, first=request.GET.get("topic", "")))
    data = truncated(request.POST)
    form = SignupForm(topics, data, first=data.get("first", ""))
    if refusal := refuse(request, "signup", form):
        return refusal
    abuse.queue_request(
        abuse.SIGNUP,
        form.cleaned_data["address"],
        request,
        topics=form.cleaned_data["topics"],
        frequency=form.cleaned_data["frequency"],
        name=form.cleaned_data["name"],
        organisation=form.cleaned_data["organisation"],
        page=request.path,
        wording=current_wording().pk,
        privacy_notice=privacy_notice(),
    )
    # Whether they are held back says nothing about an address.
    is_held = circuit_breaker.is_tripped(abuse.network_hash(request))
    return redirect(f"{reverse('mailing_list:check_mail')}{'?held=1' if is_held else ''}")


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def signup_start(request: HttpRequest) -> HttpResponse:
    """Lead from the small form at the foot of every page to the whole one. Nothing is stored or sent here."""
    if request.method != "POST":
        return redirect("mailing_list:signup")
    address = request.POST.get("address", "")[:MAX_ADDRESS_LENGTH].replace("\0", "")
    form = SignupForm(Topic.objects.filter(is_open=True), initial={"address": address})
    return render_protected_form(request, "signup", form)


@require_safe
def check_mail(request: HttpRequest) -> HttpResponse:
    """Say what happens next. Names no address, and is the same whoever it belongs to."""
    return render_page(request, "check_mail", {"is_held": "held" in request.GET})


@token_required(Token.Purpose.CONFIRM)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: Token) -> HttpResponse:
    """Show what was chosen, and a button that confirms it. Programs that follow links before people change nothing."""
    subscription = token.subscription
    assert subscription is not None  # noqa: S101 - links to confirm are made for subscriptions alone
    if subscription.state != Subscription.State.PENDING:
        # Confirmed by an earlier email, however it ended since; or never, and a later request took its place.
        raise LinkError("used" if subscription.confirmed_at else "expired", token)
    if request.method != "POST":
        context = {
            "subscription": subscription,
            "topics": list(subscription.topics.all()),
            "token": token_from(request),
        }
        return render_page(request, "confirm", context)
    if not subscription_service.confirm(token, evidence(request)):
        # Somebody was quicker, with this link or another; or the address may never be written to.
        subscription.refresh_from_db()
        raise LinkError("used" if subscription.confirmed_at else "expired", token)
    return redirect("mailing_list:confirmed")


@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    """Say that it worked, and what comes now."""
    return render_page(request, "confirmed")


def refuse(request: HttpRequest, name: str, form: Any) -> HttpResponse | None:
    """The page again, if the form is wrong, or its form token or the network's rate limit forbids it; None if not."""
    if problem := abuse.form_token_problem(form.data.get("form_token", "")):
        form.add_error(None, FORM_TOKEN_MESSAGES[problem])
    if not form.is_valid():
        return render_protected_form(request, name, form)
    if not abuse.network_is_rate_limited(request):
        return None
    form.add_error(None, RATE_LIMITED)
    response = render_protected_form(request, name, form)
    response.status_code = 429
    return response


def render_protected_form(request: HttpRequest, name: str, form: Any) -> HttpResponse:
    """Render a page whose form carries a form token."""
    form_token = form.data.get("form_token", "") if form.is_bound else ""
    # One that is only too early is kept, so that sending the form again works.
    if abuse.form_token_problem(form_token) == "late":
        form_token = abuse.new_form_token()
    return render_form(request, name, form, form_token=form_token)
