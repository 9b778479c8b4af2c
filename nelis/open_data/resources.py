"""A resource of the API: what is public of one kind of thing, how it is made into records, and lists cut into parts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError

from nelis.core.search.urls import public_pages
from nelis.core.site_address import absolute_url
from nelis.open_data.parameters import ListParameters
from nelis.open_data.schemas import Error, ListOf, Record

__all__ = ["ReadRouter", "Resource", "part_of", "published_pages"]

T = TypeVar("T", bound=Record)


def published_pages(model: type[Any]) -> QuerySet[Any]:
    """Return the pages of ``model`` that anybody may read, in the order of the tree."""
    pages: QuerySet[Any] = model.objects.filter(pk__in=public_pages().values("pk"))
    return pages.order_by("path")


@dataclass(frozen=True, slots=True)
class Resource(Generic[T]):
    """One kind of thing. ``public`` is everything of it that anybody may see, in an order.

    Lists, single records and the file of the whole strategy are made from these two functions alone, so whatever
    isn't in ``public`` is nowhere. ``records`` asks the database a fixed number of times.
    """

    name: str
    #: One of it, in a sentence.
    singular: str
    record: type[T]
    public: Callable[[], QuerySet[Any]]
    records: Callable[[Iterable[Any]], list[T]]
    #: The field that a record is found by.
    lookup: str = "ref"

    def part(self, request: HttpRequest, rows: QuerySet[Any], parameters: ListParameters) -> ListOf[T]:
        """Return the part of ``rows`` that is asked for, cut by the database."""
        return part_of(request, rows.count(), rows, parameters, ListOf[self.record], self.records)  # type: ignore[name-defined] # the type is made for each resource

    def one(self, ref: str) -> T:
        """Return the record with that reference, in whatever letters it is typed. Raises a 404 in words."""
        found = list(self.public().filter(**{f"{self.lookup}__iexact": ref})[:1])
        if not found:
            raise HttpError(404, f"There is no {self.singular} with the reference “{ref}”, or it isn’t published.")
        return self.records(found)[0]

    def all(self) -> list[T]:
        """Return every record."""
        return self.records(self.public())


def part_of(
    request: HttpRequest,
    count: int,
    rows: Any,
    parameters: ListParameters,
    shape: type[ListOf[T]],
    records: Callable[[list[Any]], list[T]],
) -> ListOf[T]:
    """Return the part that is asked for of ``rows``, of which there are ``count``, with where the list goes on."""
    limit, offset = parameters.limit, parameters.offset
    part = list(rows[offset : offset + limit]) if offset < count else []

    def address(start: int) -> str:
        chosen = {name: value for name, value in request.GET.items() if name != "offset"}
        return absolute_url(f"{request.path}?{urlencode(chosen | {'offset': start})}")

    return shape(
        count=count,
        next=address(offset + limit) if offset + limit < count else None,
        previous=address(max(0, min(offset, count) - limit)) if offset else None,
        items=records(part),
    )


class ReadRouter(Router):
    """A router whose operations are read only: each answers GET and HEAD, and fails in words."""

    def read(self, path: str, response: Any, **details: Any) -> Callable[[Any], Any]:
        """Decorator: serve ``path`` with answers of the type ``response``; ``details`` as for Django Ninja."""
        answers = {200: response, 400: Error} | ({404: Error} if "{" in path else {})
        return self.api_operation(["GET", "HEAD"], path, response=answers, **details)
