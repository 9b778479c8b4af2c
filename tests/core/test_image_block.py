"""Images in body text: small files in modern formats, room kept before they load, and no query for each of them."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from nelis.core.blocks import BodyBlock
from nelis.core.models import SiteImage

# Wagtail leaves the files it makes small versions from for Python to close.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def image(number, **fields):
    file = BytesIO()
    Image.new("RGB", (1600, 900), "navy").save(file, "JPEG")
    upload = SimpleUploadedFile(f"bridge-{number}.jpg", file.getvalue(), "image/jpeg")
    return SiteImage.objects.create(title=f"Bridge {number}", file=upload, **fields)


def show(*images, caption=""):
    """The HTML of a body with these images, as it comes from the database."""
    block = BodyBlock()
    values = [{"type": "figure", "value": {"image": each.pk, "caption": caption}} for each in images]
    return block.render(block.to_python(values))


def test_modern_formats_in_three_widths_with_room_kept(db):
    html = show(image(1, description="A bridge"), caption="The river")
    assert html.index('type="image/avif"') < html.index("<img")
    assert [len(set(re.findall(rf"\.{kind} (\d+)w", html))) for kind in ("avif", "webp")] == [3, 3]
    img = re.search(r"<img[^>]*>", html)[0]
    assert all(part in img for part in ('alt="A bridge"', 'loading="lazy"', 'width="480"', 'height="270"', "sizes="))
    assert "The river" in html


def test_decoration_has_an_empty_alternative(db):
    decoration = image(1, decorative=True)
    assert 'alt=""' in show(decoration)
    assert decoration.decorative
    assert SiteImage.objects.get().decorative


def test_more_images_ask_no_more(db):
    images = [image(number, description="A bridge") for number in range(3)]
    counts = []
    for shown in (images, images[:1], images):
        with CaptureQueriesContext(connection) as asked:
            assert show(*shown).count("<picture>") == len(shown)
        counts.append(len(asked))
    # The first time, the sizes are made and kept.
    assert counts[1] == counts[2] == 2


def test_an_image_that_was_deleted_leaves_no_hole(db):
    gone = image(1, description="A bridge")
    block = BodyBlock()
    body = block.to_python([{"type": "figure", "value": {"image": gone.pk, "caption": ""}}])
    gone.delete()
    assert "<figure" not in block.render(body)
