"""What stops an approval, and what only makes an author think."""

from pathlib import Path

import pytest
from django.core.cache import cache
from wagtail.images.tests.utils import get_test_image_file

from engagement.bulletins.approval_checks import MAX_SIZE, CheckReport, check_bulletin
from engagement.bulletins.snapshot import REQUIRED_HEADERS
from nelis.core.models import SiteImage
from tests.bulletins.conftest import faults_and_warnings


def link(url, words="The kites of Exampleshire"):
    return [{"type": "text", "value": f'<p>Look: <a href="{url}">{words}</a></p>'}]


def test_a_complete_bulletin_has_no_faults(write, subscribe):
    subscribe("ada")
    assert faults_and_warnings(write()) == ([], [])


@pytest.mark.once
@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"body": []}, "It says nothing yet."),
        ({"subject": " "}, "It has no subject."),
        (
            {"subject": "Kites\r\nBcc: eve@example.org"},
            "The subject or the preheader has a control character in it. Type it anew.",
        ),
        (
            # An apostrophe that was read in the wrong encoding.
            {"subject": "Exampleshire\x92s kites"},
            "The subject or the preheader has a control character in it. Type it anew.",
        ),
        ({"subject": "Dear {{name}}"}, "“{{name}}” still waits to be filled in."),
        ({"body": [{"type": "lead", "value": "Lorem ipsum"}]}, "“Lorem ipsum” still waits to be filled in."),
        ({"body": [{"type": "figure", "value": 999}]}, "A figure isn’t public, or is gone."),
        (
            {"body": link("/no-such-page/")},
            "“The kites of Exampleshire” leads nowhere: http://testserver/no-such-page/",
        ),
        (
            {"body": link("/mailing-list/manage/")},
            "“The kites of Exampleshire” leads to what readers can’t open: http://testserver/mailing-list/manage/",
        ),
        (
            {"is_public": False},
            "Weekly and monthly readers couldn’t read it: their digest only leads to what is on the web. Put it on the "
            "web, or mark it “can’t wait”.",
        ),
        ({"body": link("https://example.org/", "")}, "A link to https://example.org/ has no words."),
        (
            {"body": [{"type": "button", "value": {"label": "Go", "page": 999, "address": ""}}]},
            "The page that “Go” leads to isn’t chosen, or is gone.",
        ),
    ],
)
def test_faults(write, subscribe, fields, fault):
    subscribe("ada")
    assert fault in faults_and_warnings(write(**fields))[0]


@pytest.mark.once
@pytest.mark.parametrize("fields", [{"cannot_wait": True}, {"kind": "weekly"}])
def test_what_everybody_reads_in_the_mail_need_not_be_on_the_web(write, subscribe, fields):
    subscribe("ada", frequency="weekly")
    assert not any("on the web" in fault for fault in faults_and_warnings(write(is_public=False, **fields))[0])


def doctored(bulletin, **changes):
    """The faults of a bulletin whose snapshot data came out otherwise than freezing makes them."""
    snapshot, _ = check_bulletin(bulletin)
    return [result.text for result in CheckReport.for_snapshot(bulletin, snapshot | changes).faults]


@pytest.mark.once
class TestWhatASnapshotWouldHaveToGetWrong:
    """Freezing itself makes neither wrong: these looks are there for the day when it does."""

    NO_WAY_OUT = "The mail has no link to leave the list, or to change one’s choices."

    @pytest.fixture
    def bulletin(self, write, subscribe):
        subscribe("ada")
        return write()

    @pytest.fixture
    def snapshot(self, bulletin):
        snapshot, report = check_bulletin(bulletin)
        assert report.faults == []
        return snapshot

    @pytest.mark.parametrize("name", REQUIRED_HEADERS)
    @pytest.mark.parametrize("value", [None, ""])
    def test_a_header_is_missing(self, bulletin, snapshot, name, value):
        headers = {key: text for key, text in (snapshot["headers"] | {name: value}).items() if text is not None}
        assert doctored(bulletin, headers=headers) == [f"These headers are missing: {name}."]

    def test_two_are(self, bulletin, snapshot):
        headers = {key: text for key, text in snapshot["headers"].items() if key not in ("List-Id", "Precedence")}
        assert doctored(bulletin, headers=headers) == ["These headers are missing: List-Id, Precedence."]

    def test_one_address_to_leave_by_for_all(self, bulletin, snapshot):
        headers = snapshot["headers"] | {"List-Unsubscribe": "<http://testserver/mailing-list/leave/>"}
        assert doctored(bulletin, headers=headers) == ["The header for leaving with one press isn’t each reader’s own."]

    @pytest.mark.parametrize("form", ["html", "text"])
    @pytest.mark.parametrize("place", ["leave", "choices"])
    def test_no_way_out(self, bulletin, snapshot, form, place):
        text = snapshot[form].replace(f"⟦{place}⟧", "http://testserver/")
        assert text != snapshot[form]
        assert doctored(bulletin, **{form: text}) == [self.NO_WAY_OUT]

    @pytest.mark.parametrize("form", ["html", "text"])
    def test_a_placeholder_that_nothing_fills(self, bulletin, snapshot, form):
        assert doctored(bulletin, **{form: f"{snapshot[form]} ⟦name⟧ ⟦Age⟧ ⟦part x⟧"}) == [
            "Nothing fills Age, name, part x."
        ]

    def test_the_marks_of_parts_are_no_placeholders(self, bulletin, snapshot):
        marks = "⟦group 0⟧ ⟦part 1⟧ ⟦/part 1⟧ ⟦/group 0⟧"
        assert doctored(bulletin, text=f"{snapshot['text']} {marks}") == []

    def test_an_address_it_cant_come_from(self, bulletin, snapshot, settings):
        settings.DEFAULT_FROM_EMAIL = "Kites <nobody>"
        assert doctored(bulletin) == ["The address it comes from isn’t set up properly. Tell an administrator."]

    def test_no_text(self, bulletin, snapshot):
        assert "There is no plain text." in doctored(bulletin, text="⟦leave⟧ ⟦choices⟧")


@pytest.mark.once
@pytest.mark.parametrize(
    ("fields", "warning"),
    [
        ({"subject": "Kites " * 12}, "The subject has 72 characters. Phones show about 40, most programs 60 at most."),
        ({"preheader": ""}, "Without a preheader, programs show the first words of the mail after the subject."),
        ({"preheader": "kites AGAIN"}, "The preheader repeats the subject."),
        (
            {"body": [{"type": "lead", "value": "When? TBC"}]},
            "It says “TBC”. Say what isn’t known, and when it will be.",
        ),
        ({"body": link("https://example.org/", "here")}, "“here” doesn’t say where it leads."),
        (
            {"body": link("http://example.org/")},
            "“The kites of Exampleshire” leads to an address without https: http://example.org/",
        ),
        (
            {"body": [{"type": "heading", "value": "A"}, {"type": "lead", "value": "B"}]},
            "The lead belongs at the top, once.",
        ),
    ],
)
def test_warnings(write, subscribe, fields, warning):
    subscribe("ada")
    faults, warnings = faults_and_warnings(write(**fields))
    assert warning in warnings
    assert faults == []


def test_nobody_to_get_it(write):
    assert "Nobody would get it, if it were sent now." in faults_and_warnings(write())[1]


@pytest.mark.parametrize(("times", "level"), [(1, 0), (12, 1), (20, 2)])
@pytest.mark.once
def test_the_size(write, times, level):
    paragraph = {"type": "text", "value": f"<p>{'Kites in the wind. ' * 380}</p>"}
    snapshot, report = check_bulletin(write(body=[paragraph] * times))
    size = len(snapshot["html"].encode())
    assert [size < MAX_SIZE * 0.79, MAX_SIZE * 0.8 < size < MAX_SIZE, size > MAX_SIZE][level]
    levels = [result.level for result in report.results if "Gmail cuts" in result.text]
    assert levels == [["passed", "warning", "fault"][level]]


@pytest.mark.once
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_image_without_a_description(write, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    image = SiteImage.objects.create(title="Kite", file=get_test_image_file())
    body = [{"type": "image", "value": {"image": image.pk, "caption": ""}}]
    bulletin = write(body=body)
    assert (
        "The image “Kite” has no alternative text. Give it one, or mark it decorative."
        in faults_and_warnings(bulletin)[0]
    )
    SiteImage.objects.update(description="A red kite")
    bulletin = type(bulletin).objects.get(pk=bulletin.pk)
    snapshot, report = check_bulletin(bulletin)
    assert report.faults == []
    assert 'alt="A red kite"' in snapshot["html"]
    assert "[Image: A red kite]" in snapshot["text"]


@pytest.mark.once
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_image_whose_file_is_damaged(write, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    image = SiteImage.objects.create(title="Kite", description="A red kite", file=get_test_image_file())
    for damage in (b"no picture", b""):
        Path(image.file.path).write_bytes(damage)
        bulletin = write(body=[{"type": "image", "value": {"image": image.pk, "caption": ""}}], slug=f"k{len(damage)}")
        faults, _ = faults_and_warnings(bulletin)
        assert "The file of the image “Kite” is gone or damaged. Upload it anew." in faults
