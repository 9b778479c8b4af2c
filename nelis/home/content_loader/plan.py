"""Entries turned into plans: the model each becomes and the value of each of its fields, checked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from modelcluster.models import get_all_child_relations

from nelis.home.content_loader.fields import content_fields, parse_value
from nelis.home.content_loader.files import Entry
from nelis.home.content_loader.kinds import PAGE_TYPES
from nelis.home.content_loader.report import ExpectationError, Problem
from nelis.home.content_loader.values import Ref

__all__ = ["ObjectValues", "Plan", "make_plans"]

#: Names in the files for lists that become child objects: the relation, and the field that a plain
#: value in the list fills.
_LISTS = {
    "sources": ("source_links", "source"),
    "statistics": ("statistic_links", "statistic"),
    "links": ("strategy_links", "target"),
    "organisations": ("organisation_roles", "organisation"),
    "evidence": ("evidence_links", "finding"),
    "other_names": ("other_names", "name"),
    "other_codes": ("other_codes", "code"),
    "parts": ("parts", "part"),
    "question_sets": ("question_sets", "question_set"),
}
#: Shorter names in the files for fields of those children.
_SHORT = {"to": "target", "org": "organisation"}


@dataclass(slots=True)
class ObjectValues:
    """The fields of one object. Lists of children are under the name of their relation."""

    model: type[models.Model]
    fields: dict[str, Any] = field(default_factory=dict)
    many: dict[str, tuple[Ref, ...]] = field(default_factory=dict)
    children: dict[str, list["ObjectValues"]] = field(default_factory=dict)

    def refs(self) -> Iterator[tuple[str, Ref]]:
        """Every reference in it, with the name of the field it stands in."""
        for name, value in self.fields.items():
            if hasattr(value, "refs"):
                yield from ((name, ref) for ref in value.refs)
        for name, refs in self.many.items():
            yield from ((name, ref) for ref in refs)
        for name, items in self.children.items():
            for number, item in enumerate(items, start=1):
                yield from ((f"{name} {number}, {inner}", ref) for inner, ref in item.refs())


@dataclass(slots=True)
class Plan:
    """What one entry is to become. ``path`` is the address of a page, empty otherwise."""

    entry: Entry
    values: ObjectValues
    path: str = ""

    @property
    def ref(self) -> Ref:
        return Ref(self.entry.kind.name, self.entry.key)

    @property
    def parent_path(self) -> str:
        return self.path.rstrip("/").rpartition("/")[0] + "/"

    @property
    def slug(self) -> str:
        return self.path.strip("/").rpartition("/")[2]


def make_plans(entries: list[Entry]) -> tuple[list[Plan], list[Problem]]:
    """A plan for each entry that has one, and every problem found, within entries and between them."""
    problems: list[Problem] = []
    plans: list[Plan] = []
    for entry in entries:
        try:
            plans.append(_plan(entry, problems))
        except ExpectationError as error:
            problems.append(entry.problem(error.field, error.expected))
    problems += _dangling(plans, entries)
    return plans, problems


def _plan(entry: Entry, problems: list[Problem]) -> Plan:
    kind = entry.kind
    if not entry.key:
        raise ExpectationError("something: every entry needs it", kind.key)
    for name in kind.place_fields:
        if not isinstance(entry.data.get(name), str):
            raise ExpectationError("words", name)
    if kind.name == "page":
        if entry.data["type"] not in PAGE_TYPES:
            raise ExpectationError(f"one of {', '.join(PAGE_TYPES)}", "type")
        model = apps.get_model(PAGE_TYPES[entry.data["type"]])
    else:
        model = kind.model
    data = {name: value for name, value in entry.data.items() if name not in kind.place_fields}
    values = ObjectValues(model)
    owner = f"{kind.name}:{entry.key}"
    for found in _fill(values, data, owner):
        problems.append(entry.problem(found.field, found.expected))
    if _has_field(model, "sort_order"):
        values.fields.setdefault("sort_order", entry.number)
    return Plan(entry, values, _path(entry, values) if kind.is_page else "")


def _fill(values: ObjectValues, data: dict[str, Any], owner: str) -> list[ExpectationError]:
    """Fill ``values`` from ``data``. Returns what is wrong, each with its field."""
    wrong: list[ExpectationError] = []
    for name, value in data.items():
        try:
            _fill_one(values, name, value, owner, wrong)
        except ExpectationError as error:
            wrong.append(ExpectationError(error.expected, ", ".join(filter(None, [name, error.field]))))
    wrong += [
        ExpectationError("something: it is required", name)
        for name in _required(values.model)
        if name not in values.fields and name not in data
    ]
    return wrong


def _fill_one(values: ObjectValues, name: str, value: Any, owner: str, wrong: list[ExpectationError]) -> None:
    relation, scalar = _LISTS.get(name, (name, ""))
    child = _child_model(values.model, relation)
    if child is not None:
        if not isinstance(value, list):
            raise ExpectationError("a list")
        items = values.children.setdefault(relation, [])
        for number, item in enumerate(value, start=1):
            content = item if isinstance(item, dict) else {scalar: item}
            if "" in content:
                raise ExpectationError("a mapping of fields to values", f"number {number}")
            inner = ObjectValues(child)
            items.append(inner)
            renamed = {_SHORT.get(key, key): value for key, value in content.items()}
            for found in _fill(inner, renamed, f"{owner}/{relation}/{number}"):
                wrong.append(ExpectationError(found.expected, f"{name} {number}, {found.field}"))
        return
    try:
        field_ = values.model._meta.get_field(_SHORT.get(name, name))
    except FieldDoesNotExist:
        raise ExpectationError("a field that exists: there is none of this name") from None
    if not isinstance(field_, models.Field) or (not field_.editable and name != "sort_order"):
        raise ExpectationError("a field that can be loaded: this one can’t")
    parsed = parse_value(field_, value, owner)
    if isinstance(field_, models.ManyToManyField):
        values.many[field_.name] = parsed
    else:
        values.fields[field_.name] = parsed


def _child_model(model: type[models.Model], relation: str) -> type[models.Model] | None:
    """The model of the children under ``relation``; None when it is no such relation."""
    for found in get_all_child_relations(model):
        if found.get_accessor_name() == relation:
            return found.related_model
    return None


def _required(model: type[models.Model]) -> Iterator[str]:
    """The fields that an entry has to give. A page's slug comes from its address."""
    for field_ in content_fields(model):
        optional = field_.has_default() or field_.null or field_.blank
        if not optional and field_.name not in {"slug", "site"}:
            yield field_.name


def _has_field(model: type[models.Model], name: str) -> bool:
    return any(field_.name == name for field_ in model._meta.concrete_fields)


def _path(entry: Entry, values: ObjectValues) -> str:
    if entry.kind.name == "page":
        path = entry.data["path"]
        if not path.startswith("/") or not path.endswith("/"):
            raise ExpectationError("an address that starts and ends with a slash", "path")
        return path
    parent = entry.kind.parent.format(**entry.data)
    return f"{parent}{values.fields.get('slug') or entry.key}/"


def _dangling(plans: list[Plan], entries: list[Entry]) -> Iterator[Problem]:
    """References to entries that don’t exist, and pages whose parent doesn’t."""
    known = {Ref(entry.kind.name, entry.key) for entry in entries}
    paths = {plan.path: plan for plan in plans if plan.path}
    for plan in plans:
        for name, ref in plan.values.refs():
            if ref not in known:
                expected = f"the {ref.kind} of an existing entry; there is no “{ref.key}”"
                yield plan.entry.problem(name, expected)
        if not plan.path or plan.path == "/":
            continue
        if plan.parent_path not in paths:
            expected = f"an address under an existing page; there is no {plan.parent_path}"
            yield plan.entry.problem("path", expected)
        elif paths[plan.path] is not plan:
            yield plan.entry.problem("path", f"an address of its own; {plan.path} is taken")
