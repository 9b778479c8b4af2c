"""Asking for a link to one's choices: by typing the address, or by the button behind the link in every bulletin."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from engagement.mailing_list import guards
from engagement.mailing_list.forms import AddressForm, clipped
from engagement.mailing_list.links import CHOICES, read_permanent_token
from engagement.mailing_list.views.joining import CROWDED, check_stamp
from engagement.mailing_list.views.leaving import newest_of
from engagement.mailing_list.views.pages import broken_link, form_page, page, token_of
from nelis.core.views.cookieless import personal, public_form

__all__ = ["choices", "link", "link_sent"]


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """A form for the address. The answer is the same whether or not it is on the list."""
    if request.method != "POST":
        return form_page(request, "link", AddressForm(), stamp=guards.new_stamp())
    data = clipped(request.POST)
    form = AddressForm(data)
    check_stamp(form, data.get("stamp", ""))
    if not form.is_valid():
        late = guards.trouble_with_stamp(data.get("stamp", "")) == "late"
        return form_page(request, "link", form, stamp=guards.new_stamp() if late else data["stamp"])
    if guards.is_from_crowded_network(request):
        form.add_error(None, CROWDED)
        response = form_page(request, "link", form, stamp=data["stamp"])
        response.status_code = 429
        return response
    guards.take_request(guards.MANAGE, form.cleaned_data["address"], request)
    return redirect("mailing_list:link_sent")


@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    """What happens next. Names no address, and is the same for everybody."""
    return page(request, "link_sent")


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """The permanent link in bulletins: one button, which mails a link that works for two hours.

    It shows nothing, because bulletins are passed on.
    """
    half = read_permanent_token(CHOICES, token_of(request))
    if half is None:
        return broken_link(request, "choices")
    if request.method != "POST":
        return page(request, "choices", {"token": token_of(request)})
    subscription = newest_of(half)
    if subscription is not None:
        guards.take_request(guards.MANAGE, subscription.address, request)
    return redirect("mailing_list:link_sent")
