"""Resized images, which mails show too."""

import re
from pathlib import Path

import pytest
from django.conf import settings as site

pytestmark = pytest.mark.once


def test_another_site_may_show_an_image(client, settings, tmp_path):
    """A reader's web mail is another site. Nothing but resized images is sent like this."""
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "kites.jpg").write_bytes(b"kites")
    response = client.get("/media/images/kites.jpg")
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"kites"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_web_server_says_the_same():
    server = (Path(site.BASE_DIR) / "deploy/nginx.conf").read_text()
    images = re.search(r"location /media/images/ \{(.*?)\n    \}", server, re.DOTALL)[1]
    assert "Cross-Origin-Resource-Policy cross-origin" in images
    assert server.count("cross-origin") == 1
