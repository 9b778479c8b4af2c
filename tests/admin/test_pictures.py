"""By whichever door a picture comes: it is stored upright and without notes, or refused in words beside its field."""

import gc
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.models import UploadedFile

from nelis.core.admin.image_forms import PictureUploadField
from nelis.core.models import SiteImage
from nelis.core.pictures import PictureError, strip_picture
from tests.admin.odd_pictures import BAD, GOOD, SECRETS, photograph

# Wagtail leaves the files it makes small versions from for Python to close.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ASKED_BY_SCRIPT = {"X-Requested-With": "XMLHttpRequest"}
#: Every kind of small version that pages, mails and the admin make.
FILTERS = ("width-600|format-jpeg", "width-480|format-avif", "width-960|format-webp", "max-165x165", "original")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    # Wagtail remembers small versions by the number of their image.
    cache.clear()
    yield
    cache.clear()
    gc.collect()


@pytest.fixture
def editor(db, signed_in):
    return signed_in("Content editor")


def upload(name, content):
    return SimpleUploadedFile(name, content, "image/whatever")


FORM = {"title": "Bridge", "credit": "", "tags": "", "collection": "1", "description": "A bridge", "decorative": ""}


def add_one(client, file):
    """Its form; what it says is wrong with the file."""
    response = client.post(reverse("wagtailimages:add"), FORM | {"file": file})
    return [] if response.status_code == 302 else response.context["form"].errors.get("file", [])


def add_several(client, file):
    """First the file, and its description in a second form."""
    url = reverse("wagtailimages:add_multiple")
    answer = client.post(url, {"files[]": file, "title": "Bridge"}, headers=ASKED_BY_SCRIPT).json()
    if not answer["success"]:
        return [answer["error_message"]]
    key = answer["uploaded_file_id"]
    kept = UploadedFile.objects.get(pk=key).file.read()
    assert not any(secret in kept for secret in SECRETS)
    url = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[key])
    data = {f"uploaded-image-{key}-{name}": value for name, value in FORM.items()}
    assert client.post(url, data, headers=ASKED_BY_SCRIPT).json()["success"]
    return []


def add_in_chooser(client, file):
    """The form in the window that chooses an image."""
    data = {f"image-chooser-upload-{name}": value for name, value in (FORM | {"file": file}).items()}
    response = client.post(reverse("wagtailimages_chooser:create"), data)
    assert response.status_code == 200
    return [] if SiteImage.objects.exists() else ["shown"] * ("error" in response.text)


def replace(client, file):
    """Another file for an image that is there."""
    image = SiteImage.objects.first() or SiteImage.objects.create(
        title="Bridge",
        description="A bridge",
        file=ContentFile(GOOD["one-dot"][1], "old.png"),
        uploaded_by_user=client.person,
    )
    response = client.post(reverse("wagtailimages:edit", args=[image.pk]), FORM | {"file": file})
    return [] if response.status_code == 302 else response.context["form"].errors.get("file", [])


DOORS = [add_one, add_several, add_in_chooser, replace]


def stored(image):
    with image.file.open() as file:
        return file.read()


def check_plain(content):
    """That a picture has nothing but its dots."""
    assert not any(secret in content for secret in SECRETS)
    with Image.open(BytesIO(content)) as picture:
        assert not picture.getexif()
        assert not {"icc_profile", "exif", "xmp", "comment", "photoshop"} & picture.info.keys()
        assert picture.mode in ("L", "RGB", "RGBA")
        return picture.convert("RGB").copy()


@pytest.mark.parametrize("door", DOORS)
def test_a_photograph_keeps_no_notes_by_any_door(editor, door):
    assert door(editor, upload(*GOOD["photograph"])) == []
    image = SiteImage.objects.get()
    check_plain(stored(image))
    assert image.file_size == len(stored(image))
    assert (image.width, image.height) == (40, 20)
    for spec in FILTERS:
        with image.get_rendition(spec).file.open() as file:
            check_plain(file.read())


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", ["200-megapixels", "cut-off", "moving"])
def test_what_is_no_picture_is_refused_by_every_door(editor, door, name):
    assert door(editor, upload(*BAD[name]))
    assert not SiteImage.objects.exclude(file__contains="old").exists()
    assert not UploadedFile.objects.exists()


@pytest.mark.parametrize("name", GOOD)
def test_every_odd_picture_becomes_a_plain_one(db, name):
    file_name, content = GOOD[name]
    PictureUploadField().clean(upload(file_name, content))
    image = SiteImage.objects.create(title=name, description=name, file=ContentFile(content, file_name))
    check_plain(stored(image))
    for spec in FILTERS:
        image.get_rendition(spec)


@pytest.mark.parametrize("name", BAD)
def test_every_bad_file_is_refused_in_words(name):
    with pytest.raises(ValidationError) as refused:
        PictureUploadField().clean(upload(*BAD[name]))
    (message,) = refused.value.messages
    assert message.endswith(".") or "image" in message
    if name.endswith("megapixels"):
        assert "too many pixels" in message


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_as_it_was_held(kind, orientation):
    """Left is red. What the notes say of turning is done to the dots, once."""
    turned = {2: "blue", 3: "blue", 6: "top", 5: "top", 7: "bottom", 8: "bottom"}
    picture = check_plain(strip_picture(BytesIO(photograph(kind, orientation))))
    tall = orientation > 4
    assert picture.size == ((20, 40) if tall else (40, 20))
    corner = picture.getpixel((10, 5) if tall else (5, 10))
    is_red = corner[0] > corner[2]
    assert is_red == (turned.get(orientation) in (None, "top"))


def test_sixteen_bits_of_grey_are_neither_black_nor_white():
    picture = check_plain(strip_picture(BytesIO(GOOD["sixteen-bits"][1])))
    assert (picture.getpixel((5, 5)), picture.getpixel((35, 5))) == ((16,) * 3, (240,) * 3)


def test_a_large_upload_is_stripped_on_the_disk_too(db):
    file_name, content = GOOD["photograph"]
    with TemporaryUploadedFile(file_name, "image/jpeg", len(content), None) as file:
        file.write(content)
        file.seek(0)
        cleaned = PictureUploadField().clean(file)
        check_plain(Path(cleaned.temporary_file_path()).read_bytes())
        image = SiteImage.objects.create(title="Bridge", description="A bridge", file=cleaned)
    assert stored(image)


def test_an_image_is_edited_without_a_new_file(editor):
    file = ContentFile(GOOD["one-dot"][1], "a.png")
    image = SiteImage.objects.create(title="Bridge", description="A", file=file, uploaded_by_user=editor.person)
    response = editor.post(reverse("wagtailimages:edit", args=[image.pk]), FORM | {"description": "Changed"})
    assert response.status_code == 302
    image.refresh_from_db()
    assert (image.description, stored(image)[:4]) == ("Changed", b"\x89PNG")


def test_no_door_is_left_out():
    """Wagtail makes every form for an image from one of ours, and the model strips what comes past them."""
    assert settings.WAGTAILIMAGES_IMAGE_FORM_BASE == "nelis.core.admin.image_forms.SiteImageForm"
    with pytest.raises(PictureError, match="no picture"):
        SiteImage().file.save("a.png", ContentFile(b"no picture"), save=False)
