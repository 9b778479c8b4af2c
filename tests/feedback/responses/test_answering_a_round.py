"""A round answered from beginning to end, as a browser without scripts does it."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagement.feedback.models import (
    Answer,
    FeedbackRound,
    PropositionResponse,
    Respondent,
    Response,
    RoundProposition,
    RoundQuestion,
    RoundSession,
)
from engagement.feedback.rounds.opening import close, freeze_form
from tests.feedback.form_browser import Browser

pytestmark = pytest.mark.pg

BEGIN = "/feedback/kite-fair/answer/1/"


@pytest.fixture
def browser() -> Browser:
    return Browser()


def first_page(fair: SimpleNamespace) -> dict[str, str]:
    one, two = fair.propositions
    return {f"p{one.pk}": "support", f"p{one.pk}-comment": "It flies.", f"p{two.pk}": "unsure"}


def answer_all(browser: Browser, fair: SimpleNamespace, url: str = BEGIN) -> None:
    """Up to the page on which everything is checked."""
    browser.open(url)
    browser.send(**first_page(fair))
    browser.send(**{str(fair.questions["yes_no"].key): "Yes", str(fair.questions["long"].key): "Longer tails."})
    browser.send(name="Ada Example", address="ada@Example.org", may_contact="on")


def test_the_whole_way(browser: Browser, fair: SimpleNamespace):
    answer_all(browser, fair)
    assert browser.page.h1.text.strip() == "Check your answers"
    for words in ("Support", "It flies.", "Longer tails.", "Ada Example"):
        assert words in browser.text
    assert Response.objects.get().state == "saved"
    browser.send()
    response = Response.objects.get()
    assert response.state == "submitted"
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", response.reference)
    assert response.reference in browser.text
    stance = response.stances.get(proposition=fair.propositions[0])
    assert (stance.stance, stance.comment) == ("support", "It flies.")
    assert stance.version == fair.propositions[0].versions.get()
    respondent = response.respondent
    assert (respondent.address, respondent.may_contact, respondent.may_quote) == ("ada@example.org", True, False)


def test_sending_twice_gives_the_same_receipt(browser: Browser, fair: SimpleNamespace):
    answer_all(browser, fair)
    check = browser.url
    browser.send()
    reference = Response.objects.get().reference
    again = browser.client.post(check, follow=True)
    assert reference in again.content.decode()
    assert Response.objects.count() == 1


def test_nothing_at_all_is_not_sent(browser: Browser, fair: SimpleNamespace):
    """A page that was left empty is kept, and counts as nothing."""
    browser.open(BEGIN)
    check = browser.url.replace("answer/1", "check")
    browser.send()
    browser.took(browser.client.post(check, follow=True), check)
    assert browser.status == 200
    assert "Nothing is answered yet" in browser.text
    assert not Response.objects.counted().exists()
    assert Response.objects.get().reference is None
    browser.open(next(link["href"] for link in browser.page.main.find_all("a") if link.text.startswith("Change")))
    browser.send(**{str(fair.why.key): "Wind"})
    browser.took(browser.client.post(check, follow=True), check)
    assert Response.objects.counted().get().reference in browser.text


def test_people_answer_for_the_session_that_they_were_in(browser: Browser, fair: SimpleNamespace):
    """What another session insists on keeps nobody from sending."""
    browser.open(BEGIN)
    browser.send(**first_page(fair))
    check = browser.url.replace("answer/2", "check")
    browser.took(browser.client.post(check, follow=True), check)
    assert Response.objects.counted().get().reference in browser.text


def test_two_answers_that_are_too_long_can_be_told_apart(browser: Browser, fair: SimpleNamespace):
    RoundQuestion.objects.create(session=fair.sessions[0], text="What else?", max_length=100, sort_order=2)
    freeze_form(FeedbackRound.objects.get(pk=fair.round.pk))
    browser.open(BEGIN)
    browser.send(**{name: "x" * 101 for name in browser.form() if browser.page.find("textarea", id=name, rows="5")})
    links = [link.text.partition("” is ")[0] + "”" for link in browser.page.select(".errs a") if "Your" in link.text]
    assert {link for link in links if "answer" in link} == {
        f"Your answer to “{text}”" for text in ("What is missing?", "What else?")
    }


def test_two_tabs_are_one_response(fair: SimpleNamespace):
    one, other = Browser(), Browser()
    one.open(BEGIN)
    other.open(one.url)
    one.send(**first_page(fair))
    other.send(**first_page(fair) | {f"p{fair.propositions[1].pk}": "oppose"})
    # They differ in one answer: both are shown, and whoever continues has decided.
    assert other.status == 409
    other.send()
    assert Response.objects.count() == 1
    assert PropositionResponse.objects.get(proposition=fair.propositions[1]).stance == "oppose"
    assert PropositionResponse.objects.count() == 2


def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(browser: Browser, fair: SimpleNamespace):
    browser.open(BEGIN)
    browser.send(**first_page(fair) | {str(fair.why.key): "x" * 101})
    assert browser.status == 422
    assert browser.page.title.text.startswith("Error: Kites")
    (link,) = browser.page.select(".errs a")
    control = browser.page.find(id=link["href"][1:])
    assert control.text.removeprefix("\n") == "x" * 101
    assert f"{control['name']}-err" in control["aria-describedby"]
    assert "1 character too long" in browser.page.find(id=f"{control['name']}-err").text
    assert browser.page.find("input", checked=True, value="support")
    assert not Response.objects.exists()


def test_an_answer_taken_back_is_gone(browser: Browser, fair: SimpleNamespace):
    browser.open(BEGIN)
    begin = browser.url
    browser.send(**first_page(fair) | {str(fair.why.key): "Wind"})
    browser.open(begin)
    browser.send(**{str(fair.why.key): "", f"p{fair.propositions[0].pk}-comment": ""})
    assert not Answer.objects.exists()
    assert PropositionResponse.objects.filter(comment="").count() == 2


def test_saving_for_later_gives_a_code_that_leads_back(browser: Browser, fair: SimpleNamespace):
    browser.open(BEGIN)
    browser.send(**first_page(fair), later="1")
    code = browser.page.select_one(".lede strong").text
    assert code.replace("-", "") not in str(Response.objects.values().get())
    other = Browser()
    other.open("/feedback/kite-fair/return/")
    other.send(code=code.lower().replace("-", " "))
    assert other.page.find("input", checked=True, value="support")
    other.open("/feedback/kite-fair/return/")
    other.send(code="0000-0000-0000")
    assert other.status == 422
    assert other.page.find(id="code")["value"] == "0000-0000-0000"


def test_the_code_to_come_back_stays_the_same(browser: Browser, fair: SimpleNamespace):
    """Whoever loads the page again, or saves once more, has not written a code down for nothing."""
    browser.open(BEGIN)
    begin, codes = browser.url, set()
    for words in ("It flies.", "It flies well."):
        browser.open(begin)
        browser.send(**first_page(fair) | {f"p{fair.propositions[0].pk}-comment": words}, later="1")
        codes.add(browser.page.select_one(".lede strong").text)
    (code,) = codes
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", code)
    browser.open("/feedback/kite-fair/return/")
    browser.send(code=code)
    assert "It flies well." in browser.text
    other = Browser()
    other.open(BEGIN)
    other.send(**first_page(fair), later="1")
    assert other.page.select_one(".lede strong").text != code


def test_who_saves_for_later_need_not_have_finished(browser: Browser, fair: SimpleNamespace):
    browser.open(BEGIN)
    browser.send(**first_page(fair))
    browser.send(**{str(fair.questions["long"].key): "Half a thought"}, later="1")
    assert browser.status == 200
    assert Answer.objects.get(question=fair.questions["long"].key).text == "Half a thought"
    # What is too long is still said, and what is required is asked for on the way on.
    browser = Browser()
    browser.open(BEGIN)
    browser.send(**first_page(fair) | {str(fair.why.key): "x" * 101}, later="1")
    assert browser.status == 422
    browser.send(**first_page(fair) | {str(fair.why.key): "x"})
    browser.send(**{str(fair.questions["long"].key): "Half a thought"})
    assert browser.status == 422


def test_a_scribe_who_mistypes_the_code_still_writes_for_a_table(browser: Browser, fair: SimpleNamespace):
    for wrong, status in (("", 200), ("KT0000", 404)):
        browser.open("/join/")
        browser.send(code=wrong, **{"for": "table"})
        assert browser.status == status
        assert [one["value"] for one in browser.page.select("input[name=for][checked]")] == ["table"]
    browser.send(code="KT7194")
    assert browser.page.h1.text.strip() == "Write for a table"


def test_a_changed_form_keeps_what_was_typed_and_asks_the_new_questions(browser: Browser, fair: SimpleNamespace):
    browser.open(BEGIN)
    fair.why.delete()
    RoundQuestion.objects.create(session=fair.sessions[0], text="What else?")
    newer = freeze_form(FeedbackRound.objects.get(pk=fair.round.pk))
    assert newer.number == 2
    browser.send(**first_page(fair) | {str(fair.why.key): "Wind"})
    assert "The questions changed while you were answering" in browser.text
    assert browser.page.find("input", checked=True, value="support")
    assert "What else?" in browser.text
    assert Answer.objects.get().text == "Wind"
    assert Answer.objects.get().form == fair.form


class TestAtTheEvent:
    """Whoever doesn't say whether they were there has not said that they weren't."""

    @pytest.fixture
    def about_you(self, browser: Browser, fair: SimpleNamespace) -> str:
        FeedbackRound.objects.filter(pk=fair.round.pk).update(event=fair.kites.sector)
        browser.open("/feedback/kite-fair/answer/2/")
        browser.send(**{str(fair.questions["yes_no"].key): "Yes"})
        assert browser.page.h1.text.strip() == "About you"
        return browser.url

    def test_nothing_said_is_not_known(self, browser: Browser, about_you: str):
        choices = browser.page.select("input[name=attended]")
        assert [one["type"] for one in choices] == ["radio", "radio"]
        assert not browser.page.select("input[name=attended][checked]")
        browser.send(name="Ada Example")
        assert Respondent.objects.get().attended is None

    @pytest.mark.parametrize(("said", "kept", "word"), [("True", True, "Yes"), ("False", False, "No")])
    def test_what_is_said_is_kept(
        self, browser: Browser, fair: SimpleNamespace, about_you: str, said: str, kept: bool, word: str
    ):
        browser.send(attended=said)
        assert Respondent.objects.get().attended is kept
        browser.open(about_you)
        (checked,) = browser.page.select("input[name=attended][checked]")
        assert checked["value"] == said
        close(fair.round)
        browser.send()
        for heading in ("typed", "kept"):
            section = browser.page.find(attrs={"aria-labelledby": heading})
            assert f"Were you at the event? {word}" in " ".join(section.get_text(" ").split())

    @pytest.mark.parametrize("name", ["attended", "capacity"])
    def test_what_cannot_be_chosen_is_said_beside_it(self, browser: Browser, about_you: str, name: str):
        browser.send(**{name: "perhaps"})
        assert browser.status == 422
        (message,) = browser.page.select("fieldset .err")
        assert message["id"] in message.find_parent("fieldset")["aria-describedby"].split()

    def test_beside_no_event_nobody_is_asked(self, browser: Browser, fair: SimpleNamespace):
        browser.open("/feedback/kite-fair/answer/2/")
        browser.send(**{str(fair.questions["yes_no"].key): "Yes"})
        assert not browser.page.select("input[name=attended]")
        browser.send(attended="True")
        assert Respondent.objects.get().attended is None


class TestClosed:
    """No answer is taken any more, and what was typed is given back."""

    def test_a_page_sent_too_late(self, browser: Browser, fair: SimpleNamespace):
        browser.open(BEGIN)
        close(fair.round)
        browser.send(**first_page(fair) | {str(fair.why.key): "Wind"})
        assert browser.status == 410
        for words in ("takes no answers now", "It flies.", "Wind"):
            assert words in browser.text
        assert not Answer.objects.exists()

    def test_by_the_clock(self, browser: Browser, fair: SimpleNamespace):
        FeedbackRound.objects.filter(pk=fair.round.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
        browser.open(BEGIN)
        assert browser.status == 410

    def test_what_was_sent_stays(self, browser: Browser, fair: SimpleNamespace):
        answer_all(browser, fair)
        browser.send()
        receipt = browser.url
        close(fair.round)
        browser.open(receipt)
        assert Response.objects.get().reference in browser.text
        assert "Change my answers" not in browser.text

    def test_a_draft_is_nowhere(self, browser: Browser, fair: SimpleNamespace):
        FeedbackRound.objects.filter(pk=fair.round.pk).update(state="draft")
        for path in ("", "answer/1/", "return/"):
            browser.open(f"/feedback/kite-fair/{path}")
            assert browser.status == 404


def test_withdrawn_answers_are_deleted_and_stay_so(browser: Browser, fair: SimpleNamespace):
    answer_all(browser, fair)
    browser.send()
    begin = browser.url.replace("receipt", "answer/1")
    browser.open(browser.page.find("a", string="Withdraw my answers")["href"])
    browser.send()
    assert "are withdrawn" in browser.text
    assert not (Answer.objects.exists() or PropositionResponse.objects.exists() or Respondent.objects.exists())
    browser.took(browser.client.post(begin, {"form": "1"} | first_page(fair)), begin)
    assert browser.status == 410
    assert not PropositionResponse.objects.exists()


@pytest.mark.parametrize("typed", ["KT7194", "kt 7194", "kt-7194"])
def test_a_code_leads_into_its_session(browser: Browser, fair: SimpleNamespace, typed: str):
    browser.open("/join/")
    browser.send(code=typed)
    assert browser.page.h1.text.strip() == "Kites"
    browser.send(**first_page(fair))
    assert Response.objects.get().session == fair.sessions[0]


@pytest.mark.parametrize("typed", ["KT0000", "", "<script>", "x" * 5000, "\x00"])
def test_a_code_that_leads_nowhere_says_so(browser: Browser, fair: SimpleNamespace, typed: str):
    browser.open("/join/")
    browser.send(code=typed)
    assert browser.page.title.text.startswith("Error: ")
    assert browser.status in (200, 404)


@pytest.mark.parametrize("key", ["", "x", "A" * 32, "A" * 5000, "é", "\x00"])
def test_a_key_that_was_not_minted_here_opens_nothing(browser: Browser, fair: SimpleNamespace, key: str):
    for path in ("answer/1/", "about-you/", "check/", "receipt/", "withdraw/"):
        response = browser.client.get(f"/feedback/kite-fair/{path}", {"k": key})
        assert response.status_code == 404, path


@pytest.mark.parametrize("path", ["answer/1/", "about-you/", "check/"])
def test_addresses_with_a_key_go_nowhere_else(browser: Browser, fair: SimpleNamespace, path: str):
    browser.open(BEGIN)
    browser.send(**first_page(fair))
    response = browser.client.get(re.sub(r"answer/\d/", path, browser.url))
    assert response.status_code == 200
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]


def test_a_page_costs_the_same_however_much_was_answered(
    browser: Browser, fair: SimpleNamespace, django_assert_max_num_queries
):
    browser.open(BEGIN)
    page = browser.url
    browser.send(**first_page(fair))
    browser.open(page)
    with django_assert_max_num_queries(14):
        browser.client.get(page)
    sent = browser.form() | first_page(fair)
    with django_assert_max_num_queries(14):
        browser.client.post(page, sent)


def test_a_round_that_was_never_open_here_costs_the_same_with_more_propositions(fair: SimpleNamespace, client: Client):
    asked = FeedbackRound.objects.create(title="Before", slug="before", intro="x", privacy_text="x", state="closed")
    session = RoundSession.objects.create(round=asked, title="Kites")

    def cost() -> int:
        client.get("/feedback/before/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/feedback/before/").status_code == 200
        return len(queries)

    RoundProposition.objects.create(session=session, proposition=fair.propositions[0])
    few = cost()
    RoundProposition.objects.create(session=session, proposition=fair.propositions[1])
    assert cost() == few
