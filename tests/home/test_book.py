"""The book: its number of queries, its policy, what it leaves out, and how its links are made."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.signal_handlers import disable_reference_index_auto_update

from nelis.core.models import GlossaryTerm
from nelis.core.search.index_sync import sync_suspended
from nelis.home.book.text import make_links_self_contained
from nelis.home.models import BookPage, FrameworkPage, GovernanceBody, TimelineEvent
from sectors.models import FoundationIndexPage, PropositionPage
from tests.home.builders import furnish
from tests.sectors.sample_strategy import SampleStrategy, add

#: Far above the limit for other pages: the book prints what some fifty pages show. Kept pages answer without any.
MOST = 35


@pytest.fixture
def world(db):
    """A strategy with one of everything and the book; the book is at ``/book/``."""
    with sync_suspended(), disable_reference_index_auto_update():
        world = SampleStrategy()
        world.book = add(world.home, BookPage, "book", introduction="<p>Read it on the train.</p>")
        world.grow(1)
    return world


def read(path="/book/"):
    response = Client().get(path)
    assert response.status_code == 200
    return response


@pytest.mark.once
@pytest.mark.parametrize(("few_things", "many_things"), [(2, 12), pytest.param(3, 30, marks=pytest.mark.slow)])
def test_the_number_of_queries_does_not_grow(world, few_things, many_things):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            html = read().text
        return len(queries), len(html)

    def grow(size, text):
        with sync_suspended(), disable_reference_index_auto_update():
            world.grow(size)
            furnish(text, size)
            for number in range(size):
                GlossaryTerm.objects.get_or_create(term=f"Term {number}", definition="It means this.")
                GovernanceBody.objects.get_or_create(slug=f"b{number}", name=f"Body {number}", tier="advisory")
                event = {"title": "It began", "track": "other", "precision": "range", "confidence": "low"}
                TimelineEvent.objects.get_or_create(ref=f"E{number}", **event)

    grow(few_things, FrameworkPage.objects.get())
    asked()
    few, short = asked()
    grow(many_things, FoundationIndexPage.objects.get())
    many, long = asked()
    assert long > 2 * short
    assert many == few <= MOST


class TestPolicy:
    def hashed(self, html):
        style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
        return f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"

    def test_allows_its_own_style_and_nothing_else(self, world):
        response = read()
        policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
        assert policy["style-src"] == self.hashed(response.text)
        assert policy["default-src"] == "'none'"
        assert "script-src" not in policy

    def test_a_kept_copy_has_it_too(self, world, settings):
        settings.PAGE_CACHE_SECONDS = 60
        caches["pages"].clear()
        first = read()
        with CaptureQueriesContext(connection) as queries:
            second = read()
        assert len(queries) == 1, "only the content number"
        assert second.text == first.text
        assert second["Content-Security-Policy"] == first["Content-Security-Policy"]
        assert read("/book/download/")["Content-Disposition"] == read("/book/download/")["Content-Disposition"]
        caches["pages"].clear()

    def test_a_preview_may_be_framed_by_the_admin(self, world, admin_client):
        page = world.book
        page.save_revision()
        response = admin_client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
        assert response.status_code == 200
        assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
        assert self.hashed(response.text) in response["Content-Security-Policy"]


def test_the_download_is_the_same_file_with_a_dated_name(world):
    world.pages["proposition"][0].save_revision().publish()
    day = PropositionPage.objects.get().last_published_at
    response = read("/book/download/")
    assert response["Content-Disposition"] == (
        f'attachment; filename="north-east-local-industrial-strategy-{day:%Y-%m-%d}.html"'
    )
    assert response.text == read().text


def test_a_draft_stays_out(world):
    with sync_suspended():
        world.grow(2)
    shown, draft = world.pages["proposition"]
    assert f'<h3 id="proposition-{draft.ref.lower()}"' in read().text
    draft.live = False
    draft.save()
    html = read().text
    headings = re.findall(r'<h3 id="proposition-(\w+)"', html)
    assert headings == [shown.ref.lower()]
    assert f'href="#proposition-{draft.ref.lower()}"' not in html


def test_what_editors_type_is_text(world):
    proposition = world.pages["proposition"][0]
    proposition.title = '<a href="/sectors/">Kites & "bells"</a>'
    proposition.save()
    html = read().text
    assert "&lt;a href=&quot;/sectors/&quot;&gt;Kites &amp; &quot;bells&quot;&lt;/a&gt;" in html
    assert proposition.title not in html


def test_an_empty_site_has_a_book(db):
    with sync_suspended():
        world = SampleStrategy()
        for page in world.home.get_children():
            page.delete()
        add(type(world.home).objects.get(), BookPage, "book")
    assert "Contents" in read().text


ANCHORS = {"/propositions/p1/": "proposition-p1", "/gaps/": "gaps", "/sectors/kites/#C1": "finding-c1"}
BOOK = '<h3 id="proposition-p1">One</h3><p id="finding-c1">Two</p>'


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/propositions/p1/", "#proposition-p1"),
        ("/propositions/p1/#why", "#proposition-p1"),
        ("/sectors/kites/#C1", "#finding-c1"),
        ("/sectors/kites/", "https://example.org/sectors/kites/"),
        ("/gaps/", "https://example.org/gaps/"),
        ("/search/?q=a&amp;page=2", "https://example.org/search/?q=a&amp;page=2"),
        ("https://elsewhere.example/", "https://elsewhere.example/"),
        ("//elsewhere.example/", "//elsewhere.example/"),
        ("#finding-c1", "#finding-c1"),
        ("mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_links_work_from_a_disk(address, target):
    made = make_links_self_contained(f'{BOOK}<a class="x" href="{address}">y</a>', ANCHORS, "https://example.org")
    assert made == f'{BOOK}<a class="x" href="{target}">y</a>'
