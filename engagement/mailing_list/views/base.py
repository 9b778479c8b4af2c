"""What the list's pages have in common: evidence, and what is said about a link that doesn't work."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse

from engagement.mailing_list.consent_wording import privacy_notice
from engagement.mailing_list.subscription_service import Evidence
from engagement.mailing_list.tokens import TokenLookup, TokenProblem

__all__ = ["broken_link", "evidence", "render_form", "render_page", "token_from"]


def render_page(
    request: HttpRequest, name: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> TemplateResponse:
    """The page that the template ``mailing_list/<name>.html`` makes."""
    return TemplateResponse(request, f"mailing_list/{name}.html", dict(context or {}), status=status)


def render_form(request: HttpRequest, name: str, form: Any, **context: Any) -> TemplateResponse:
    """A page with a form on it: with status 422 if what was sent in was wrong."""
    return render_page(request, name, {"form": form, **context}, status=422 if form.errors else 200)


def token_from(request: HttpRequest) -> str:
    """What the address of the page holds as its token. It may be anything."""
    return request.GET.get("t", "")


def evidence(request: HttpRequest, **more: Any) -> Evidence:
    """That something was done on this page, with this privacy notice public."""
    return Evidence("web", page=request.path, privacy_notice=privacy_notice(), **more)


def broken_link(request: HttpRequest, purpose: str, found: TokenLookup | None = None) -> TemplateResponse:
    """Why a link of this purpose (confirm, manage, leave, choices) doesn't work, and what to do about it."""
    trouble = (found.trouble if found else None) or TokenProblem.UNKNOWN
    status = found.status if found else 404
    return render_page(request, "broken_link", {"purpose": purpose, "trouble": trouble.value}, status=status)
