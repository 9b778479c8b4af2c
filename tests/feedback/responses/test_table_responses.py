"""One phone that records what a table of people says."""

from types import SimpleNamespace

import pytest

from engagement.feedback.analysis import counts
from engagement.feedback.models import Response, RoundSession
from engagement.feedback.rounds.opening import close
from tests.feedback.form_browser import Browser

pytestmark = pytest.mark.pg


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def scribe(browser: Browser, fair: SimpleNamespace) -> Browser:
    """Somebody with the room's code who is about to say how many sit at the table."""
    browser.open("/join/")
    browser.send(code="KT7194", **{"for": "table"})
    assert browser.page.h1.text.strip() == "Write for a table"
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
    rated = list(fair.form.schema.propositions())
    assert [tally.answered for tally in counts.tally_stances(fair.round, rated)] == [0, 0]
    assert [tally.answered for tally in counts.tally_stances(fair.round, rated, counts.TABLE_MODES)] == [1, 0]


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


class TestANewCode:
    """An officer gives the room another code while a table is at its first page."""

    @pytest.fixture(autouse=True)
    def replaced(self, scribe: Browser, fair: SimpleNamespace) -> None:
        scribe.send(people="8")
        RoundSession.objects.filter(pk=fair.sessions[0].pk).update(code="KT2222")
        scribe.send(**{f"p{fair.propositions[0].pk}": "support", str(fair.why.key): "Longer tails."})

    def test_eight_people_do_not_become_one_unseen(self, scribe: Browser, fair: SimpleNamespace):
        assert scribe.status == 422
        assert not Response.objects.exists()
        assert scribe.page.title.text.startswith("Error: ")
        assert "is not in use any more" in scribe.text
        assert scribe.form()[str(fair.why.key)] == "Longer tails."
        # A code that is wrong as well changes nothing about that.
        scribe.send(code="KT0000")
        assert scribe.status == 422
        assert scribe.page.find(id="code")["value"] == "KT0000"
        assert "code-err" in scribe.page.find(id="code")["aria-describedby"]
        scribe.send(code="kt 2222")
        response = Response.objects.get()
        assert (response.mode, response.people, response.session) == ("table", 8, fair.sessions[0])
        assert response.answers.get().text == "Longer tails."

    def test_who_writes_alone_says_so(self, scribe: Browser, fair: SimpleNamespace):
        scribe.send(alone="1")
        response = Response.objects.get()
        assert (response.mode, response.people, response.session) == ("person", 1, None)
        assert response.answers.get().text == "Longer tails."

    def test_who_has_begun_goes_on(self, scribe: Browser, fair: SimpleNamespace):
        first = scribe.page.main.find("form")["action"]
        scribe.send(code="KT2222")
        scribe.open(first)
        scribe.send(**{str(fair.why.key): "Much longer tails."})
        assert scribe.status == 200
        response = Response.objects.get()
        assert (response.people, response.answers.get().text) == (8, "Much longer tails.")


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
