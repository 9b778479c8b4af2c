"""What the views of the mailing list share: rendering, evidence, and decorators that read the token of a link."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from engagement.mailing_list.consent_wording import privacy_notice
from engagement.mailing_list.links import LinkError, find_token, read_permanent_token
from engagement.mailing_list.models import Token
from engagement.mailing_list.subscription_service import Evidence
from nelis.core.views.decorators import private_page

View = Callable[..., HttpResponse]


def render_page(
    request: HttpRequest, name: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> TemplateResponse:
    """Render the template ``mailing_list/<name>.html``."""
    return TemplateResponse(request, f"mailing_list/{name}.html", dict(context or {}), status=status)


def render_form(request: HttpRequest, name: str, form: Any, **context: Any) -> TemplateResponse:
    """Render a page with a form: with status 422 if it has errors."""
    return render_page(request, name, {"form": form, **context}, status=422 if form.errors else 200)


def token_from(request: HttpRequest) -> str:
    """What the query holds as the token. It may be anything."""
    return request.GET.get("t", "")


def evidence(request: HttpRequest) -> Evidence:
    """The evidence of what is done on this page, with the privacy notice that is public now."""
    return Evidence("web", page=request.path, privacy_notice=privacy_notice())


def token_required(purpose: Token.Purpose) -> Callable[[View], View]:
    """Pass the view the token of the link, as ``token``. A link that doesn't work gets a page that says why."""

    def read(raw: str) -> Token:
        token = find_token(purpose, raw)
        if not token.address:
            # Whoever was erased has no address any more.
            raise LinkError
        return token

    return _link_required(str(purpose.value), read)


def permanent_token_required(purpose: str) -> Callable[[View], View]:
    """Pass the view the half of an address hash that a permanent link names; or say why the link doesn't work."""
    return _link_required(purpose, lambda raw: read_permanent_token(purpose, raw))


def _link_required(purpose: str, read: Callable[[str], Any]) -> Callable[[View], View]:
    def decorator(view: View) -> View:
        @private_page
        @wraps(view)
        def wrapped(request: HttpRequest) -> HttpResponse:
            try:
                return view(request, read(token_from(request)))
            except LinkError as error:
                if error.problem == "used" and error.token is not None:
                    context = {"purpose": purpose, "subscription": error.token.subscription}
                    return render_page(request, "used_link", context)
                context = {"purpose": purpose, "problem": error.problem}
                return render_page(request, "broken_link", context, status=error.status)

        return wrapped

    return decorator
