"""No image without words for those who can't see it, by whichever door it comes."""

import gc
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from nelis.core.models import SiteImage

# Wagtail leaves the files it makes small versions from for Python to close.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def files_are_closed():
    """Here, where their warnings are expected, and not in a later test."""
    yield
    gc.collect()


def picture(name="bridge.png"):
    file = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


WRONG = [
    ({"description": "", "decorative": ""}, "description"),
    ({"description": "A bridge", "decorative": "on"}, "decorative"),
]
RIGHT = [{"description": "A bridge", "decorative": ""}, {"description": "", "decorative": "on"}]


@pytest.fixture
def editor(db, signed_in):
    return signed_in("Content editor")


def form(**changes):
    return {"title": "Bridge", "credit": "", "tags": "", "collection": "1"} | changes


class TestAddingOne:
    url = property(lambda self: reverse("wagtailimages:add"))

    @pytest.mark.parametrize(("words", "wrong"), WRONG)
    def test_refused(self, editor, words, wrong):
        response = editor.post(self.url, form(file=picture(), **words))
        assert wrong in response.context["form"].errors
        assert not SiteImage.objects.exists()

    @pytest.mark.parametrize("words", RIGHT)
    def test_taken(self, editor, words):
        editor.post(self.url, form(file=picture(), **words))
        assert SiteImage.objects.get().alt == words["description"]


class TestAddingSeveral:
    """Files come first and words after: nothing is an image until both are there."""

    url = property(lambda self: reverse("wagtailimages:add_multiple"))

    def upload(self, editor):
        response = editor.post(
            self.url, {"files[]": picture(), "title": "Bridge"}, headers={"X-Requested-With": "XMLHttpRequest"}
        )
        answer = response.json()
        assert answer["success"]
        assert not SiteImage.objects.exists()
        return answer["uploaded_file_id"]

    def finish(self, editor, key, **words):
        url = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[key])
        data = {f"uploaded-image-{key}-{name}": value for name, value in form(**words).items()}
        return editor.post(url, data, headers={"X-Requested-With": "XMLHttpRequest"}).json()

    @pytest.mark.parametrize(("words", "wrong"), WRONG)
    def test_refused(self, editor, words, wrong):
        answer = self.finish(editor, self.upload(editor), **words)
        assert not answer["success"]
        assert not SiteImage.objects.exists()

    @pytest.mark.parametrize("words", RIGHT)
    def test_taken(self, editor, words):
        assert self.finish(editor, self.upload(editor), **words)["success"]
        assert SiteImage.objects.get().alt == words["description"]


class TestInTheChooser:
    url = property(lambda self: reverse("wagtailimages_chooser:create"))

    def post(self, editor, words):
        data = {f"image-chooser-upload-{name}": value for name, value in form(**words).items()}
        return editor.post(self.url, data | {"image-chooser-upload-file": picture()})

    @pytest.mark.parametrize(("words", "wrong"), WRONG)
    def test_refused(self, editor, words, wrong):
        assert self.post(editor, words).status_code == 200
        assert not SiteImage.objects.exists()

    @pytest.mark.parametrize("words", RIGHT)
    def test_taken(self, editor, words):
        self.post(editor, words)
        assert SiteImage.objects.get().alt == words["description"]


def test_words_can_not_be_taken_away_again(editor):
    editor.post(reverse("wagtailimages:add"), form(file=picture(), description="A bridge"))
    image = SiteImage.objects.get()
    response = editor.post(reverse("wagtailimages:edit", args=[image.pk]), form(description=""))
    assert "description" in response.context["form"].errors
    image.refresh_from_db()
    assert image.alt == "A bridge"
