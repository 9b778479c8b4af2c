"""What an editor sees before anybody else does."""

import pytest
from django.urls import reverse

from tests.admin.site import PARENTS

PAGE_TYPES = list(PARENTS)


@pytest.mark.parametrize("page_type", PAGE_TYPES, ids=lambda page_type: page_type.__name__)
def test_previewed_in_every_mode(world, signed_in, page_type):
    client = signed_in("Content editor")
    page = world.pages.get(page_type) or world.make(page_type)
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert client.post(url, world.form(page_type)).json() == {"is_valid": True, "is_available": True}
    for mode, _name in page.preview_modes:
        response = client.get(url, {"mode": mode})
        assert response.status_code == 200
        assert "wagtail-userbar" in response.content.decode()
