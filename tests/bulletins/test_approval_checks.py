"""What stops an approval, and what only makes an author think."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver
from wagtail.documents import get_document_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site

from engagement.bulletins.approval_checks import MAX_SIZE, CheckReport, check_bulletin
from engagement.bulletins.link_checks import PUBLIC_VIEWS, QUERIED_VIEWS, check_links, is_public_path
from engagement.bulletins.models import Bulletin
from engagement.bulletins.snapshot import REQUIRED_HEADERS
from engagement.feedback.models import FeedbackRound
from nelis.core.models import SiteImage
from nelis.evidence.models import EvidenceIndexPage, Source
from nelis.home.models import BookPage, HomePage, StandardPage


@pytest.fixture
def site(db):
    """A home page and a page below it."""
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title="Home", slug="start", summary="It.", hero_statement="A plan"))
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    return home.add_child(instance=StandardPage(title="About kites", slug="kites", summary="They fly."))


def texts(bulletin):
    _, report = check_bulletin(bulletin)
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
    assert fault in texts(write(**fields))[0]


@pytest.mark.once
@pytest.mark.parametrize("fields", [{"cannot_wait": True}, {"kind": "weekly"}])
def test_what_everybody_reads_in_the_mail_need_not_be_on_the_web(write, subscribe, fields):
    subscribe("ada", frequency="weekly")
    assert not any("on the web" in fault for fault in texts(write(is_public=False, **fields))[0])


def doctored(bulletin, **changes):
    """The faults of a bulletin whose snapshot data came out otherwise than freezing makes them."""
    snapshot, _ = check_bulletin(bulletin)
    return [one.text for one in CheckReport.for_snapshot(bulletin, snapshot | changes).faults]


@pytest.mark.once
class TestWhatFreezingWouldHaveToGetWrong:
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
        headers = {key: said for key, said in (snapshot["headers"] | {name: value}).items() if said is not None}
        assert doctored(bulletin, headers=headers) == [f"These headers are missing: {name}."]

    def test_two_are(self, bulletin, snapshot):
        headers = {key: said for key, said in snapshot["headers"].items() if key not in ("List-Id", "Precedence")}
        assert doctored(bulletin, headers=headers) == ["These headers are missing: List-Id, Precedence."]

    def test_one_address_to_leave_by_for_all(self, bulletin, snapshot):
        headers = snapshot["headers"] | {"List-Unsubscribe": "<http://testserver/mailing-list/leave/>"}
        assert doctored(bulletin, headers=headers) == ["The header for leaving with one press isn’t each reader’s own."]

    @pytest.mark.parametrize("form", ["html", "text"])
    @pytest.mark.parametrize("place", ["leave", "choices"])
    def test_no_way_out(self, bulletin, snapshot, form, place):
        said = snapshot[form].replace(f"⟦{place}⟧", "http://testserver/")
        assert said != snapshot[form]
        assert doctored(bulletin, **{form: said}) == [self.NO_WAY_OUT]

    @pytest.mark.parametrize("form", ["html", "text"])
    def test_a_place_that_nothing_fills(self, bulletin, snapshot, form):
        assert doctored(bulletin, **{form: f"{snapshot[form]} ⟦name⟧ ⟦Age⟧ ⟦part x⟧"}) == [
            "Nothing fills Age, name, part x."
        ]

    def test_the_marks_of_parts_are_no_places(self, bulletin, snapshot):
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
    faults, warnings = texts(write(**fields))
    assert warning in warnings
    assert faults == []


def test_nobody_to_get_it(write):
    assert "Nobody would get it, if it were sent now." in texts(write())[1]


@pytest.mark.parametrize(("times", "level"), [(1, 0), (12, 1), (20, 2)])
@pytest.mark.once
def test_the_size(write, times, level):
    paragraph = {"type": "text", "value": f"<p>{'Kites in the wind. ' * 380}</p>"}
    snapshot, report = check_bulletin(write(body=[paragraph] * times))
    size = len(snapshot["html"].encode())
    assert [size < MAX_SIZE * 0.79, MAX_SIZE * 0.8 < size < MAX_SIZE, size > MAX_SIZE][level]
    levels = [one.level for one in report.results if "Gmail cuts" in one.text]
    assert levels == [["passed", "warning", "fault"][level]]


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
    snapshot, report = check_bulletin(bulletin)
    assert report.faults == []
    assert 'alt="A red kite"' in snapshot["html"]
    assert "[Image: A red kite]" in snapshot["text"]


@pytest.mark.once
def test_links_to_this_site(site, write):
    body = [
        {"type": "pages", "value": {"title": "Read", "pages": [{"page": site.pk, "sentence": ""}]}},
        {"type": "text", "value": f'<p><a linktype="page" id="{site.pk}">About the kites</a></p>'},
    ]
    bulletin = write(body=body)
    snapshot, report = check_bulletin(bulletin)
    assert report.faults == []
    assert {one.state for one in report.links} == {"internal"}
    assert "About kites\nThey fly.\nhttp://testserver/kites/" in snapshot["text"]
    PageViewRestriction.objects.create(page=site, restriction_type="login")
    assert any("isn’t public" in fault for fault in texts(bulletin)[0])
    PageViewRestriction.objects.all().delete()
    site.unpublish()
    assert "A page in a list isn’t public: “About kites”." in texts(type(bulletin).objects.get(pk=bulletin.pk))[0]


def test_many_links_cost_no_more_than_few(site, write, sending, approved):
    """To pages, documents and bulletins, in rows, in buttons and in words."""

    site.get_parent().add_child(instance=EvidenceIndexPage(title="Sources", slug="evidence", summary="All."))
    for number in range(9):
        site.get_parent().add_child(instance=BookPage(title="The book", slug=f"book-{number}", summary="All."))

    def cost(bulletin):
        check_bulletin(bulletin)
        bulletin = Bulletin.objects.get(pk=bulletin.pk)
        with CaptureQueriesContext(connection) as asked:
            _, report = check_bulletin(bulletin)
        assert not any("nowhere" in one.text or "open" in one.text for one in report.faults)
        assert len([one for one in report.links if one.state == "internal"]) >= 5
        return len(asked)

    def about(number):
        """A bulletin that links to so many things of each kind."""
        rows, words, buttons = [], "", []
        for place in range(number):
            name = f"kind-{number}-{place}"
            page = site.get_parent().add_child(instance=StandardPage(title=name, slug=name, summary="They fly."))
            document = get_document_model().objects.create(title=name, file=f"documents/{name}.txt")
            sending(slug=name)
            rows.append({"page": page.pk, "sentence": ""})
            Source.objects.create(ref=name, title=name, kind="report")
            words += f'<p><a href="/evidence/{name}/">Publication {name}</a></p>'
            words += f'<p><a href="/book-{place}/download/">Book {name}</a></p>'
            words += f'<p><a href="{document.url}">Document {name}</a> <a href="/bulletins/{name}/">Bulletin {name}</a>'
            words += f' <a linktype="page" id="{page.pk}">Page {name}</a></p>'
            buttons.append({"type": "button", "value": {"label": "All of it", "page": page.pk, "address": ""}})
        body = [{"type": "pages", "value": {"title": "Read", "pages": rows}}, {"type": "text", "value": words}]
        return write(slug=f"links-{number}", body=body + buttons)

    assert cost(about(2)) == cost(about(9))


@pytest.mark.once
@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("http://testserver", "internal"),
        ("http://testserver?from=mail", "internal"),
        ("http://testserver/kites/#nowhere", "internal"),
        ("http://testserver.example.org/kites/", "external"),
        ("http://testserver/admin/", "restricted"),
        ("http://testserver/kites/more/", "missing"),
        ("/kites/", "missing"),
        ("javascript:run()", "missing"),
        ("", "missing"),
        ("mailto:ada@example.org", "external"),
    ],
)
def test_where_a_link_leads(site, url, state):
    soup = BeautifulSoup(f'<a href="{url}">There</a><a href="⟦leave⟧">Leave</a>', "html.parser")
    (found,) = check_links(soup, "")
    assert (found.words, found.state) == ("There", state)


@pytest.mark.once
def test_below_a_page(site):
    home = site.get_parent()
    home.add_child(instance=EvidenceIndexPage(title="Sources", slug="evidence", summary="All."))
    Source.objects.create(ref="S9", title="A report", kind="report")
    Source.objects.create(ref="S10", title="A draft", kind="report", live=False)
    assert is_public_path("/evidence/")
    assert is_public_path("/evidence/s9/")
    assert not is_public_path("/evidence/s10/")
    assert not is_public_path("/evidence/s11/")
    assert not is_public_path("/evidence/figures/s9/")
    book = home.add_child(instance=BookPage(title="The book", slug="book", summary="All."))
    assert is_public_path("/book/download/")
    assert not is_public_path("/book/nothing/")
    # Nothing is below a page that isn't public.
    book.unpublish()
    assert not is_public_path("/book/download/")


@pytest.mark.once
def test_documents_of_a_private_collection(site):
    documents = get_document_model().objects
    private = Collection.get_first_root_node().add_child(name="Ours alone")
    within = private.add_child(name="And this")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    shown = documents.create(title="Shown", file="documents/shown.txt")
    hidden = documents.create(title="Hidden", file="documents/hidden.txt", collection=within)
    assert is_public_path(shown.url)
    assert not is_public_path(hidden.url)


@pytest.mark.once
@pytest.mark.parametrize(("state", "found"), [("draft", False), ("open", True)])
def test_rounds(site, state, found):
    FeedbackRound.objects.create(title="Kites", slug="kites", state=state)
    assert is_public_path("/feedback/kites/") is found
    assert not is_public_path("/feedback/kites/receipt/")
    assert not is_public_path("/feedback/kites/results/")


@pytest.mark.once
def test_every_view_that_is_called_open_is_there():
    def names(patterns, above=""):
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from names(one.url_patterns, f"{above}{one.namespace}:" if one.namespace else above)
            elif one.name:
                yield above + one.name

    assert set(names(get_resolver().url_patterns)) >= PUBLIC_VIEWS | QUERIED_VIEWS


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
        ("/admin/", False),
        ("/admin/pages/5/edit/", False),
        ("/django-admin/", False),
        ("/mailing-list/", True),
        ("/mailing-list/link/", True),
        ("/mailing-list/manage/", False),
        ("/mailing-list/manage/data.json", False),
        ("/mailing-list/choices/", False),
        ("/mailing-list/leave/", False),
        ("/mailing-list/undo/", False),
        ("/mailing-list/confirm/", False),
        ("/post/events/ours/tracking/", False),
        ("/data-protection-complaint/", True),
        ("/data-protection-complaint/received/", False),
        ("/feedback/", True),
        ("/feedback/nothing/", False),
        ("/feedback/nothing/results/", False),
        ("/feedback/wall/nothing/", False),
        ("/propositions/nothing/respond/", False),
        ("/events/nothing/calendar.ics", False),
        ("/events/calendar.ics", True),
        ("/join/", True),
        ("/bulletins/atom/", True),
        ("/sitemap.xml", True),
        ("/%00/", False),
        ("/%ff/", False),
    ],
)
def test_paths(site, path, found):
    assert is_public_path(path) is found
