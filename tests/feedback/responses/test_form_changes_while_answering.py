"""Questions that are corrected while people answer them: nobody's answer goes with the correction."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.feedback.models import Answer, FeedbackRound, QuestionKind, RoundQuestion
from engagement.feedback.rounds.opening import freeze_form
from tests.feedback.form_browser import Browser
from tests.feedback.responses.test_answering_a_round import first_page

pytestmark = pytest.mark.pg

SECOND = "/feedback/kite-fair/answer/2/"


@pytest.fixture
def browser() -> Browser:
    return Browser()


def corrected(question: RoundQuestion, **to: str) -> None:
    """An officer corrects a question of the open round."""
    for name, value in to.items():
        setattr(question, name, value)
    question.save()
    freeze_form(FeedbackRound.objects.get(pk=question.session.round_id))


def chosen(question: RoundQuestion) -> list[str]:
    return Answer.objects.get(question=question.key).chosen


def answer(browser: Browser, fair: SimpleNamespace, **more: object) -> str:
    """Answers the second page, on which one question is required; gives its address."""
    if not browser.__dict__.get("url", "").startswith(SECOND):
        browser.open(SECOND)
    url = browser.url
    browser.send(**{str(fair.questions["yes_no"].key): "Yes"} | more)
    return url


class TestAChoice:
    """Red becomes Crimson, for one who had chosen Red."""

    def test_who_is_answering_then_keeps_it(self, browser: Browser, fair: SimpleNamespace):
        question = fair.questions["choice"]
        browser.open(SECOND)
        corrected(question, choices="Crimson\nGreen\nBlue")
        answer(browser, fair, **{str(question.key): "Red"})
        assert "The questions changed while you were answering" in browser.text
        assert "You answered “Red”. The choices have changed since." in browser.text
        (hint,) = (one for one in browser.page.select("p.hint") if "You answered “Red”" in one.text)
        assert hint["id"] in hint.find_parent("fieldset")["aria-describedby"].split()
        browser.send()
        assert browser.page.h1.text.strip() == "About you"
        assert chosen(question) == ["Red"]
        browser.send()
        assert "Red" in browser.text

    def test_who_comes_back_later_keeps_it(self, browser: Browser, fair: SimpleNamespace):
        question = fair.questions["choice"]
        page = answer(browser, fair, **{str(question.key): "Red"})
        corrected(question, choices="Crimson\nGreen\nBlue")
        browser.open(page)
        assert "The choices have changed since" in browser.text
        browser.send(**{str(fair.questions["long"].key): "Windy."})
        assert chosen(question) == ["Red"]
        assert Answer.objects.get(question=fair.questions["long"].key).text == "Windy."

    def test_who_chooses_anew_has_chosen(self, browser: Browser, fair: SimpleNamespace):
        question = fair.questions["choice"]
        page = answer(browser, fair, **{str(question.key): "Red"})
        corrected(question, choices="Crimson\nGreen\nBlue")
        browser.open(page)
        browser.send(**{str(question.key): "Crimson"})
        assert chosen(question) == ["Crimson"]
        browser.open(page)
        assert "The choices have changed since" not in browser.text

    def test_of_several_what_is_gone_stays_while_nothing_is_changed(self, browser: Browser, fair: SimpleNamespace):
        question = fair.questions["choices"]
        page = answer(browser, fair, **{str(question.key): ["Red", "Blue"]})
        corrected(question, choices="Crimson\nGreen\nBlue")
        browser.open(page)
        browser.send()
        assert chosen(question) == ["Red", "Blue"]
        browser.open(page)
        browser.send(**{str(question.key): ["Crimson", "Blue"]})
        assert chosen(question) == ["Crimson", "Blue"]

    def test_what_is_offered_can_still_be_taken_back(self, browser: Browser, fair: SimpleNamespace):
        question = fair.questions["choices"]
        page = answer(browser, fair, **{str(question.key): ["Blue"]})
        corrected(question, choices="Crimson\nGreen\nBlue")
        browser.open(page)
        browser.send(**{str(question.key): []})
        assert not Answer.objects.filter(question=question.key).exists()

    def test_a_page_from_before_takes_nothing_that_came_after(self, browser: Browser, fair: SimpleNamespace):
        """Two tabs: the one from before the correction is sent last."""
        question, other = fair.questions["choice"], Browser()
        browser.open(SECOND)
        other.open(browser.url)
        corrected(question, choices="Crimson\nGreen\nBlue")
        browser.open(browser.url)
        answer(browser, fair, **{str(question.key): "Crimson"})
        other.send(**{str(fair.questions["yes_no"].key): "No"})
        assert other.status == 409
        other.send()
        assert chosen(question) == ["Crimson"]
        assert chosen(fair.questions["yes_no"]) == ["No"]


@pytest.mark.parametrize("kind", [kind for kind in QuestionKind.values if kind != "long"])
def test_with_another_kind_it_is_another_question(browser: Browser, fair: SimpleNamespace, kind: str):
    question = fair.questions["long"]
    before = question.key
    page = answer(browser, fair, **{str(before): "Longer tails."})
    corrected(question, kind=kind, choices="Long\nShort" if kind in ("choice", "choices") else "")
    assert question.key != before
    browser.open(page)
    assert "Longer tails." not in browser.text
    sent = {"short": "Short.", "scale": "Agree", "yes_no": "No", "choice": "Long", "choices": ["Long"]}[kind]
    browser.send(**{str(question.key): sent})
    assert Answer.objects.get(question=before).text == "Longer tails."
    # Any other correction leaves it the same.
    kept = question.key
    corrected(question, text="How long?")
    assert question.key == kept


def test_a_form_that_changed_asks_no_more_of_the_database(browser: Browser, fair: SimpleNamespace):
    """The page that a hall sends at once, and the same page sent again."""

    def cost() -> tuple[int, int]:
        browser.open("/feedback/kite-fair/answer/1/")
        page, sent, costs = browser.url, browser.form() | first_page(fair), []
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                browser.client.post(page, sent)
            costs.append(len(queries))
        return costs[0], costs[1]

    before = cost()
    fair.sessions[0].title = "Kites and tails"
    fair.sessions[0].save()
    freeze_form(FeedbackRound.objects.get(pk=fair.round.pk))
    assert cost() == before
