"""A made-up strategy that is published, and a reader of the API."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from wagtail.signal_handlers import disable_reference_index_auto_update

from nelis.core.search.index_sync import sync_suspended
from tests.sectors.sample_strategy import SampleStrategy


@pytest.fixture(scope="module")
def strategy_made(made_once) -> Iterator[SampleStrategy]:
    with made_once(make_strategy) as made:
        yield made


@pytest.fixture
def strategy(strategy_made: SampleStrategy, db: None) -> SampleStrategy:
    """Three of everything. What a test changes is undone; the objects in memory are shared, so read them alone."""
    return strategy_made


def make_strategy() -> SampleStrategy:
    with sync_suspended(), disable_reference_index_auto_update():
        strategy = SampleStrategy()
        strategy.grow(3)
    return strategy


@pytest.fixture
def read(client: Client) -> Callable[..., Any]:
    """What an address of the API answers, as data: ``read("/propositions", status=200)``."""

    def read(path: str, status: int = 200) -> Any:
        response = client.get(f"/api/v1{path}")
        assert response.status_code == status, response.content[:300]
        assert response["Content-Type"] == "application/json; charset=utf-8"
        return response.json()

    return read
