"""Asking for a link to one's choices: by typing the address, or by the button behind the link in every bulletin."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from engagement.mailing_list import abuse
from engagement.mailing_list.forms import AddressForm, truncated
from engagement.mailing_list.links import PREFERENCES_LINK, read_permanent_token
from engagement.mailing_list.views.base import broken_link, render_form, render_page, token_from
from engagement.mailing_list.views.signup import RATE_LIMITED, check_form_token
from engagement.mailing_list.views.unsubscribe import newest_subscription
from nelis.core.views.decorators import private_page, public_form

__all__ = ["link_sent", "preferences_link", "request_link"]


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def request_link(request: HttpRequest) -> HttpResponse:
    """A form for the address. The answer is the same whether or not it is on the list."""
    if request.method != "POST":
        return render_form(request, "request_link", AddressForm(), form_token=abuse.new_form_token())
    data = truncated(request.POST)
    form = AddressForm(data)
    check_form_token(form, data.get("form_token", ""))
    if not form.is_valid():
        late = abuse.form_token_problem(data.get("form_token", "")) == "late"
        return render_form(
            request, "request_link", form, form_token=abuse.new_form_token() if late else data["form_token"]
        )
    if abuse.network_is_rate_limited(request):
        form.add_error(None, RATE_LIMITED)
        response = render_form(request, "request_link", form, form_token=data["form_token"])
        response.status_code = 429
        return response
    abuse.queue_request(abuse.PREFERENCES, form.cleaned_data["address"], request)
    return redirect("mailing_list:link_sent")


@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    """What happens next. Names no address, and is the same for everybody."""
    return render_page(request, "link_sent")


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def preferences_link(request: HttpRequest) -> HttpResponse:
    """The permanent link in bulletins: one button, which mails a link that works for two hours.

    It shows nothing, because bulletins are passed on.
    """
    half = read_permanent_token(PREFERENCES_LINK, token_from(request))
    if half is None:
        return broken_link(request, "preferences_link")
    if request.method != "POST":
        return render_page(request, "preferences_link", {"token": token_from(request)})
    subscription = newest_subscription(half)
    if subscription is not None:
        abuse.queue_request(abuse.PREFERENCES, subscription.address, request)
    return redirect("mailing_list:link_sent")
