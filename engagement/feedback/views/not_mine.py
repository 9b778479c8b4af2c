"""For whoever finds their address under answers that somebody else gave."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from engagement.feedback.personal_data import detach_address
from engagement.mail.addresses import address_hash
from engagement.mailing_list.links import path_with_token
from engagement.mailing_list.models import Token
from engagement.mailing_list.views.base import token_from, token_required

__all__ = ["not_mine"]


@token_required(Token.Purpose.PREFERENCES)
@require_http_methods(["GET", "HEAD", "POST"])
def not_mine(request: HttpRequest, token: Token) -> HttpResponse:
    """Takes the address of a mailed link off all answers. The answers stay, and count."""
    if request.method != "POST":
        return redirect(path_with_token("your_data", token_from(request)))
    done = detach_address(address_hash(token.address))
    return render(request, "feedback/not_mine.html", {"done": done, "token": token_from(request)})
