"""Who comes after a round has closed sees what became of their answers; nothing they typed is lost."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from django.utils.dateformat import format as date_format

from engagement.feedback.models import FeedbackRound, Respondent, Response
from engagement.feedback.responses import submissions
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.parsing import AnswerData, ParsedPage
from engagement.feedback.responses.submissions import ClosedError
from engagement.feedback.rounds.opening import close
from tests.feedback.form_browser import Browser
from tests.feedback.responses.test_answering_a_round import BEGIN, answer_all, first_page


@pytest.fixture
def browser() -> Browser:
    return Browser()


def test_answers_that_were_never_sent_are_said_not_to_count(browser: Browser, fair: SimpleNamespace):
    answer_all(browser, fair)
    check = browser.url
    close(fair.round)
    for response in (browser.client.post(check), browser.client.get(check)):
        assert response.status_code == 410
        page = response.content.decode()
        assert "never sent, so they don’t count" in page
        # And are shown, and can be taken back.
        assert "It flies." in page
        assert "Withdraw my answers" in page
        assert "Your receipt" not in page


def test_whoever_has_the_key_or_the_code_sees_what_they_sent(browser: Browser, fair: SimpleNamespace):
    browser.open(BEGIN)
    browser.send(**first_page(fair), later="1")
    code = browser.page.select_one(".lede strong").text
    browser = Browser()
    answer_all(browser, fair)
    other = Response.objects.latest("pk")
    browser.send()
    close(fair.round)
    late = Browser()
    late.open("/feedback/kite-fair/return/")
    late.send(code=code)
    assert late.status == 410
    assert "It flies." in late.text
    assert "ada@example.org" not in late.text
    late.open(f"/feedback/kite-fair/check/?k={other.client_key}")
    assert "arrived and counts" in late.text
    assert "ada@example.org" in late.text
    late.open(late.page.find("a", string="Your receipt")["href"])
    assert Response.objects.get(pk=other.pk).reference in late.text
    late.open(late.page.find("a", string="See what I sent")["href"])
    assert "Longer tails." in late.text


def test_what_was_withdrawn_shows_nothing(browser: Browser, fair: SimpleNamespace):
    answer_all(browser, fair)
    browser.send()
    receipt = browser.url
    browser.open(browser.page.find("a", string="Withdraw my answers")["href"])
    browser.send()
    close(fair.round)
    browser.open(receipt.replace("receipt", "check"))
    assert browser.status == 410
    assert browser.page.title.text.startswith("Your answers are withdrawn")
    assert "Withdraw my answers" not in browser.text
    assert "What you sent" not in browser.text


def test_what_people_say_about_themselves_is_given_back(browser: Browser, fair: SimpleNamespace):
    answer_all(browser, fair)
    browser.open(browser.url.replace("check", "about-you"))
    close(fair.round)
    browser.send(name="Ada of Exampleshire", capacity="organisation", may_quote="on")
    assert browser.status == 410
    for words in ("What you just typed", "Ada of Exampleshire", "For an organisation", "You may quote my answers"):
        assert words in browser.text
    assert Respondent.objects.get().name != "Ada of Exampleshire"


class TestMeanwhile:
    """The round was open when the request came in, and is closed before anything is kept."""

    def test_nothing_is_kept_any_more(self, browser: Browser, fair: SimpleNamespace):
        answer_all(browser, fair)
        response = Response.objects.get()
        read_before, page = FeedbackRound.objects.get(slug="kite-fair"), fair.form.schema.pages[0]
        close(fair.round)
        assert read_before.takes_answers()
        said = ParsedPage({str(fair.why.key): AnswerData("Too late.")}, {}, {})
        for late in (
            lambda: submissions.save_page(read_before, fair.form, response.client_key, page, said),
            lambda: submissions.save_page(read_before, fair.form, new_client_key(), page, said),
            lambda: submissions.save_respondent(read_before, response.client_key, {"name": "Too late"}),
            lambda: submissions.save_table_size(read_before, response.client_key, 8),
            lambda: submissions.submit(read_before, response.client_key),
        ):
            with pytest.raises(ClosedError):
                late()
        kept = Response.objects.get()
        assert (kept.state, kept.people, kept.respondent.name) == ("saved", 1, "Ada Example")
        assert not kept.answers.filter(question=fair.why.key).exists()


@pytest.mark.parametrize("path", ["answer/1/", "table/"])
@pytest.mark.parametrize("key", ["%00", "x", "A" * 5000, "%ED%A0%80", "é"])
def test_a_key_that_nobody_minted_in_a_closed_round(browser: Browser, fair: SimpleNamespace, path: str, key: str):
    close(fair.round)
    for send in (browser.client.get, browser.client.post):
        assert send(f"/feedback/kite-fair/{path}?k={key}").status_code in (404, 410)


@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize("path", ["answer/1/", "about-you/", "check/", "receipt/"])
def test_no_page_says_that_withdrawn_answers_are_there(
    browser: Browser, fair: SimpleNamespace, path: str, is_open: bool
):
    answer_all(browser, fair)
    browser.send()
    key = Response.objects.get().client_key
    browser.client.post(f"/feedback/kite-fair/withdraw/?k={key}")
    if not is_open:
        close(fair.round)
    browser.open(f"/feedback/kite-fair/{path}?k={key}")
    assert "withdrawn" in browser.page.h1.text.strip()
    assert not browser.page.main.find("form")
    assert ("begin anew" in browser.text) is is_open
    # Whoever sends a page all the same gets back what they typed.
    if path in ("answer/1/", "about-you/"):
        url = f"/feedback/kite-fair/{path}?k={key}"
        browser.took(browser.client.post(url, {"form": "1", str(fair.why.key): "Wind", "name": "Wind"}), url)
        assert browser.status == 410
        assert "Wind" in browser.text


def day(moment):
    return date_format(timezone.localtime(moment), "j F Y")


class TestTimes:
    """What a page says about when a round closed or will open is so."""

    def test_closed_by_hand_before_its_time(self, browser: Browser, fair: SimpleNamespace):
        close(fair.round)
        for path in ("/feedback/", "/feedback/kite-fair/", BEGIN):
            browser.open(path)
            assert day(fair.round.closes_at) not in browser.text, path
            assert "losed" in browser.text

    def test_its_time_ran_out(self, browser: Browser, fair: SimpleNamespace):
        closed = timezone.now() - timedelta(minutes=1)
        FeedbackRound.objects.filter(pk=fair.round.pk).update(closes_at=closed)
        browser.open("/feedback/")
        assert f"Closed {day(closed)}" in browser.text
        browser.open(BEGIN)
        assert "It closed at" in browser.text

    def test_its_time_is_to_come(self, browser: Browser, fair: SimpleNamespace):
        opens = timezone.now() + timedelta(days=1)
        FeedbackRound.objects.filter(pk=fair.round.pk).update(opens_at=opens)
        browser.open("/feedback/")
        assert f"Open {day(opens)}, " in browser.text
        assert "No round is open at present" in browser.text
        browser.open(BEGIN)
        assert "It opens at" in browser.text


def test_the_round_leads_there(browser: Browser, fair: SimpleNamespace):
    close(fair.round)
    browser.open("/feedback/kite-fair/")
    assert browser.page.find("a", href="/feedback/kite-fair/return/")
    # A round that was held before this site was there took no answers here.
    FeedbackRound.objects.create(title="O", slug="other", intro="x", privacy_text="x", state="closed")
    browser.open("/feedback/other/")
    assert browser.status == 200
    assert not browser.page.find("a", href="/feedback/other/return/")
