"""The API itself: its routers, and what it answers when something is wrong."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from nelis.core.site_address import absolute_url
from nelis.open_data.resources import Resource
from nelis.open_data.routers import (
    changes,
    evidence,
    national,
    news,
    organisations,
    projects,
    propositions,
    rounds,
    sectors,
    series,
    targets,
)

__all__ = ["RESOURCES", "api", "not_found"]

logger = logging.getLogger(__name__)

DESCRIPTION = (
    "Read-only JSON of everything that the site publishes: the strategy, its evidence, its targets, its versions and "
    "its changes. No key and no account is needed. Drafts, and what was taken down, are not in it."
)
ROUTERS = (propositions, sectors, national, projects, organisations, targets, series, evidence, news, changes, rounds)
#: Everything that has records, in the order of the documentation and of the file of the whole strategy.
RESOURCES: tuple[Resource[Any], ...] = (
    propositions.PROPOSITIONS,
    sectors.SECTORS,
    sectors.SUB_SECTORS,
    national.FOUNDATIONS,
    national.CHALLENGES,
    national.DEALS,
    projects.PROJECTS,
    organisations.ORGANISATIONS,
    targets.TARGETS,
    series.SERIES,
    evidence.FIGURES,
    evidence.FINDINGS,
    evidence.SOURCES,
    news.NEWS,
    news.EVENTS,
    news.TERMS,
    changes.CHANGES,
    rounds.ROUNDS,
)


class ReadAPI(NinjaAPI):
    """An API whose description lists GET alone, and no nulls in addresses."""

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        schema = super().get_openapi_schema(**kwargs)
        for operations in schema["paths"].values():
            # That it works too goes without saying.
            operations.pop("head", None)
            for parameter in operations["get"]["parameters"]:
                # A parameter is given or left out.
                parameter["schema"] = _without_null(parameter["schema"])
        return schema

    def get_openapi_operation_id(self, operation: Any) -> str:
        """Name an operation after its function, as a client's method would be."""
        return str(operation.view_func.__name__)


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return choices[0] | rest if len(choices) == 1 else schema


api = ReadAPI(
    title=f"{settings.SITE_NAME}: API",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    urls_namespace="api",
    servers=[{"url": absolute_url("/").rstrip("/")}],
)


def refuse_unknown_parameters(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator of an operation: a parameter that it doesn't know is an error.

    Ignored, a mistyped filter would return everything, and look like an answer.
    """
    operation: Any = run.__self__  # type: ignore[attr-defined] # the method of an operation
    models = [model for model in operation.models if model.__ninja_param_source__ == "query"]
    known = {name for model in models for name in model.__ninja_flatten_map__}

    @wraps(run)
    def wrapped(request: HttpRequest, **arguments: Any) -> HttpResponse:
        unknown = sorted(set(request.GET) - known)
        if not unknown:
            return run(request, **arguments)
        known_words = f"Known here: {', '.join(sorted(known))}." if known else "None are known here."
        problems = [f"“{name[:40]}” is no parameter of this address. {known_words}" for name in unknown[:10]]
        return bad_request(request, problems)

    return wrapped


def bad_request(request: HttpRequest, problems: list[str]) -> HttpResponse:
    """400: what is wrong, parameter by parameter."""
    detail = "Something in the address isn’t understood."
    return api.create_response(request, {"detail": detail, "problems": problems}, status=400)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """400: a parameter has a value that it can't have."""
    return bad_request(request, [f"{problem['loc'][-1]}: {problem['msg']}." for problem in error.errors])


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The status and the words that an endpoint gave."""
    return api.create_response(request, {"detail": error.message, "problems": []}, status=error.status_code)


@api.exception_handler(Exception)
def failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """500: our mistake, written to the log as any other."""
    logger.error("The API failed at %s", request.path, exc_info=error)
    got_request_exception.send(sender=api, request=request)
    detail = "There is a problem with the site. Please try again in a few minutes."
    return api.create_response(request, {"detail": detail, "problems": []}, status=500)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Any = None) -> HttpResponse:
    """404: no endpoint."""
    detail = f"There is nothing at this address. What there is stands in {absolute_url('/api/v1/openapi.json')}."
    return api.create_response(request, {"detail": detail, "problems": []}, status=404)


api.add_decorator(refuse_unknown_parameters, mode="view")
for module in ROUTERS:
    api.add_router("", module.router)
