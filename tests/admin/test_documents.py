"""By whichever door a document comes: its bytes are what its name says, or it is refused in words; it is a download."""

import gc
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import Collection, UploadedFile

from nelis.core.models import SiteDocument
from tests.admin.odd_documents import BAD, GOOD

# Wagtail leaves the files it looks into for Python to close.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ASKED_BY_SCRIPT = {"X-Requested-With": "XMLHttpRequest"}
FORM = {"title": "Kites", "tags": "", "collection": "1", "dated": ""}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    yield
    gc.collect()


@pytest.fixture
def editor(db, signed_in):
    return signed_in("Content editor")


def upload(name, content):
    return SimpleUploadedFile(name, content, "application/whatever")


def add_one(client, file):
    response = client.post(reverse("wagtaildocs:add"), FORM | {"file": file})
    return [] if response.status_code == 302 else response.context["form"].errors["file"]


def add_several(client, file):
    url = reverse("wagtaildocs:add_multiple")
    answer = client.post(url, {"files[]": file, "title": "Kites"}, headers=ASKED_BY_SCRIPT).json()
    return [] if answer["success"] else [answer["error_message"]]


def add_in_chooser(client, file):
    data = {f"document-chooser-upload-{name}": value for name, value in (FORM | {"file": file}).items()}
    answer = json.loads(client.post(reverse("wagtaildocs_chooser:create"), data).content)
    return [] if answer["step"] == "chosen" else ["shown"] * ("error" in json.dumps(answer))


def replace(client, file):
    old = SiteDocument.objects.create(title="Old", file=ContentFile(b"Old", "old.txt"), uploaded_by_user=client.person)
    response = client.post(reverse("wagtaildocs:edit", args=[old.pk]), FORM | {"file": file})
    return [] if response.status_code == 302 else response.context["form"].errors["file"]


DOORS = [add_one, add_several, add_in_chooser, replace]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", ["pdf", "xlsx"])
def test_an_honest_document_is_taken_and_sent_as_a_download(editor, client, door, name):
    assert door(editor, upload(*GOOD[name])) == []
    document = SiteDocument.objects.get()
    response = client.get(document.url)
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.getvalue() == GOOD[name][1]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", ["page-as-pdf", "program-as-docx", "bomb"])
def test_what_is_not_what_it_says_is_refused_by_every_door(editor, door, name):
    assert door(editor, upload(*BAD[name]))
    assert not SiteDocument.objects.exclude(title="Old").exists()
    assert not UploadedFile.objects.exists()


def check(name, content):
    """What every form for a document does with a new file."""
    SiteDocument(title="Kites", collection=Collection(pk=1), file=upload(name, content)).clean()


@pytest.mark.parametrize("name", GOOD)
def test_every_honest_kind(name):
    check(*GOOD[name])


@pytest.mark.parametrize("name", BAD)
def test_everything_else_is_refused_in_words(name):
    with pytest.raises(ValidationError) as refused:
        check(*BAD[name])
    (message,) = refused.value.message_dict["file"]
    assert message.startswith(("This ", "File extension"))


def test_a_document_is_edited_without_a_new_file(editor):
    """One of former times may be anything."""
    file = ContentFile(b"<html>", "old.txt")
    old = SiteDocument.objects.create(title="Old", file=file, uploaded_by_user=editor.person)
    url = reverse("wagtaildocs:edit", args=[old.pk])
    assert editor.post(url, FORM | {"title": "Renamed"}).status_code == 302
    old.refresh_from_db()
    assert old.title == "Renamed"


def test_a_title_that_is_too_long_is_asked_for_again(editor):
    """Several at once: the file waits for its title, and the second form has no file."""
    data = {"files[]": upload(*GOOD["pdf"]), "title": "k" * 300}
    answer = editor.post(reverse("wagtaildocs:add_multiple"), data, headers=ASKED_BY_SCRIPT).json()
    key = answer["uploaded_file_id"]
    url = reverse("wagtaildocs:create_multiple_from_uploaded_document", args=[key])
    data = {f"uploaded-document-{key}-{name}": value for name, value in FORM.items()}
    assert editor.post(url, data, headers=ASKED_BY_SCRIPT).json()["success"]
    assert SiteDocument.objects.get().title == "Kites"
