"""Terms explained where they first appear: what is matched, where, and that nothing else of the page changes."""

import contextlib
import re
from html import escape

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template import Context, Template
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Page, Site

from nelis.core.glossary import SKIPPED_ELEMENTS, GlossaryTerms, glossary_terms_for, link_first_appearances
from nelis.core.models import ContentVersion, GlossaryTerm, MenuItem, SiteSettings
from nelis.core.navigation import site_menus_for

pytestmark = pytest.mark.once


def term(name, abbreviation="", forms="", definition="It means this."):
    return GlossaryTerm(term=name, abbreviation=abbreviation, forms=forms, definition=definition, explained=True)


KITE = term("Kite", forms="kites")
TAIL = term("Kite tail", "KT")
AREA = term("Area of wind", "AoW")
LIFT = term("Lift & drag", "L&D", "l'ascension")
WORDS = GlossaryTerms((KITE, TAIL, AREA, LIFT))


def marked(html):
    """The words that became links, with the place each leads to."""
    return re.findall(
        r'<a class="term"[^>]*href="#word-([\w-]+)"[^>]*>([^<]*)</a>', link_first_appearances(html, WORDS)[0]
    )


def running(text):
    return f'<div class="prose"><p>{text}</p></div>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A kite flies.", [("kite", "kite")]),
        ("Kites fly.", [("kite", "Kites")]),
        ("KITE is no word of ours", []),
        ("Akite, kiteful, sub-kite, kite-like, kite_1", []),
        ("the kite’s string", [("kite", "kite")]),
        ("(kite), “kites”", [("kite", "kite")]),
        ("A kite tail and a kite", [("kite-tail", "kite tail"), ("kite", "kite")]),
        ("A kite\n   tail", [("kite-tail", "kite\n   tail")]),
        ("KT and kt", [("kite-tail", "KT")]),
        ("An AoW, an aow, an area of wind", [("area-of-wind", "AoW")]),
        ("AOW", []),
        ("Lift &amp; drag", [("lift-drag", "Lift &amp; drag")]),
        ("L&amp;D", [("lift-drag", "L&amp;D")]),
        ("l&#x27;ascension", [("lift-drag", "l&#x27;ascension")]),
        ("&kite; &amp;kite", [("kite", "kite")]),
        ("kite kite Kites", [("kite", "kite")]),
    ],
)
def test_what_is_a_form_of_a_term(text, expected):
    assert marked(running(text)) == expected


def test_the_first_one_on_the_whole_page_and_no_other():
    html = f'<p class="lede">No such word</p>{running("Kites first")}<section>{running("Kites second")}</section>'
    made, used = link_first_appearances(html, WORDS)
    assert made.count('class="term"') == 1
    assert made.index('class="term"') < made.index("first")
    assert used == [KITE]


@pytest.mark.parametrize("name", sorted(SKIPPED_ELEMENTS))
def test_never_inside(name):
    html = f'<div class="prose"><{name}>kite <b>kite</b></{name}><p>later kite</p></div>'
    made, _ = link_first_appearances(html, WORDS)
    assert made.index('class="term"') > made.index("later")


@pytest.mark.parametrize(
    "html",
    [
        "<p>kite</p>",
        '<div class="proseless ledes"><p>kite</p></div>',
        '<div class="prose"></div><p>kite</p>',
        '<div class="prose"><img alt="kite"><br></div><p>kite</p>',
        '<h2 class="lede">kite</h2>',
        '<div class="prose"><!-- kite --><a href="/kite/" title="kite">Fly</a></div>',
    ],
)
def test_only_running_text(html):
    assert link_first_appearances(html, WORDS) == (html, [])


@pytest.mark.parametrize(
    "opening", ['<p class="lede">', "<p class='x prose'>", "<p class=running>", '<p id="a" class="a lede b">']
)
def test_what_is_running_text(opening):
    assert 'class="term"' in link_first_appearances(f"{opening}<br>A <em>kite</em></p>", WORDS)[0]


def test_no_terms_change_nothing():
    assert link_first_appearances(running("kite"), GlossaryTerms(())) == (running("kite"), [])


WRITTEN = [
    "kite",
    "Kites",
    "kite tail",
    "KT",
    "wind",
    "area",
    "of",
    "AoW",
    "&",
    "Lift & drag",
    "<",
    '"',
    "-",
    "’s",
    "\n",
]
TAGS = ["p", "div", "b", "li", "section", "span", "h2", "h3", "a", "button", "blockquote", "code", "figcaption"]
CLASSES = ["", ' class="prose"', ' class="lede"', ' class="kite"', ' title="a kite &amp; a tail"']
WITHOUT_END = ["<br>", '<img alt="kite" src="x">', "<!-- kite -->", '<path d="M0 0"/>']


def element(tag, given, held):
    return f"<{tag}{given}>{held}</{tag}>"


texts = st.lists(st.sampled_from(WRITTEN), max_size=6).map(" ".join).map(escape)
pages = st.recursive(
    texts,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map("".join),
        st.builds(element, st.sampled_from(TAGS), st.sampled_from(CLASSES), inner),
        st.sampled_from(WITHOUT_END),
    ),
    max_leaves=25,
)
A_TERM = re.compile(
    r'<a class="term" id="first-[\w-]+" href="#word-[\w-]+" aria-describedby="meaning-[\w-]+">([^<]*)</a>'
)


@given(pages)
def test_the_text_of_a_page_never_changes(html):
    made, used = link_first_appearances(html, WORDS)
    assert strip_tags(made) == strip_tags(html)
    assert A_TERM.sub(r"\1", made) == html
    assert made.count('class="term"') == len(used) == len({one.anchor for one in used})


@given(pages)
def test_never_in_headings_or_links_and_always_in_running_text(html):
    made, _ = link_first_appearances(html, WORDS)
    # Other parsers close a paragraph before a block; what is asked here is what was written.
    open_tags: list[tuple[str, str]] = []
    for tag in re.findall(r"<!--.*?-->|<[^>]*>", made):
        name = re.match(r"</?(\w+)", tag)
        if not name or name[1] in {"br", "img"} or tag.endswith("/>"):
            continue
        if tag.startswith("</"):
            open_tags.pop()
            continue
        if 'class="term"' in tag:
            names = {opened for opened, _ in open_tags}
            assert names.isdisjoint(SKIPPED_ELEMENTS)
            assert any(re.search(r'class="(prose|lede)"', written) for _, written in open_tags)
        open_tags.append((name[1], tag))


class TestOnAPage:
    TEMPLATE = (
        '{% load glossary_tags %}{% explain_terms glossary="wagtailcore.Page" %}'
        '<p class="lede">Kites</p>{{ rest|safe }}'
        "{% endexplain_terms %}"
    )

    def page(self, **context):
        return Template(self.TEMPLATE).render(Context(context))

    @pytest.fixture
    def terms(self, db):
        for made in (term("Kite", forms="kites", definition="A <thing> that flies."), term("Wind")):
            made.save()
        term("Draft").save()
        GlossaryTerm.objects.filter(term="Draft").update(live=False)

    class Here:
        explains_terms = True

    def test_link_meaning_and_way_back(self, terms):
        soup = BeautifulSoup(self.page(page=self.Here(), rest='<p class="prose">Draft wind</p>'), "html.parser")
        links = soup.select("a.term")
        assert [link.text for link in links] == ["Kites", "wind"]
        for link in links:
            entry = soup.find(id=link["href"][1:])
            assert entry.find("a", href=f"#{link['id']}")
            assert soup.find(id=link["aria-describedby"]) in entry.find_all("span")
        assert soup.find(id="meaning-kite").text == "A <thing> that flies."
        ids = [thing["id"] for thing in soup.select("[id]")]
        assert len(ids) == len(set(ids))
        assert soup.find("h2").text == "Terms used on this page"

    def test_the_list_stands_where_the_page_wants_it(self, terms):
        html = self.page(page=self.Here(), rest="<i>before</i><!--words--><i>after</i>")
        assert html.index("before") < html.index('id="words"') < html.index("after")
        assert "<!--words-->" not in html

    def test_a_page_without_terms_has_no_list(self, terms):
        GlossaryTerm.objects.all().delete()
        assert self.page(page=self.Here(), rest="<!--words-->") == '<p class="lede">Kites</p>'

    def test_an_error_page_asks_nothing(self, terms, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert self.page(rest="<!--words-->") == '<p class="lede">Kites</p>'


class TestKept:
    """The terms are asked for once, and again after every change of content."""

    @pytest.fixture
    def request_for_page(self, db, rf):
        home = Page.get_first_root_node().add_child(instance=Page(title="Home", slug="start"))
        Site.objects.all().delete()
        site = Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
        settings = SiteSettings.objects.create(site=site)
        MenuItem.objects.create(settings=settings, menu="main", label="Home", page=home)
        return lambda: rf.get("/")

    def definitions(self, request):
        return [one.definition for one in glossary_terms_for(request, "wagtailcore.Page").terms]

    def test_one_query_after_a_change_and_none_besides_the_menus(self, request_for_page, django_assert_num_queries):
        term("Kite", definition="First.").save()

        def asked(number):
            request = request_for_page()
            site_menus_for(request)
            with django_assert_num_queries(number):
                return self.definitions(request)

        assert asked(1) == asked(0) == ["First."]
        GlossaryTerm.objects.get().save()
        one = GlossaryTerm.objects.get()
        one.definition = "Second."
        one.save()
        assert asked(1) == asked(0) == ["Second."]

    def test_what_was_undone_is_forgotten(self, request_for_page):
        """Its content number comes again, with other content."""
        term("Kite", definition="Before.").save()
        one = GlossaryTerm.objects.get()
        for text in ("Undone.", "Kept."):
            with contextlib.suppress(RuntimeError), transaction.atomic():
                one.definition = text
                one.save()
                number = ContentVersion.current()
                assert self.definitions(request_for_page()) == [text]
                if text == "Undone.":
                    undone = number
                    raise RuntimeError
        assert number == undone
        assert self.definitions(request_for_page()) == ["Kept."]

    def test_a_site_without_menus_asks_each_time(self, db, rf):
        term("Kite").save()
        assert self.definitions(rf.get("/")) == ["It means this."]
        GlossaryTerm.objects.all().delete()
        assert self.definitions(rf.get("/")) == []


class TestOneWordOneMeaning:
    def test_two_terms_may_not_share_a_form(self, db):
        term("Kite", "K", "kites").save()
        rival = term("Bird", forms="Kites")
        with pytest.raises(ValidationError) as refused:
            rival.full_clean()
        assert "Kite" in refused.value.message_dict["forms"][0]
        rival.forms = "birds"
        rival.full_clean()

    def test_unless_only_one_is_explained(self, db):
        term("Kite", "K").save()
        other = term("Bird", "K")
        other.explained = False
        other.full_clean()


def test_running_text_in_the_cells_of_a_table_is_explained_and_a_table_in_running_text_is_not():
    assert marked('<table><tr><td><p class="running">A kite.</p></td><td>A kite.</td></tr></table>') == [
        ("kite", "kite")
    ]
    assert marked('<div class="prose"><table><tr><td>A kite.</td></tr></table></div>') == []
