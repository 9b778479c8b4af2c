"""The documentation of the API for people, made from its own description."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nelis.core.site_address import absolute_url
from nelis.open_data.api import api

__all__ = ["documentation"]

#: Parameters that all lists have: described once.
COMMON = ("limit", "offset", "updated_since")
#: How types of JSON are called here.
WORDS = {"string": "text", "integer": "whole number", "boolean": "true or false"}
FORMATS = {"date": "day", "date-time": "moment", "time": "time"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter or a field: its name, its type in words and what it means. ``record`` is what it consists of."""

    name: str
    type: str
    description: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that can be asked, with the parameters of its own in the query string."""

    name: str
    path: str
    title: str
    description: str
    parameters: list[Parameter]
    record: str

    @property
    def is_complete(self) -> bool:
        """Whether the address works as it stands, without a reference in it."""
        return "{" not in self.path


@dataclass(frozen=True, slots=True)
class RecordType:
    """What an answer or a part of it consists of."""

    name: str
    description: str
    fields: list[Parameter]


@dataclass(slots=True)
class Group:
    """The endpoints of one tag."""

    title: str
    endpoints: list[Endpoint] = field(default_factory=list)


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """Every endpoint with its parameters, and every record with its fields."""
    groups, records = describe()
    context = {"groups": groups, "records": records, "base": absolute_url("/api/v1")}
    return render(request, "open_data/api.html", context)


@cache
def describe() -> tuple[list[Group], list[RecordType]]:
    """Read the description: the endpoints by tag, and the records they answer with."""
    schema = api.get_openapi_schema()
    groups: dict[str, Group] = {}
    for path, operations in schema["paths"].items():
        operation = operations["get"]
        group = groups.setdefault(operation["tags"][0], Group(operation["tags"][0]))
        group.endpoints.append(_endpoint(path, operation))
    types = schema["components"]["schemas"].items()
    records = [
        RecordType(name, _sentence(details), _fields(details))
        for name, details in types
        if not name.startswith("ListOf")
    ]
    return [*groups.values()], sorted(records, key=lambda record: record.name)


def _endpoint(path: str, operation: dict[str, Any]) -> Endpoint:
    answer = operation["responses"][200]["content"]["application/json"]["schema"]
    parameters = [
        Parameter(parameter["name"], _type(parameter["schema"]), parameter.get("description", ""))
        for parameter in operation["parameters"]
        if parameter["in"] == "query" and parameter["name"] not in COMMON
    ]
    name = _record(answer)
    return Endpoint(
        operation["operationId"],
        path,
        operation["summary"],
        " ".join(operation.get("description", "").split()),
        parameters,
        # “ListOf_Proposition_” is a list of propositions.
        name.removeprefix("ListOf_").strip("_"),
    )


def _fields(details: dict[str, Any]) -> list[Parameter]:
    return [
        Parameter(name, _type(schema), schema.get("description", ""), _record(schema))
        for name, schema in details.get("properties", {}).items()
    ]


def _type(schema: dict[str, Any]) -> str:
    """A type in words, such as “whole number or null” or “list of text”."""
    if choices := schema.get("anyOf"):
        return " or ".join(dict.fromkeys(_type(choice) for choice in choices))
    if choices := schema.get("enum"):
        return "one of " + ", ".join(choice or "nothing" for choice in choices)
    if "const" in schema:
        return f"“{schema['const']}”"
    if "$ref" in schema or "allOf" in schema:
        return "object"
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    return FORMATS.get(schema.get("format", "")) or WORDS.get(schema.get("type", ""), schema.get("type", "anything"))


def _record(schema: dict[str, Any]) -> str:
    """The name of the record that a type is, or is a list of; empty for plain values."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    inner = [*schema.get("anyOf", ()), *schema.get("allOf", ()), *([schema["items"]] if "items" in schema else ())]
    return next(filter(None, map(_record, inner)), "")


def _sentence(details: dict[str, Any]) -> str:
    return " ".join(details.get("description", "").split())
