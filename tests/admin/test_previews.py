"""What an editor sees before anybody else does."""

import re

import pytest
from django.core.cache import caches
from django.urls import reverse

from nelis.home.models import HomePage
from tests.admin.sample_site import PARENTS

# Forms and their words: what the database does with them is tried by the tests of the workflow and of changes.
pytestmark = pytest.mark.once

PAGE_TYPES = list(PARENTS)


@pytest.mark.parametrize("page_type", PAGE_TYPES, ids=lambda page_type: page_type.__name__)
def test_previewed_in_every_mode(sample_site, signed_in, page_type):
    client = signed_in("Content editor")
    page = sample_site.pages.get(page_type) or sample_site.make(page_type)
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert client.post(url, sample_site.form(page_type)).json() == {"is_valid": True, "is_available": True}
    for mode, _name in page.preview_modes:
        response = client.get(url, {"mode": mode})
        assert response.status_code == 200
        assert "wagtail-userbar" in response.content.decode()


class TestTheButtonForStaff:
    """The userbar: for people who may sign in to the admin, and never in a copy kept for others."""

    BUTTON = "<wagtail-userbar"

    def test_staff_see_it(self, sample_site, signed_in):
        html = signed_in("Analyst").get(sample_site.pages[HomePage].url).content.decode()
        assert self.BUTTON in html
        chosen = re.search(r'"runOnly":\s*(\[[^]]*\])', html)
        assert "heading-order" in chosen[1]
        assert "p-as-heading" not in chosen[1]

    def test_readers_do_not(self, sample_site, client, signed_in):
        response = client.get(sample_site.pages[HomePage].url)
        assert self.BUTTON not in response.content.decode()
        assert not response.cookies
        assert self.BUTTON not in signed_in(name="visitor").get(sample_site.pages[HomePage].url).content.decode()

    def test_nor_after_staff_have_looked(self, sample_site, client, signed_in, settings):
        settings.PAGE_CACHE_SECONDS = 60
        caches["pages"].clear()
        url = sample_site.pages[HomePage].url
        staff = signed_in("Analyst")
        for _ in range(2):
            assert self.BUTTON in staff.get(url).content.decode()
            assert self.BUTTON not in client.get(url).content.decode()
        caches["pages"].clear()
