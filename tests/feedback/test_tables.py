"""One phone that records what a table of people says."""

from types import SimpleNamespace

import pytest

from engagement.feedback import counts
from engagement.feedback.models import Response
from engagement.feedback.opening import close
from tests.feedback.browser import Browser


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def scribe(browser: Browser, fair: SimpleNamespace) -> Browser:
    """Somebody with the room's code who is about to say how many sit at the table."""
    browser.open("/join/")
    browser.send(code="KT7194", **{"for": "table"})
    assert browser.page.h1.text == "Write for a table"
    return browser


def test_from_the_code_to_the_receipt(scribe: Browser, fair: SimpleNamespace):
    scribe.send(people="8")
    assert "You write for a table of 8 people" in scribe.text
    scribe.send(**{f"p{fair.propositions[0].pk}": "support"})
    response = Response.objects.get()
    assert (response.mode, response.people, response.session) == ("table", 8, fair.sessions[0])
    scribe.send(**{str(fair.questions["yes_no"].key): "Yes"})
    scribe.send()
    assert "A table of 8 people" in scribe.text
    scribe.send()
    assert "A table of 8 people, counted apart" in scribe.text
    rated = list(fair.form.form.rated())
    assert [tally.answered for tally in counts.tally_stances(fair.round, rated)] == [0, 0]
    assert [tally.answered for tally in counts.tally_stances(fair.round, rated, counts.TABLES)] == [1, 0]


def test_from_the_page_that_the_poster_leads_to(browser: Browser, fair: SimpleNamespace):
    browser.open("/join/KT7194/")
    assert "You answer for yourself" in browser.text
    browser.open(browser.page.main.find("a", string="Write for a whole table instead")["href"])
    browser.send(people="5")
    browser.send(**{f"p{fair.propositions[0].pk}": "support"})
    assert (Response.objects.get().people, Response.objects.get().mode) == (5, "table")


def test_it_survives_an_error_on_the_first_page(scribe: Browser, fair: SimpleNamespace):
    scribe.send(people="8")
    scribe.send(**{str(fair.why.key): "x" * 101})
    assert scribe.status == 422
    assert "You write for a table of 8 people" in scribe.text
    scribe.send(**{str(fair.why.key): "x"})
    assert Response.objects.get().people == 8


def test_the_number_can_be_put_right(scribe: Browser, fair: SimpleNamespace):
    scribe.send(people="8")
    scribe.send()
    scribe.send(**{str(fair.questions["yes_no"].key): "Yes"})
    scribe.send()
    check = scribe.url
    scribe.open(scribe.page.main.find("a", string="Change the number of people")["href"])
    assert scribe.page.find(id="id_people")["value"] == "8"
    scribe.send(people="9")
    assert scribe.url == check
    assert Response.objects.get().people == 9
    scribe.open(check.replace("check", "table"))
    scribe.send(alone="1")
    assert (Response.objects.get().people, Response.objects.get().mode) == (1, "person")


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "Enter how many"), ("1", "Enter 2 or more"), ("41", "Enter 40 or fewer"), ("eight", "Enter a whole number")],
)
def test_a_wrong_number_is_said_beside_it(scribe: Browser, typed: str, message: str):
    scribe.send(people=typed)
    assert scribe.status == 422
    assert scribe.page.title.text.startswith("Error: ")
    assert scribe.page.find(id="id_people").get("value", "") == typed
    assert message in scribe.page.find(id="id_people_error").text
    assert "id_people_error" in scribe.page.find(id="id_people")["aria-describedby"]


def test_who_answers_alone_after_all(scribe: Browser, fair: SimpleNamespace):
    scribe.send(alone="1")
    assert "You answer for yourself" in scribe.text
    scribe.send()
    assert Response.objects.get().mode == "person"


@pytest.mark.parametrize("table", ["0", "1", "x", "-3", "999", "٣"])
def test_a_made_up_number_in_the_address_is_no_table(browser: Browser, fair: SimpleNamespace, table: str):
    browser.open(f"/feedback/kite-fair/answer/1/?code=KT7194&table={table}")
    browser.send()
    assert Response.objects.get().mode == "person"


def test_without_a_code_there_is_no_table(browser: Browser, fair: SimpleNamespace):
    browser.open("/feedback/kite-fair/answer/1/?table=8")
    assert "Write for a whole table" not in browser.text
    browser.send()
    assert Response.objects.get().mode == "person"
    browser.open("/feedback/kite-fair/table/")
    assert browser.status == 404


def test_a_closed_round_takes_no_table(scribe: Browser, fair: SimpleNamespace):
    close(fair.round)
    scribe.send(people="8")
    assert scribe.status == 410
