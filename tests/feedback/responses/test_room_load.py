"""350 people answer a round at the same time, on bad Wi-Fi, from one address: nothing is lost and nothing is twice.

Real processes, on both databases. How fast it goes is measured in ``bench/load.py``; here only that it ends well.
"""

import os
import random
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection

from engagement.feedback.models import Response
from tests.feedback.conftest import make_round
from tools.load_test import web_server
from tools.load_test.phones import Room, Wifi
from tools.load_test.reconcile import reconcile

pytestmark = pytest.mark.pg

PHONES = 350
FEW_PHONES = 20
PHONES_WHILE_KILLING = 150
CODE = "KT7194"


@pytest.fixture
def room(another_database, django_db_setup: None, django_db_blocker, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """An open round, served by two web processes, in a database that others can see."""
    with another_database(content=False), django_db_blocker.unblock():
        made = make_round()
        url = os.environ.get("DATABASE_URL", "") if connection.vendor == "postgresql" else ""
        with web_server.serve(web_server.database_url(url, str(connection.settings_dict["NAME"])), tmp_path) as served:
            yield SimpleNamespace(made=made, web=served)


@pytest.mark.parametrize(
    ("phones", "wifi"),
    [
        (FEW_PHONES, Wifi(cut=0.25, second_tab=0.10, begin_within=1, think=0.1)),
        pytest.param(
            PHONES, Wifi(cut=0.05, second_tab=0.10, begin_within=8, think=1), marks=pytest.mark.slow, id="a full hall"
        ),
    ],
)
def test_a_room_of_phones(room: SimpleNamespace, phones: int, wifi: Wifi):
    outcomes = Room(room.web.url, CODE, phones, wifi).run()
    found = reconcile(outcomes)
    assert found.faults == []
    assert (found.receipts, found.responses, found.sent) == (phones, phones, phones)
    # The Wi-Fi was as bad as it should be.
    assert sum(one.cuts for one in outcomes) > phones / 10
    assert set(Response.objects.values_list("session__code", flat=True)) == {CODE}


@pytest.mark.slow
def test_a_web_process_killed_in_the_middle_loses_nothing_acknowledged(room: SimpleNamespace):
    kills: list[int] = []
    over = threading.Event()
    chance = random.Random(5)  # noqa: S311 - it keeps no secret

    def kill_now_and_then() -> None:
        while len(kills) < 8 and not over.wait(chance.uniform(0.3, 0.7)):
            kills.append(room.web.kill_one(len(kills)))

    killer = threading.Thread(target=kill_now_and_then)
    killer.start()
    try:
        outcomes = Room(room.web.url, CODE, PHONES_WHILE_KILLING, Wifi(begin_within=4, think=0.3)).run()
    finally:
        over.set()
        killer.join()
    assert len([one for one in kills if one]) >= 3
    # Whoever was being answered noticed, and tried again.
    assert sum(one.broken for one in outcomes) > 0
    found = reconcile(outcomes)
    assert found.faults == []
    assert (found.receipts, found.sent) == (PHONES_WHILE_KILLING, PHONES_WHILE_KILLING)
