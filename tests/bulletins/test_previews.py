"""Previews: of the form as it is typed, and of an email in the dark and on a phone."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import streamfield

from engagement.bulletins.previews import as_dark, as_on_a_phone
from tests.bulletins.admin_forms import bulletin_form
from tests.bulletins.conftest import template_for


@pytest.mark.once
@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("mail", "Kites are made again."),
        ("phone", "max-inline-size: 320px"),
        ("dark", "color-scheme: dark"),
        ("text", "KITES AGAIN"),
        ("web", 'class="lede"'),
        ("checks", "There is nothing to correct before approval."),
    ],
)
def test_previews(signed_in, topics, mode, words):
    client = signed_in("writer", "Content editor")
    url = reverse("wagtailsnippets_bulletins_bulletin:preview_on_add")
    assert client.post(url, bulletin_form()).json() == {"is_valid": True, "is_available": True}
    response = client.get(url, {"mode": mode})
    assert response.status_code == 200
    html = response.content.decode()
    assert words in html
    assert "<wagtail-userbar" in html
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "script-src 'self' 'unsafe-inline'" not in policy
    assert client.post(url, bulletin_form(subject="", slug="", body=streamfield([]))).json()["is_available"]
    assert client.get(url, {"mode": mode}).status_code == 200


@pytest.mark.once
def test_previews_of_dark_and_phone(write):
    html = template_for(write(), "kites").html
    assert "@media (prefers" not in as_dark(html)
    assert "background: #0f1728" in as_dark(html)
    assert "max-inline-size: 320px" in as_on_a_phone(html)
    assert "@media (max-width" not in as_on_a_phone(html)
