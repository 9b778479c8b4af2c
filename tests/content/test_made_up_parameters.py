"""Parameters that no page reads cost nothing: the page that was made without them answers."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

pytestmark = pytest.mark.once


def test_every_page_type_ignores_made_up_parameters(loaded, client, settings):
    settings.PAGE_CACHE_SECONDS = 60
    caches["pages"].clear()
    one_of_each = {page.specific_class: page.get_url() for page in Page.objects.live().defer_streamfields()}
    made_anew = []
    for path in filter(None, one_of_each.values()):
        plain = client.get(path)
        if plain.status_code != 200:
            continue
        with CaptureQueriesContext(connection) as queries:
            again = client.get(path, {"made-up": "1", "utm_source": "elsewhere"})
        if len(queries) > 1 or again.content != plain.content:
            made_anew.append((path, len(queries)))
    caches["pages"].clear()
    assert len(one_of_each) > 30
    assert not made_anew
