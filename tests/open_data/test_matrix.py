"""The explorer's matrix can be rebuilt from the file of the whole strategy, or from the API, and from nothing else."""

import json
from collections import defaultdict
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from nelis.evidence.models import Finding
from sectors.explorer import CHOOSABLE, EACH_PROPOSITION
from sectors.models import Place, Stage
from tests.sectors.sample_strategy import SampleStrategy

pytestmark = pytest.mark.django_db
LINKED = ("sector", "sub-sector", "foundation", "challenge", "deal")
#: The lists of the open data that the matrix is made of.
LISTS = ("propositions", "projects", *(f"{kind}s" for kind in LINKED))
ALL_PAIRS = [(rows, columns) for rows, columns in product((EACH_PROPOSITION, *CHOOSABLE), CHOOSABLE) if rows != columns]
#: Each dimension once.
SOME_PAIRS = [
    (EACH_PROPOSITION, "sector"),
    ("sub-sector", "foundation"),
    ("challenge", "deal"),
    ("stage", "partner"),
    ("place", "evidence"),
]
of_pairs = pytest.mark.parametrize(
    "pairs", [pytest.param(SOME_PAIRS, id="some"), pytest.param(ALL_PAIRS, id="all", marks=pytest.mark.slow)]
)


@pytest.fixture
def placed(strategy: SampleStrategy) -> SampleStrategy:
    place = Place.objects.create(slug="kiteport", name="Kiteport", kind="port")
    strategy.pages["project"][0].place = place
    type(strategy.pages["project"][0]).objects.filter(slug="project-0").update(place=place)
    return strategy


@of_pairs
def test_from_the_dump(pairs: list[tuple[str, str]], placed: SampleStrategy, client: Client):
    whole = json.loads(client.get("/data/strategy.json").content)
    assert_same_matrices(client, pairs, {name: whole[name.replace("-", "_")] for name in LISTS})


@of_pairs
def test_from_the_api(pairs: list[tuple[str, str]], placed: SampleStrategy, client: Client):
    assert_same_matrices(client, pairs, {name: listed(client, f"/{name}?limit=2") for name in LISTS})


def listed(client: Client, path: str) -> list[Any]:
    items, address = [], f"http://testserver/api/v1{path}"
    while address:
        parts = urlsplit(address)
        page = client.get(f"{parts.path}?{parts.query}").json()
        items += page["items"]
        address = page["next"]
    return items


def assert_same_matrices(client: Client, pairs: list[tuple[str, str]], lists: dict[str, list[Any]]) -> None:
    propositions = lists["propositions"]
    values, labels = values_of(propositions, {project["ref"]: project["place"] for project in lists["projects"]})
    add_unused(labels, lists)
    for (rows, columns), stated_only in product(pairs, (False, True)):
        query = {"rows": rows, "columns": columns, "format": "json"} | ({"basis": "stated"} if stated_only else {})
        shown = client.get("/explore/", query).json()
        assert rebuilt(propositions, values, labels, rows, columns, stated_only) == shown, query


def values_of(propositions: list[Any], places: dict[str, Any]) -> tuple[Any, dict[str, dict[str, str]]]:
    """The values of each proposition in each dimension, each with whether a source states it; and their labels."""
    values: Any = defaultdict(lambda: defaultdict(dict))
    labels: dict[str, dict[str, str]] = defaultdict(dict)

    def add(ref: str, name: str, value: str, label: str, basis: str) -> None:
        values[ref][name][value] = values[ref][name].get(value, False) or basis == "stated"
        labels[name].setdefault(value, label)

    for item in propositions:
        ref, theme = item["ref"], item["theme"]
        add(ref, "stage", item["stage"], item["stage_name"], "stated")
        if theme:
            add(ref, theme["kind"], theme["slug"], theme["title"], "stated")
        for link in item["links"]:
            to = link["to"]
            if to["kind"] in LINKED:
                add(ref, to["kind"], to["slug"], to["title"], link["basis"])
            if to["kind"] == "project" and (place := places[to["ref"]]):
                add(ref, "place", place["slug"], place["name"], link["basis"])
        for role in item["organisations"]:
            add(ref, "partner", role["organisation"]["slug"], role["organisation"]["title"], role["basis"])
        for link in item["evidence"]:
            kind = Finding.Kind(link["finding_kind"])
            add(ref, "evidence", kind.value, str(kind.label), link["basis"])
    return values, labels


def add_unused(labels: dict[str, dict[str, str]], lists: dict[str, list[Any]]) -> None:
    """Label what no proposition has, too: it is an empty row or column."""
    for kind in LINKED:
        labels[kind] |= {item["slug"]: item["title"] for item in lists[f"{kind}s"]}
    for name, choices in (("stage", Stage), ("evidence", Finding.Kind)):
        labels[name] |= {choice.value: str(choice.label) for choice in choices}


def rebuilt(propositions: Any, values: Any, labels: Any, rows: str, columns: str, stated_only: bool) -> dict[str, Any]:
    """The matrix as the explorer gives it as JSON."""

    def has(ref: str, name: str, value: str) -> bool:
        held = values[ref][name]
        return value in held and (held[value] or not stated_only)

    def options(name: str) -> list[tuple[str, str]]:
        order = {"stage": Stage.values, "evidence": Finding.Kind.values}.get(name)
        return sorted(labels[name].items(), key=lambda item: (order.index(item[0]) if order else 0, item[1]))

    def lines() -> Any:
        if rows == EACH_PROPOSITION:
            for item in propositions:
                yield item["slug"], item["title"], [item["ref"]], {item["ref"]: True}
            return
        for value, label in options(rows):
            refs = [item["ref"] for item in propositions if has(item["ref"], rows, value)]
            yield value, label, refs, {ref: values[ref][rows][value] for ref in refs}

    def cell(refs: list[str], states: dict[str, bool], column: str) -> dict[str, int]:
        both = [ref for ref in refs if has(ref, columns, column)]
        return {"count": len(both), "stated": sum(states[ref] and values[ref][columns][column] for ref in both)}

    return {
        "rows": rows,
        "columns": columns,
        "stated_only": stated_only,
        "heads": [{"value": value, "label": label} for value, label in options(columns)],
        "lines": [
            {
                "value": value,
                "label": label,
                "total": len(refs),
                "cells": {column: cell(refs, states, column) for column, _ in options(columns)},
            }
            for value, label, refs, states in lines()
        ],
    }
