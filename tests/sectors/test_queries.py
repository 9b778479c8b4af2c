"""No page asks the database more as the strategy grows, and none asks much."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.signal_handlers import disable_reference_index_auto_update

from nelis.core.search.index_sync import sync_suspended
from tests.sectors.sample_strategy import SampleStrategy

# The same queries are asked whichever database answers.
pytestmark = pytest.mark.once
MOST = 15

PATHS = (
    "/sectors/",
    "/sectors/sector-0/",
    "/sectors/sector-0/sub-sector-0/",
    "/propositions/",
    "/propositions/?challenge=challenge-0&basis=stated",
    "/propositions/proposition-0/",
    "/propositions/proposition-0/history/",
    "/propositions/proposition-0/v1/",
    "/propositions/proposition-0/compare/",
    "/projects/",
    "/projects/?kind=site",
    "/projects/project-0/",
    "/organisations/",
    "/organisations/organisation-0/",
    "/strategy/foundations/",
    "/strategy/foundations/foundation-0/",
    "/strategy/grand-challenges/",
    "/strategy/grand-challenges/challenge-0/",
    "/strategy/sector-deals/",
    "/strategy/sector-deals/deal-0/",
    "/targets/",
    "/targets/target-0/",
    "/evidence/",
    "/evidence/x0/",
    "/evidence/figures/x1-0/",
    "/evidence/findings/",
    "/evidence/gaps/",
    "/explore/",
    "/changes/",
    "/explore/?rows=partner&columns=place",
)


@pytest.mark.django_db
@pytest.mark.parametrize(("few_things", "many_things"), [(2, 8), pytest.param(5, 50, marks=pytest.mark.slow)])
def test_the_number_of_queries_does_not_grow(few_things: int, many_things: int):
    with sync_suspended(), disable_reference_index_auto_update():
        strategy = SampleStrategy()
        strategy.grow(few_things)
        # The first request for each fills what a process remembers: the site, the content types.
        for path in PATHS:
            queries(path)
        few = {path: queries(path) for path in PATHS}
        strategy.grow(many_things)
        # The words to explain, the rounds that were reported back, and charts not drawn yet are asked for once after
        # every change.
        for path in (PATHS[0], "/propositions/proposition-0/", "/targets/"):
            queries(path)
        many = {path: queries(path) for path in PATHS}
    grown = {path: set(many[path]) - set(few[path]) for path in PATHS if len(many[path]) != len(few[path])}
    assert grown == {}
    assert [path for path in PATHS if len(many[path]) > MOST] == []


def queries(path: str) -> list[str]:
    with CaptureQueriesContext(connection) as context:
        response = Client().get(path)
    assert response.status_code == 200, path
    return [query["sql"] for query in context]
