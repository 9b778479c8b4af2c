"""A whole round in a browser, from opening it to “you said, we did”, at the width of a phone, with scripts off and on.

An engagement officer closes the round, writes the response, and the public comparison of P7's versions leads to it.
"""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.quality import members
from tests.quality.test_bulletins import faults, signed_in
from tests.quality.visits import NARROW, WIDE, Visitor
from tools import served
from tools.served import Site

PASSWORD = "a long password"
P7 = "/propositions/driving-the-electric-revolution/"
ROUND = "/feedback/kite-fair/"
WORDS = "Kites of Exampleshire need wind and a long tail."
#: Run on the site's own data: the officer, and a round that is built and not open yet.
BUILD = f"""
import json
from django.contrib.auth.models import Group
from engagement.feedback.models import *
from nelis.core.models import User
from sectors.models import PropositionPage
officer = User.objects.create_user("officer", "officer@example.org", "{PASSWORD}", first_name="Olive")
officer.groups.set([Group.objects.get(name="Engagement officer")])
made = FeedbackRound.objects.create(
    title="The kite fair of Exampleshire", slug="kite-fair", intro="What should fly?",
    privacy_text="Two people read it.", publish_policy="quotes",
)
session = RoundSession.objects.create(round=made, title="Kites")
RatedProposition.objects.create(session=session, proposition=PropositionPage.objects.get(ref="P7"))
print(json.dumps({{"desk": f"/admin/feedback/{{made.pk}}/"}}))
"""
#: Others answer, too, so that there are numbers to show.
OTHERS = """
from engagement.feedback import answering
from engagement.feedback.keys import new_client_key
from engagement.feedback.models import FeedbackRound
from engagement.feedback.reading import PARTS, Read, Stance
made = FeedbackRound.objects.get(slug="kite-fair")
form = made.forms.get()
(page,) = form.form.pages
for number in range(12):
    key = new_client_key()
    stance = Stance("oppose" if number % 2 else "support", dict.fromkeys(PARTS, ""))
    answering.keep_page(made, form, key, page, Read({}, {page.rated[0].key: stance}, {}))
    answering.send(made, key)
"""
#: The words that were written in the browser are coded, and P7 gets a new version because of them.
CODE = f"""
from engagement.feedback.models import *
from nelis.core.models import User
from sectors.models import PropositionPage
made = FeedbackRound.objects.get(slug="kite-fair")
said = PropositionResponse.objects.get(response__round=made, comment="{WORDS}")
code = Code.objects.create(round=made, name="Wind")
Coding.objects.create(
    response=said.response, code=code, place=f"p{{said.proposition_id}}-comment", start=0, end=31,
    by=User.objects.get(username="officer"),
)
page = PropositionPage.objects.get(ref="P7")
page.what_we_propose += "<p>There will be wind for the kites of Exampleshire.</p>"
page.save_revision().publish()
assert page.versions.count() == 2
"""


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own, because this journey changes it."""
    with served.serve(tmp_path_factory.mktemp("round")) as running:
        yield running


def run(site: Site, script: str) -> str:
    return members.manage(site, "shell", "--no-imports", "--command", script)


@pytest.fixture(scope="module")
def desk(own_site: Site) -> str:
    return json.loads(run(own_site, BUILD).splitlines()[-1])["desk"]


@pytest.fixture(scope="module")
def officer(browser: Browser, own_site: Site, desk: str) -> Iterator[Page]:
    page = signed_in(browser, own_site, "officer")
    yield page
    page.context.close()


def respond(browser: Browser, site: Site, *, scripts: bool, comment: str, name: str) -> str:
    """Answer on a phone, from the round's own page to the receipt. The reference."""
    context = browser.new_context(viewport={"width": NARROW, "height": 640}, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(site.url + ROUND)
    page.get_by_role("link", name="Begin").click()
    page.get_by_label("Support", exact=True).check()
    page.locator("details.more summary").click()
    page.get_by_label("Your comment on P7").fill(comment)
    page.locator("main form button[type=submit]").first.click()
    page.locator("[name=name]").fill(name)
    page.locator("[name=may_quote]").check()
    page.locator("main form button[type=submit]").first.click()
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("h1")).to_have_text("Your answers have arrived")
    reference = page.locator(".lede strong").inner_text()
    context.close()
    return reference


@pytest.fixture(scope="module")
def reference(browser: Browser, own_site: Site, officer: Page, desk: str) -> str:
    """The officer opens the round; people answer, one of them without scripts."""
    officer.goto(own_site.url + desk)
    officer.get_by_role("button", name="Open the round").click()
    expect(officer.locator("#state")).to_contain_text("Open")
    respond(browser, own_site, scripts=True, comment="Something else.", name="Ada Example")
    found = respond(browser, own_site, scripts=False, comment=WORDS, name="Wilma Weather")
    run(own_site, OTHERS)
    return found


@pytest.fixture(scope="module")
def reported(own_site: Site, officer: Page, desk: str, reference: str) -> Page:
    """J7: the officer closes the round, writes what came of it, and publishes that."""
    officer.goto(own_site.url + desk)
    officer.get_by_role("button", name="Close the round").click()
    run(own_site, CODE)
    officer.get_by_role("link", name="Report back").click()
    expect(officer.locator("main")).to_contain_text("neither a theme nor an official response")
    officer.get_by_role("link", name="Add a theme").click()
    officer.get_by_label("Title").fill("There is no wind")
    officer.get_by_label("Summary").fill("Many missed the wind.")
    officer.get_by_label("Wind", exact=True).check()
    assert faults(officer, ".staff-form") == []
    officer.get_by_role("button", name="Save").click()
    officer.get_by_role("link", name="Add an official response").click()
    officer.get_by_role("button", name="Save").click()
    expect(officer.locator("#problem")).to_contain_text("Write what was said")
    assert faults(officer, ".staff-form") == []
    officer.get_by_label("You said").fill("The wind is missing.")
    officer.get_by_label("Changed", exact=True).check()
    officer.get_by_label("What we did, and why").fill("We added wind to what is proposed.")
    officer.get_by_label("There is no wind").check()
    # No other proposition has a second version.
    second = officer.locator("option", has_text="Version 2")
    chosen = officer.locator("select").filter(has=second)
    assert "P7" in officer.locator(f"label[for={chosen.get_attribute('id')}]").inner_text()
    chosen.select_option(second.get_attribute("value"))
    officer.get_by_role("button", name="Save").click()
    officer.get_by_role("link", name="Choose quotations").click()
    expect(officer.locator(".report-words li")).to_have_count(1)
    officer.get_by_label("With the name").check()
    assert faults(officer, ".report-desk") == []
    officer.get_by_role("button", name="Quote these words").click()
    officer.goto(f"{own_site.url}{desk}report/")
    assert faults(officer, ".report-desk") == []
    officer.get_by_role("link", name="Preview the results page").click()
    expect(officer.locator("main")).to_contain_text("A preview: this page is not public like this.")
    officer.go_back()
    officer.get_by_role("button", name="Report back").click()
    expect(officer.locator("#state")).to_contain_text("Reported back")
    run(own_site, "from nelis.core.charts import draw_waiting; draw_waiting()")
    return officer


@pytest.fixture(scope="module")
def reader(browser: Browser, own_site: Site, reported: Page) -> Visitor:
    return Visitor(browser, own_site)


@pytest.mark.parametrize("scripts", [False, True])
def test_the_comparison_of_versions_leads_to_the_response(reader: Visitor, scripts: bool):
    with reader.visit(f"{P7}compare/?from=1&to=2", NARROW, scripts=scripts) as visit:
        came = visit.page.locator(".came-of")
        expect(came).to_contain_text("Version 2 came of feedback.")
        expect(came).to_contain_text("The wind is missing.")
        expect(visit.page.locator("main")).to_contain_text("There will be wind")
        came.get_by_role("link").click()
        visit.page.wait_for_url(re.compile(rf"{ROUND}results/#r\d+$"))
        official = visit.page.locator("article.official")
        expect(official).to_contain_text("We added wind to what is proposed.")
        official.get_by_role("link", name="see what changed").click()
        visit.page.wait_for_url(re.compile(r"compare/\?from=1&to=2$"))


def test_every_way_back_from_p7(reader: Visitor):
    for path in (P7, f"{P7}v2/", f"{P7}history/"):
        with reader.visit(path, NARROW, scripts=False) as visit:
            assert visit.page.locator(f'main a[href^="{ROUND}results/#r"]').count() == 1, path
    with reader.visit(f"{P7}v1/", NARROW, scripts=False) as visit:
        assert visit.page.locator(".came-of").count() == 0


def test_beside_p7_stand_support_and_words(reader: Visitor):
    with reader.visit(P7, NARROW, scripts=False) as visit:
        section = visit.page.locator("section", has=visit.page.locator("#said-of-it")).last
        expect(section).to_contain_text("Given to version 1")
        expect(section).to_contain_text("“Kites of Exampleshire need wind”")
        expect(section).to_contain_text("Wilma Weather")


@pytest.mark.parametrize("scripts", [False, True])
def test_the_receipt_shows_what_came_of_it_and_no_words(reader: Visitor, reference: str, scripts: bool):
    with reader.visit(ROUND, NARROW, scripts=scripts) as visit:
        page = visit.page
        page.get_by_role("link", name="See what came of my answers").click()
        page.get_by_label("Your reference").fill("0000-0000")
        page.get_by_role("button", name="Show what came of them").click()
        expect(page.get_by_role("alert")).to_contain_text("There is a problem")
        assert page.title().startswith("Error: ")
        page.get_by_label("Your reference").fill(reference.lower())
        page.get_by_role("button", name="Show what came of them").click()
        expect(page.locator("main")).to_contain_text("There is no wind")
        expect(page.locator("main")).to_contain_text("We added wind to what is proposed.")
        assert WORDS not in page.content()


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("path", [f"{ROUND}results/", f"{ROUND}data/", P7, f"{P7}compare/", f"{P7}history/", ROUND])
def test_the_pages_are_sound(reader: Visitor, own_site: Site, path: str, width: int):
    with reader.visit(path, width) as visit:
        assert visit.status == 200
        assert visit.faults(own_site.url) == []
        assert visit.probe("overflow") == []
        assert visit.axe() == []


def test_figures_are_drawn_and_as_a_table(reader: Visitor):
    with reader.visit(f"{ROUND}results/", WIDE, scripts=False) as visit:
        chart = visit.page.locator("figure.chart").first
        expect(chart.locator(".wide svg")).to_be_visible()
        chart.locator("summary").click()
        row = re.sub(r"\s+", " ", chart.locator("tbody tr").first.inner_text())
        assert row.endswith("0 8 0 6 0 0 14")
    status, text = visit_file(reader, "counts.csv")
    assert status == 200
    assert '"people","stance","P7"' in text


def visit_file(reader: Visitor, name: str) -> tuple[int, str]:
    return reader.site.get(f"{ROUND}data/{name}")


def test_taking_it_back_takes_everything_off_the_site(reader: Visitor, own_site: Site, reported: Page, desk: str):
    reported.goto(f"{own_site.url}{desk}report/")
    reported.get_by_text("Take the report back").click()
    reported.get_by_label("Why, in a few words").fill("A name was in it.")
    reported.get_by_role("button", name="Take it off the site").click()
    expect(reported.locator("#state")).to_contain_text("Closed")
    assert own_site.get(f"{ROUND}results/")[0] == 404
    with reader.visit(P7, NARROW, scripts=False) as visit:
        assert visit.page.locator("#said-of-it").count() == 0
