"""Links in a bulletin: which lead to something that any reader can open."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver
from wagtail.documents import get_document_model
from wagtail.models import Collection, Page, Site

from engagement.bulletins.approval_checks import check_bulletin
from engagement.bulletins.link_checks import PUBLIC_VIEWS, QUERIED_VIEWS, check_links, is_public_path
from engagement.bulletins.models import Bulletin
from engagement.feedback.models import FeedbackRound
from nelis.evidence.models import EvidenceIndexPage, Source
from nelis.home.models import BookPage, HomePage, StandardPage
from tests.bulletins.conftest import faults_and_warnings


@pytest.fixture
def site(db):
    """A home page and a page below it."""
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title="Home", slug="start", summary="It.", hero_statement="A plan"))
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    return home.add_child(instance=StandardPage(title="About kites", slug="kites", summary="They fly."))


@pytest.mark.once
def test_links_to_this_site(site, write):
    body = [
        {"type": "pages", "value": {"title": "Read", "pages": [{"page": site.pk, "sentence": ""}]}},
        {"type": "text", "value": f'<p><a linktype="page" id="{site.pk}">About the kites</a></p>'},
    ]
    bulletin = write(body=body)
    snapshot, report = check_bulletin(bulletin)
    assert report.faults == []
    assert {link.state for link in report.links} == {"internal"}
    assert "About kites\nThey fly.\nhttp://testserver/kites/" in snapshot["text"]
    site.unpublish()
    assert (
        "A page in a list isn’t public: “About kites”."
        in faults_and_warnings(type(bulletin).objects.get(pk=bulletin.pk))[0]
    )


def test_many_links_cost_no_more_than_few(site, write, sending, approved):
    """To pages, documents and bulletins, in rows, in buttons and in words."""

    site.get_parent().add_child(instance=EvidenceIndexPage(title="Sources", slug="evidence", summary="All."))
    for number in range(9):
        site.get_parent().add_child(instance=BookPage(title="The book", slug=f"book-{number}", summary="All."))

    def cost(bulletin):
        check_bulletin(bulletin)
        bulletin = Bulletin.objects.get(pk=bulletin.pk)
        with CaptureQueriesContext(connection) as queries:
            _, report = check_bulletin(bulletin)
        assert not any("nowhere" in fault.text or "open" in fault.text for fault in report.faults)
        assert len([link for link in report.links if link.state == "internal"]) >= 5
        return len(queries)

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
def test_documents(site):
    documents = get_document_model().objects
    shown = documents.create(title="Shown", file="documents/shown.txt")
    within = Collection.get_first_root_node().add_child(name="Kites")
    sorted_away = documents.create(title="Kites", file="documents/kites.txt", collection=within)
    assert is_public_path(shown.url)
    assert is_public_path(sorted_away.url)
    address = shown.url
    shown.delete()
    assert not is_public_path(address)


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
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from names(pattern.url_patterns, f"{above}{pattern.namespace}:" if pattern.namespace else above)
            elif pattern.name:
                yield above + pattern.name

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
