"""What stops an approval, and what only makes an author think."""

import pytest
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, PageViewRestriction, Site

from engagement.bulletins.checks import CLIPPED, examine, is_public_path
from nelis.core.models import SiteImage
from nelis.home.models import HomePage, StandardPage


@pytest.fixture
def site(db):
    """A home page and a page below it."""
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title="Home", slug="start", summary="It.", hero_statement="A plan"))
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    return home.add_child(instance=StandardPage(title="About kites", slug="kites", summary="They fly."))


def texts(bulletin):
    _, report = examine(bulletin)
    return [one.text for one in report.faults], [one.text for one in report.warnings]


def link(url, words="The kites of Exampleshire"):
    return [{"type": "text", "value": f'<p>Look: <a href="{url}">{words}</a></p>'}]


def test_all_is_well(write, subscribe):
    subscribe("ada")
    assert texts(write()) == ([], [])


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
        ({"body": link("https://example.org/", "")}, "A link to https://example.org/ has no words."),
        (
            {"body": [{"type": "button", "value": {"label": "Go", "page": 999, "address": ""}}]},
            "The page that “Go” leads to isn’t chosen, or is gone.",
        ),
    ],
)
def test_faults(write, subscribe, fields, fault):
    subscribe("ada")
    assert fault in texts(write(**fields))[0]


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
    faults, warnings = texts(write(**fields))
    assert warning in warnings
    assert faults == []


def test_nobody_to_get_it(write):
    assert "Nobody would get it, if it were sent now." in texts(write())[1]


@pytest.mark.parametrize(("times", "level"), [(1, 0), (12, 1), (20, 2)])
@pytest.mark.once
def test_the_size(write, times, level):
    paragraph = {"type": "text", "value": f"<p>{'Kites in the wind. ' * 380}</p>"}
    frozen, report = examine(write(body=[paragraph] * times))
    size = len(frozen["html"].encode())
    assert [size < CLIPPED * 0.79, CLIPPED * 0.8 < size < CLIPPED, size > CLIPPED][level]
    levels = [one.level for one in report.findings if "Gmail cuts" in one.text]
    assert levels == [["fine", "warning", "fault"][level]]


@pytest.mark.once
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_image_without_a_description(write, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    image = SiteImage.objects.create(title="Kite", file=get_test_image_file())
    body = [{"type": "image", "value": {"image": image.pk, "caption": ""}}]
    bulletin = write(body=body)
    assert "The image “Kite” has no alternative text. Give it one, or mark it decorative." in texts(bulletin)[0]
    SiteImage.objects.update(description="A red kite")
    bulletin = type(bulletin).objects.get(pk=bulletin.pk)
    frozen, report = examine(bulletin)
    assert report.faults == []
    assert 'alt="A red kite"' in frozen["html"]
    assert "[Image: A red kite]" in frozen["text"]


@pytest.mark.once
def test_links_to_this_site(site, write):
    body = [
        {"type": "pages", "value": {"title": "Read", "pages": [{"page": site.pk, "sentence": ""}]}},
        {"type": "text", "value": f'<p><a linktype="page" id="{site.pk}">About the kites</a></p>'},
    ]
    bulletin = write(body=body)
    frozen, report = examine(bulletin)
    assert report.faults == []
    assert {one.state for one in report.links} == {"ours"}
    assert "About kites\nThey fly.\nhttp://testserver/kites/" in frozen["text"]
    PageViewRestriction.objects.create(page=site, restriction_type="login")
    assert any("isn’t public" in fault for fault in texts(bulletin)[0])
    PageViewRestriction.objects.all().delete()
    site.unpublish()
    assert "A page in a list isn’t public: “About kites”." in texts(type(bulletin).objects.get(pk=bulletin.pk))[0]


@pytest.mark.once
@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/", True),
        ("/kites/", True),
        ("/kites/more/", False),
        ("/search/", True),
        ("/bulletins/", True),
        ("/bulletins/nothing/", False),
        ("/documents/99/x.pdf", False),
        ("/%00/", False),
        ("/%ff/", False),
    ],
)
def test_paths(site, path, found):
    assert is_public_path(path) is found
