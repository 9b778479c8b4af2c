"""For whoever finds their address under answers: somebody else’s, or their own without the code to come back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from engagement.feedback.personal_data import detach_address, erase_respondent, responses_without_words
from engagement.mail.addresses import address_hash
from engagement.mailing_list.links import path_with_token
from engagement.mailing_list.models import Token
from engagement.mailing_list.views.base import token_from, token_required

__all__ = ["not_mine", "withdraw_mine"]


@token_required(Token.Purpose.PREFERENCES)
@require_http_methods(["GET", "HEAD", "POST"])
def not_mine(request: HttpRequest, token: Token) -> HttpResponse:
    """Takes the address of a mailed link off all answers. The answers stay, and count."""
    if request.method != "POST":
        return redirect(path_with_token("your_data", token_from(request)))
    done = detach_address(address_hash(token.address))
    return render(request, "feedback/not_mine.html", {"done": done, "token": token_from(request)})


@token_required(Token.Purpose.PREFERENCES)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_mine(request: HttpRequest, token: Token) -> HttpResponse:
    """Withdraw all answers given with the address of a mailed link, unseen: a question first, then the deed."""
    hashed = address_hash(token.address)
    context: dict[str, Any] = {"token": token_from(request), "rows": responses_without_words(hashed)}
    if request.method == "POST":
        context["done"] = erase_respondent(hashed, timezone.now(), True)
    return render(request, "feedback/withdraw_mine.html", context)
