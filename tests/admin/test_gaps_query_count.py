"""The work queue asks the database as often for twenty of everything as for three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.signal_handlers import disable_reference_index_auto_update

from nelis.core.search.index_sync import sync_suspended
from sectors.models import SectorPage
from tests.sectors.sample_strategy import SampleStrategy


@pytest.mark.once
@pytest.mark.django_db
def test_it_asks_no_more_for_more_gaps(signed_in):
    with sync_suspended(), disable_reference_index_auto_update():
        address = reverse("gaps")
        sample_site = SampleStrategy()
        clients = {role: signed_in(role) for role in ("Administrator", "Analyst")}
        asked = {}
        for size in (3, 20):
            sample_site.grow(size)
            SectorPage.objects.update(review_due=timezone.localdate())
            for role, client in clients.items():
                client.get(address)
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(address).status_code == 200
                asked[role, size] = len(queries)
    for role in clients:
        assert asked[role, 3] == asked[role, 20] <= 30, asked
