"""The work queue asks the database as often for twenty of everything as for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.signal_handlers import disable_reference_index_auto_update

from nelis.core.search.upkeep import suspended
from sectors.models import SectorPage
from tests.sectors.world import World


@pytest.mark.once
@pytest.mark.django_db
def test_it_asks_no_more_for_more_gaps(signed_in):
    with suspended(), disable_reference_index_auto_update():
        address = reverse("gaps")
        world = World()
        clients = {role: signed_in(role) for role in ("Administrator", "Analyst")}
        asked = {}
        for size in (3, 20):
            world.grow(size)
            SectorPage.objects.update(review_due=timezone.localdate())
            for role, client in clients.items():
                client.get(address)
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(address).status_code == 200
                asked[role, size] = len(queries)
    for role in clients:
        assert asked[role, 3] == asked[role, 20] <= 30, asked
