"""For whoever finds their address under answers that somebody else gave."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from engagement.feedback.holdings import take_off
from engagement.mailing_list.links import with_token
from engagement.mailing_list.models import Token
from engagement.mailing_list.views.managing import by_link
from engagement.mailing_list.views.pages import token_of
from engagement.post.addresses import address_hash

__all__ = ["not_mine"]


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def not_mine(request: HttpRequest, token: Token) -> HttpResponse:
    """Takes the address of a mailed link off all answers. The answers stay, and count."""
    if request.method != "POST":
        return redirect(with_token("held", token_of(request)))
    done = take_off(address_hash(token.address))
    return render(request, "feedback/not_mine.html", {"done": done, "token": token_of(request)})
