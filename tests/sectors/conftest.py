"""A small strategy about kites in Exampleshire, a place that isn't there."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from nelis.core.search.index_sync import sync_suspended
from sectors.models import (
    FoundationPage,
    GrandChallengePage,
    ProjectPage,
    PropositionPage,
    SectorDealPage,
    SectorPage,
    SubSectorPage,
)
from tests.sectors.sample_strategy import SampleStrategy, add


@pytest.fixture(scope="module")
def kites_made(made_once) -> Iterator[SimpleNamespace]:
    with made_once(make_kites) as made:
        yield made


@pytest.fixture
def kites(kites_made: SimpleNamespace, db: None) -> SimpleNamespace:
    """One page of each kind, tied to nothing, and the lists they are in."""
    return deepcopy(kites_made)


def make_kites() -> SimpleNamespace:
    with sync_suspended():
        strategy = SampleStrategy()
        lists = strategy.indexes
        sector = add(lists["sector"], SectorPage, "kites", title="Kite making", code="kites", accent="brass")
        kites = SimpleNamespace(
            strategy=strategy,
            lists=lists,
            sector=sector,
            other_sector=add(lists["sector"], SectorPage, "bells", title="Bell founding", code="bells"),
            sub_sector=add(sector, SubSectorPage, "tails", title="Kite tails", code="tails"),
            foundation=add(lists["foundation"], FoundationPage, "tools", title="Tools", code="t", national_aim="More"),
            challenge=add(lists["challenge"], GrandChallengePage, "wind", title="Clean wind", code="wind"),
            deal=add(lists["deal"], SectorDealPage, "string", title="String", code="string"),
            project=add(lists["project"], ProjectPage, "park", title="Kite park", project_kind="site"),
            other_project=add(lists["project"], ProjectPage, "shed", title="Kite shed", project_kind="facility"),
        )
        kites.proposition = propose(kites, "P1", "Kite hub")
    return kites


def propose(kites: SimpleNamespace, ref: str, title: str, **fields: Any) -> PropositionPage:
    """A proposition led by the sector."""
    fields = {"source_title": title, "what_we_propose": "<p>Make kites.</p>", "lead_theme": kites.sector} | fields
    return add(kites.lists["proposition"], PropositionPage, ref.lower(), ref=ref, title=title, **fields)


@pytest.fixture
def read(client: Client) -> Callable[..., Tag]:
    """The main part of a page, by its path: ``read(path, status=200)``."""

    def read(path: str, status: int = 200) -> Tag:
        response = client.get(path)
        assert response.status_code == status, path
        main = BeautifulSoup(response.content, "html.parser").main
        assert main is not None
        return main

    return read
