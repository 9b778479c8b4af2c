"""No answer asks the database more as the strategy grows, and none asks much."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.signal_handlers import disable_reference_index_auto_update

from nelis.core.search.index_sync import sync_suspended
from nelis.evidence.models import Source
from nelis.open_data.api import RESOURCES, api
from tests.open_data.addresses import FILES, references
from tests.open_data.sample_series import make_series
from tests.sectors.sample_strategy import SampleStrategy

# The same queries are asked whichever database answers.
pytestmark = [pytest.mark.once, pytest.mark.django_db]
MOST = 20
#: The files that hold everything ask for each kind of thing by itself.
MOST_OF_FILES = {"/data/strategy.json": 100, **{f"/data/strategy-stratml-part-{part}.xml": 40 for part in (1, 2)}}


def addresses() -> list[str]:
    first = {resource.name: next(iter(references(resource)), None) for resource in RESOURCES}
    found = [*FILES]
    for path in api.get_openapi_schema()["paths"]:
        ref = first[path.split("/")[3]]
        if "{" not in path or ref is not None:
            found.append(re.sub(r"{number}", "1", path.replace("{ref}", str(ref))))
    return found


@pytest.mark.parametrize(("few_things", "many_things"), [(2, 6), pytest.param(5, 40, marks=pytest.mark.slow)])
def test_the_number_of_queries_does_not_grow(few_things: int, many_things: int):
    with sync_suspended(), disable_reference_index_auto_update():
        strategy = SampleStrategy()
        strategy.grow(few_things)
        make_series(Source.objects.get(ref="x0"))
        asked = addresses()
        # The first request for each fills what a process remembers.
        for address in asked:
            queries(address)
        few = {address: queries(address) for address in asked}
        strategy.grow(many_things)
        many = {address: queries(address) for address in asked}
    grown = {
        address: set(many[address]) - set(few[address]) for address in asked if len(many[address]) > len(few[address])
    }
    assert grown == {}
    assert {address: len(many[address]) for address in asked if len(many[address]) > most(address)} == {}


def most(address: str) -> int:
    return MOST_OF_FILES.get(address, MOST)


def queries(address: str) -> list[str]:
    with CaptureQueriesContext(connection) as context:
        response = Client().get(address)
    assert response.status_code == 200, address
    return [query["sql"] for query in context]
