"""Confirming: the link in the mail shows what was chosen, and its button does it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from engagement.mailing_list import subscription_service, tokens
from engagement.mailing_list.models import Subscription, Token
from engagement.mailing_list.tokens import TokenLookup, TokenProblem
from engagement.mailing_list.views.base import broken_link, evidence, render_page, token_from
from nelis.core.views.decorators import private_page

__all__ = ["confirm", "confirmed"]


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """What was chosen, and one button. Programs that follow links before people do change nothing."""
    found = tokens.find_token(Token.Purpose.CONFIRM, token_from(request))
    if found.token is None:
        return broken_link(request, "confirm", found)
    subscription = found.token.subscription
    assert subscription is not None  # noqa: S101 - links to confirm are minted for subscriptions alone
    if subscription.state != Subscription.State.PENDING:
        # Confirmed by an earlier mail; or a later request took its place, or it is over.
        is_on = subscription.state in Subscription.OPEN
        return broken_link(request, "confirm", TokenLookup(None, TokenProblem.USED if is_on else TokenProblem.EXPIRED))
    if request.method == "POST":
        if subscription_service.confirm(found.token, evidence(request)):
            return redirect("mailing_list:confirmed")
        return broken_link(request, "confirm", TokenLookup(None, TokenProblem.USED))
    context = {"subscription": subscription, "topics": list(subscription.topics.all()), "token": token_from(request)}
    return render_page(request, "confirm", context)


@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    """That it worked, and what comes now."""
    return render_page(request, "confirmed")
