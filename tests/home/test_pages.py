"""The site's own pages: sound HTML, every gap said, filters that help when they are asked nonsense."""

import copy
import re
from collections import Counter
from contextlib import contextmanager
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from wagtail.models import Page, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from nelis.core.models import GlossaryTerm
from nelis.core.search.index_sync import sync_suspended
from nelis.home import models as home
from sectors.models import Contact, Organisation
from tests.home.builders import BUILDERS, add, menus, statistic

UNDEFINED = "UNDEFINED"


@contextmanager
def quickly():
    with sync_suspended(), disable_reference_index_auto_update():
        yield


@pytest.fixture
def root(db):
    with quickly():
        page = add(Page.get_first_root_node(), home.HomePage, "start", hero_statement="A plan to 2030")
        Site.objects.all().delete()
        menus(Site.objects.create(hostname="testserver", root_page=page, is_default_site=True))
    return page


@pytest.fixture
def undefined_shows(settings):
    """A template variable that doesn't exist leaves a mark instead of nothing."""
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["string_if_invalid"] = UNDEFINED
    settings.TEMPLATES = templates


class Outline(HTMLParser):
    """What a page is made of: headings, ids, and the ids its labels and links point to."""

    def __init__(self, html):
        super().__init__()
        self.levels, self.ids, self.labels, self.fragments, self.problems = [], [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if given.get("id"):
            self.ids.append(given["id"])
        self.labels += (given.get("aria-labelledby") or "").split()
        if tag == "a" and (given.get("href") or "").startswith("#"):
            self.fragments.append(given["href"][1:])
        if "style" in given or any(name.startswith("on") for name in given):
            self.problems.append(f"{tag} {given}")
        # A script may be data, or a module in a file of its own; never code in the page.
        data = given.get("type") == "application/ld+json"
        module = given.get("type") == "module" and (given.get("src") or "").startswith("/static/js/")
        if tag == "style" or (tag == "script" and not data and not module):
            self.problems.append(tag)


@pytest.mark.parametrize("number", [0, 3])
@pytest.mark.parametrize("kind", BUILDERS)
def test_pages_are_sound_with_and_without_content(kind, number, root, client, undefined_shows):
    with quickly():
        page = BUILDERS[kind](root, number)
    html = client.get(page.get_url()).content.decode()
    assert UNDEFINED not in html, html[html.find(UNDEFINED) - 200 :][:300]
    outline = Outline(html)
    assert outline.problems == []
    assert outline.levels[0] == 1
    assert outline.levels.count(1) == 1
    skips = [(a, b) for a, b in pairwise(outline.levels) if b > a + 1]
    assert skips == []
    assert [one for one, times in Counter(outline.ids).items() if times > 1] == []
    assert set(outline.labels) <= set(outline.ids)
    assert set(outline.fragments) <= set(outline.ids)


# --- lists with filters ------------------------------------------------------------------------------


@pytest.fixture
def news(root):
    with quickly():
        return BUILDERS["news index"](root, 3)


def test_news_is_filtered_by_kind_and_year(news, client):
    html = client.get(news.get_url(), {"kind": "leader_view"}).content.decode()
    assert html.count('class="when"') == 1
    assert "Leader view" in html
    html = client.get(news.get_url(), {"kind": ["leader_view", "news"], "year": "2018"}).content.decode()
    assert html.count('class="when"') == 3
    assert "3 changes" in client.get(news.get_url(), {"kind": "change"}).content.decode()


def test_a_list_of_one_offers_no_filter(root, client):
    with quickly():
        one = add(root, home.NewsIndexPage, "papers")
        add(one, home.NewsPage, "piece", date=date(2018, 7, 1))
    assert "<form" not in client.get(one.get_url()).content.decode().split("<main")[1].split("</main")[0]


@pytest.mark.parametrize("kind", ["news index", "timeline"])
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("kind=nonsense&track=nonsense", "is not among the choices"),
        ("page=99", "The list has no such page"),
        ("page=-1", "The list has no such page"),
        ("page=9999999999999999999999", "The list has no such page"),
        ("page=%00", "The list has no such page"),
    ],
)
def test_nonsense_is_answered_with_the_list_and_a_word(kind, query, words, root, client):
    with quickly():
        page = BUILDERS[kind](root, 2)
    response = client.get(f"{page.get_url()}?{query}")
    assert response.status_code == 404
    text = " ".join(response.content.decode().split())
    assert words in text
    assert "Piece" in text or "Thing" in text


def test_a_filter_of_the_timeline_keeps_the_axis(root, client):
    with quickly():
        page = BUILDERS["timeline"](root, 6)
        home.TimelineEvent.objects.create(
            ref="G9",
            track="governance",
            title="The one",
            best_estimate="16 July 2019",
            start=date(2019, 7, 16),
            precision="day",
            confidence="high",
        )
    everything = client.get(page.get_url()).content.decode()
    chosen = client.get(page.get_url(), {"track": "governance"}).content.decode()
    assert "Thing 1" in everything
    assert "Thing 1" not in chosen
    assert "The one" in chosen
    axis = re.compile(r'<ol class="axis".*?</ol>', re.DOTALL)
    assert axis.search(chosen).group() == axis.search(everything).group()
    assert "What was announced" in everything
    assert "What was announced" not in chosen


# --- what isn't held ---------------------------------------------------------------------------------


def test_board_papers_say_that_none_is_held(root, client):
    with quickly():
        page = BUILDERS["board papers"](root, 0)
    html = client.get(page.get_url()).content.decode()
    assert "We hold no agendas, minutes or papers" in html
    with quickly():
        home.BoardPaper.objects.create(page=page, meeting_date=date(2019, 1, 31), paper_kind="minutes", not_held=True)
    html = client.get(page.get_url()).content.decode()
    assert "We hold no agendas, minutes or papers" not in html
    assert "31 January 2019" in html
    assert "Not held" in html


def test_an_event_known_to_the_day_goes_into_a_calendar_and_another_does_not(root, client):
    with quickly():
        index = add(root, home.EventIndexPage, "events")
        came = statistic("came", qualifier="over", value=350, label="delegates")
        known = add(index, home.EventPage, "known", date=date(2019, 7, 16), attendance=came)
        vague = add(
            index, home.EventPage, "vague", date=date(2019, 1, 1), date_precision="range", date_text="Early in 2019"
        )
    html = client.get(known.get_url()).content.decode()
    assert 'href="/events/known/calendar.ics"' in html
    assert client.get("/events/known/calendar.ics").status_code == 200
    assert "16 July 2019" in html
    assert "over 350 delegates" in html
    html = client.get(vague.get_url()).content.decode()
    assert "calendar.ics" not in html
    assert "Early in 2019" in html
    main = html[html.index("<main") : html.index("</main")]
    assert "1 January" not in main
    assert "2019-01-01" not in main
    assert main.count("Not held") == 3


def test_contacts_show_what_is_held_and_no_more(root, client):
    with quickly():
        page = add(root, home.ContactPage, "contact")
        Contact.objects.create(slug="a", name="Ann Example", role="Chair", email="ann@example.org")
        Contact.objects.create(slug="b", name="Bob Example", role="Head")
        Contact.objects.create(slug="c", name="Cy Draft", role="None", live=False)
    html = client.get(page.get_url()).content.decode()
    assert "mailto:ann@example.org" in html
    assert html.count("Email address not held") == 1
    assert "Cy Draft" not in html


# --- each page's own matter --------------------------------------------------------------------------


def test_governance_shows_tiers_seats_and_where_a_place_is_our_reading(root, client):
    with quickly():
        page = add(root, home.GovernancePage, "who")
        add(root, home.StandardPage, "other")
        made = {
            tier: home.GovernanceBody.objects.create(
                slug=tier, name=f"Body {tier}", tier=tier, role="Does it.", confidence=confidence
            )
            for tier, confidence in (("advisory", "medium"), ("decision", "high"))
        }
        seat = Organisation.objects.create(slug="neca", name="The authority", kind="government")
        home.Membership.objects.create(body=made["advisory"], organisation=seat, on_behalf_of="Four universities")
    response = client.get(page.get_url())
    html = response.content.decode()
    assert html.index("Body decision") < html.index("Body advisory")
    assert {line.kind for line in response.context["lines"]} == {"stated", "inferred"}
    assert html.count("Inferred by us, medium") == 1
    assert 'href="/organisations/neca/"' in html
    assert "Four universities" in html


def test_the_glossary_is_in_order_with_an_address_for_each_term(root, client):
    with quickly():
        page = add(root, home.GlossaryPage, "glossary")
        lep = GlossaryTerm.objects.create(term="Local Enterprise Partnership", abbreviation="LEP", definition="It is.")
        other = GlossaryTerm.objects.create(term="apple", definition="A fruit.")
        hidden = GlossaryTerm.objects.create(term="Hidden", definition="Draft.", live=False)
        other.see_also.set([lep, hidden])
    html = client.get(page.get_url()).content.decode()
    assert html.index('id="apple"') < html.index('id="local-enterprise-partnership"')
    assert html.count('href="#local-enterprise-partnership"') == 1
    assert "Hidden" not in html


def test_questions_keep_their_address_and_their_links(root, client):
    with quickly():
        page = add(root, home.FAQPage, "faqs")
        draft = add(root, home.StandardPage, "draft", live=False)
        answer = (
            f'<p>See <a linktype="page" id="{page.pk}">this</a> and <a linktype="page" id="{draft.pk}">that</a>.</p>'
        )
        home.FAQ.objects.create(slug="why", question="Why?", answer=answer, category="Reasons", sort_order=1)
        home.FAQ.objects.create(slug="how", question="How?", answer="<p>So.</p>", category="Ways", sort_order=2)
    html = client.get(page.get_url()).content.decode()
    assert 'id="why"' in html
    assert '<a href="/faqs/">this</a>' in html
    assert "/draft/" not in html
    assert html.index("Reasons") < html.index("Ways")


def test_a_page_of_text_lists_what_is_below_and_beside_it(root, client):
    with quickly():
        page = add(root, home.StandardPage, "plan")
        add(page, home.StandardPage, "first", summary="What the first one says.")
        add(page, home.StandardPage, "hidden", live=False)
    html = client.get(page.get_url()).content.decode()
    assert "What the first one says." in html
    assert "/plan/hidden/" not in html
    below = client.get("/plan/first/").content.decode()
    assert below.count('aria-current="page">First') == 3, "On the way there, beside, and folded on a phone."
    assert 'href="/plan/"' in below


def test_headings_that_read_alike_have_addresses_of_their_own(root, client):
    with quickly():
        page = add(root, home.StandardPage, "twice")
        page.body = [("heading", {"text": "Same", "level": "2"}), ("text", "<p>One.</p>")] * 2
        page.save()
    html = client.get(page.get_url()).content.decode()
    assert 'id="same"' in html
    assert 'id="same-2"' in html


def test_the_home_page_has_its_actions_sectors_picture_and_targets(root, client):
    with quickly():
        BUILDERS["home"](root, 2)
    html = client.get("/").content.decode()
    assert html.count("<title>Start</title>") == 1
    for words in ("A plan to 2030", "1 proposition, 1 sub-sector", "The strategy in one picture", "Two targets"):
        assert words in html
    assert "Next steps announced" in html
    assert "All news 2" in html
