"""Body text: links all looked up at once, none to what isn't published, and sections with addresses of their own."""

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

from nelis.core.blocks import BodyBlock
from nelis.core.navigation import section_pages
from nelis.core.richtext import expand_all_links
from nelis.core.search.index_sync import sync_suspended


@pytest.fixture
def tree(db):
    """Home with a section of two pages, one of them unpublished, and a page by itself."""
    with sync_suspended():
        home = Page.get_first_root_node().add_child(instance=Page(title="Home", slug="start"))
        Site.objects.all().delete()
        Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
        section = home.add_child(instance=Page(title="Section", slug="section"))
        below = section.add_child(instance=Page(title="Below", slug="below"))
        section.add_child(instance=Page(title="Draft", slug="draft", live=False))
        alone = home.add_child(instance=Page(title="Alone", slug="alone"))
    return {page.slug: page for page in (home, section, below, alone)} | {"draft": Page.objects.get(slug="draft")}


def link(page):
    return f'<p><a linktype="page" id="{page.pk}">{page.title}</a></p>'


def stream(*blocks):
    return BodyBlock().to_python([{"type": kind, "value": value} for kind, value in blocks])


def render(source, **context):
    return Template("{% load richtext_tags %}" + source).render(Context(context))


def test_all_links_cost_one_query(tree):
    Site.get_site_root_paths()
    with CaptureQueriesContext(connection) as asked:
        first, second = expand_all_links([link(tree["below"]) + link(tree["alone"]), link(tree["section"])])
    assert len(asked) == 1
    assert first == '<p><a href="/section/below/">Below</a></p><p><a href="/alone/">Alone</a></p>'
    assert second == '<p><a href="/section/">Section</a></p>'


def test_nothing_leads_to_what_is_not_published_or_not_there(tree):
    html = expand_all_links([link(tree["draft"]), '<p><a linktype="page" id="999999">Gone</a></p>', "<p>Plain</p>"])
    assert html == ["<p><a>Draft</a></p>", "<p><a>Gone</a></p>", "<p>Plain</p>"]


@pytest.mark.parametrize("number", ["", "x", "²", "-1"])
def test_a_broken_link_is_no_error(tree, number):
    assert expand_all_links([f'<a linktype="page" id="{number}">Broken</a>']) == ["<a>Broken</a>"]


def test_no_text_asks_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert expand_all_links([]) == []
        assert render("{% prose body %}", body=stream()) == ""


def test_prose_sets_blocks_one_after_another_with_their_links(tree):
    body = stream(
        ("text", link(tree["below"])),
        ("callout", {"title": "Mind", "text": link(tree["alone"])}),
        ("text", link(tree["section"])),
    )
    Site.get_site_root_paths()
    with CaptureQueriesContext(connection) as asked:
        html = render("{% prose body %}", body=body)
    assert [part in html for part in ('"/section/below/"', '"/alone/"', '"/section/"')] == [True] * 3
    assert "linktype" not in html
    assert html.startswith("<p>")
    assert len(asked) == 1


def test_sections_open_at_headings_and_keep_what_stands_before(tree):
    body = stream(
        ("text", "<p>Before.</p>"),
        ("heading", {"text": "First part", "level": "2"}),
        ("text", "<p>One.</p>"),
        ("heading", {"text": "Inside", "level": "3"}),
        ("heading", {"text": "First part", "level": "2"}),
    )
    parts = "{% for part in parts %}[{{ part.id }}|{{ part.title }}|{{ part.html }}]{% endfor %}"
    shown = render("{% body_sections body as parts %}" + parts, body=body)
    assert shown.startswith("[||<p>Before.</p>")
    assert "[first-part|First part|<p>One.</p>" in shown
    assert '<h3 id="inside">Inside</h3>' in shown
    assert shown.endswith("[first-part-2|First part|]")


def test_what_editors_type_is_not_markup(tree):
    body = stream(("callout", {"title": "<script>alert(1)</script>", "text": "<p>Safe.</p>"}))
    assert "<script>" not in render("{% prose body %}", body=body)


def test_a_section_is_its_opening_page_and_what_is_published_below(tree):
    assert [page.slug for page in section_pages(tree["below"])] == ["section", "below"]
    assert [page.slug for page in section_pages(tree["section"])] == ["section", "below"]
    assert section_pages(tree["alone"]) == []
    assert section_pages(tree["start"]) == []
