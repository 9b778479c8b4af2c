"""A response to one proposition, from the proposition's own page."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from engagement.feedback.models import FeedbackRound, FormVersion, PropositionResponse, Response, RoundEvent
from engagement.feedback.rounds import standing_round
from engagement.feedback.rounds.opening import close, opening_problems
from nelis.core.models import ChangeEntry
from nelis.core.models.change_log import NoteData, save_note
from tests.feedback.conftest import make_round
from tests.feedback.form_browser import Browser
from tests.sectors.conftest import propose

pytestmark = pytest.mark.pg

HUB = "/propositions/p1/"
RESPOND = f"{HUB}respond/"


@pytest.fixture
def fair(db: None) -> SimpleNamespace:
    """A round about kites, and beside it the standing one."""
    made = make_round()
    made.standing = FeedbackRound.objects.create(
        title="One by one", slug="one-by-one", intro="Each.", privacy_text="Two people.", is_standing=True, state="open"
    )
    return made


@pytest.fixture
def browser() -> Browser:
    return Browser()


def publish_again(page: object) -> None:
    """A second version, because its words changed."""
    page.what_we_propose = "<p>Make better kites.</p>"
    revision = page.save_revision()
    save_note(revision, NoteData(ChangeEntry.Kind.CONTENT, "Better."))
    revision.publish()


def test_what_was_being_typed_when_a_proposition_was_withdrawn_is_kept(browser: Browser, fair: SimpleNamespace):
    hub, _ = fair.propositions
    browser.open(RESPOND)
    hub.refresh_from_db()
    hub.unpublish()
    browser.send(**{f"p{hub.pk}": "oppose", f"p{hub.pk}-missing": "x" * 2001})
    assert browser.status == 422
    browser.send(**{f"p{hub.pk}-missing": "A tail."})
    assert browser.page.h1.text.strip() == "About you"
    assert PropositionResponse.objects.get().missing == "A tail."
    browser.send(name="Ada Example")
    browser.send()
    assert browser.page.h1.text.strip() == "Your answers have arrived"
    # Nobody new begins.
    assert browser.client.get(RESPOND).status_code == 410
    assert browser.client.post(RESPOND, {f"p{hub.pk}": "oppose"}).status_code == 410


def test_from_the_page_to_the_receipt(browser: Browser, fair: SimpleNamespace):
    hub, _ = fair.propositions
    browser.open(HUB)
    links = browser.page.main.find_all("a", string="Respond to P1")
    assert [link["href"] for link in links] == [RESPOND, RESPOND]
    browser.open(RESPOND)
    assert browser.page.h1.text.strip() == "What do you think of P1?"
    assert "Step 1 of 3" in browser.text
    assert browser.page.main.details.has_attr("open")
    browser.send(**{f"p{hub.pk}": "oppose", f"p{hub.pk}-missing": "A tail."})
    assert browser.page.h1.text.strip() == "About you"
    back = browser.page.main.find("a", string="Back to the step before")["href"]
    assert back.startswith(f"{RESPOND}?k=")
    browser.send(name="Ada Example")
    assert [heading.text for heading in browser.page.main.find_all("h2")] == ["Kite hub", "About you"]
    browser.send()
    response = Response.objects.get()
    assert (response.state, response.round) == ("submitted", fair.standing)
    stance = response.stances.get()
    assert (stance.stance, stance.missing, stance.version) == ("oppose", "A tail.", hub.versions.get())
    assert response.reference in browser.text
    assert browser.page.main.find("a", string="Change my answers")["href"].startswith(f"{RESPOND}?k=")


def test_it_can_be_changed_and_withdrawn(browser: Browser, fair: SimpleNamespace):
    hub, _ = fair.propositions
    browser.open(RESPOND)
    browser.send(**{f"p{hub.pk}": "oppose"})
    browser.send()
    browser.send()
    receipt = browser.url
    browser.open(browser.page.main.find("a", string="Change my answers")["href"])
    assert browser.page.find("input", checked=True, value="oppose")
    browser.send(**{f"p{hub.pk}": "support"})
    assert PropositionResponse.objects.get().stance == "support"
    assert Response.objects.get().state == "submitted"
    browser.open(receipt)
    browser.open(browser.page.main.find("a", string="Withdraw my answers")["href"])
    browser.send()
    assert not PropositionResponse.objects.exists()


def test_nothing_said_is_an_error_and_no_response(browser: Browser, fair: SimpleNamespace):
    browser.open(RESPOND)
    browser.send()
    assert browser.status == 422
    assert browser.page.title.text.startswith("Error: ")
    (link,) = browser.page.select(".errs a")
    assert browser.page.find(id=link["href"][1:])["name"] == f"p{fair.propositions[0].pk}"
    assert not Response.objects.exists()


def test_a_newer_version_is_asked_about_from_then_on(browser: Browser, fair: SimpleNamespace):
    hub, _ = fair.propositions
    browser.open(RESPOND)
    assert "Read version 1 of P1" in browser.text
    publish_again(hub)
    browser.send(**{f"p{hub.pk}": "oppose"})
    assert PropositionResponse.objects.get().version.number == 1
    assert "The proposition changed while you were answering" in browser.text
    assert "Read version 2 of P1" in browser.text
    assert browser.page.find("input", checked=True, value="oppose")
    assert "counts for that one unless you change it" in browser.text
    browser.send(**{f"p{hub.pk}": "support"})
    assert PropositionResponse.objects.get().version.number == 2
    assert browser.page.h1.text.strip() == "About you"
    assert fair.standing.forms.count() == 2


def test_a_stance_moves_to_no_newer_version_unseen(browser: Browser, fair: SimpleNamespace):
    hub, _ = fair.propositions
    browser.open(RESPOND)
    browser.send(**{f"p{hub.pk}": "support", f"p{hub.pk}-comment": "It flies."})
    browser.send()
    browser.send()
    change = browser.page.main.find("a", string="Change my answers")["href"]
    publish_again(hub)
    browser.open(change)
    assert "P1 changed since you answered" in browser.text
    assert browser.page.find("input", checked=True, value="support")
    # Who leaves it as it is has said nothing of the new version.
    browser.send()
    kept = PropositionResponse.objects.get()
    assert (kept.version.number, kept.form.number, kept.comment) == (1, 1, "It flies.")
    assert browser.page.h1.text.strip() == "About you"
    browser.open(change)
    browser.send(**{f"p{hub.pk}-comment": "It flies well."})
    kept = PropositionResponse.objects.get()
    assert (kept.version.number, kept.stance, kept.comment) == (2, "support", "It flies well.")
    browser.open(change)
    assert "changed since you answered" not in browser.text


def test_a_new_proposition_moves_no_answer_to_another_page(browser: Browser, fair: SimpleNamespace):
    _, tails = fair.propositions
    browser.open("/propositions/p2/respond/")
    first = propose(fair.kites, "P0", "Before all others")
    first.save_revision().publish()
    first.move(fair.kites.lists["proposition"], pos="first-child")
    browser.send(**{f"p{tails.pk}": "support"})
    assert PropositionResponse.objects.get().proposition == tails
    assert browser.page.h1.text.strip() == "About you"
    browser.open("/propositions/p0/respond/")
    assert browser.status == 200


def test_the_form_is_frozen_once_for_what_is_public(browser: Browser, fair: SimpleNamespace):
    for _ in range(3):
        browser.open(RESPOND)
    assert FormVersion.objects.filter(round=fair.standing).count() == 1


def test_an_unpublished_proposition_is_not_asked_about(browser: Browser, fair: SimpleNamespace):
    fair.propositions[0].unpublish()
    browser.open(RESPOND)
    assert browser.status == 410
    browser.open("/feedback/one-by-one/")
    assert "Respond to P2" in browser.text
    assert "Respond to P1" not in browser.text


class TestClosed:
    def test_a_clear_page(self, browser: Browser, fair: SimpleNamespace):
        close(fair.standing)
        browser.open(RESPOND)
        assert browser.status == 410
        assert "takes no answers now" in browser.text

    def test_what_was_typed_is_given_back(self, browser: Browser, fair: SimpleNamespace):
        browser.open(RESPOND)
        close(fair.standing)
        browser.send(**{f"p{fair.propositions[0].pk}-comment": "It flies."})
        assert browser.status == 410
        assert "It flies." in browser.text
        assert not Response.objects.exists()

    def test_without_a_standing_round(self, browser: Browser, fair: SimpleNamespace):
        fair.standing.delete()
        browser.open(RESPOND)
        assert browser.status == 404
        assert "not taken at present" in browser.text


def test_another_round_that_asks_the_same_is_named(browser: Browser, fair: SimpleNamespace):
    browser.open(RESPOND)
    assert browser.page.main.find("a", string="The kite fair")["href"] == "/feedback/kite-fair/"
    FeedbackRound.objects.filter(pk=fair.round.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    browser.open(RESPOND)
    assert browser.page.main.find("a", string="The kite fair") is None


def test_saving_for_later_leads_back_to_the_proposition(browser: Browser, fair: SimpleNamespace):
    browser.open("/propositions/p2/respond/")
    browser.send(**{f"p{fair.propositions[1].pk}": "support"}, later="1")
    code = browser.page.select_one(".lede strong").text
    other = Browser()
    other.open("/feedback/one-by-one/return/")
    other.send(code=code)
    assert other.url.startswith("/propositions/p2/respond/")
    assert other.page.find("input", checked=True, value="support")


def test_the_pages_of_a_round_at_a_time_are_not_its(browser: Browser, fair: SimpleNamespace):
    browser.open(RESPOND)
    key = browser.url.rpartition("=")[2]
    browser.open(f"/feedback/one-by-one/answer/1/?k={key}")
    assert browser.status == 404
    browser.open(f"/feedback/one-by-one/about-you/?k={key}")
    assert browser.url == "/feedback/one-by-one/"


def test_it_costs_the_same_with_more_propositions(fair: SimpleNamespace, django_assert_max_num_queries):
    browser = Browser()
    browser.open(RESPOND)
    for number in range(3, 9):
        propose(fair.kites, f"P{number}", f"Kite {number}").save_revision().publish()
    browser.open(RESPOND)
    # The round, the proposition, the form, what is public, what is kept, other rounds.
    with django_assert_max_num_queries(9):
        browser.client.get(browser.url)


def test_there_is_one_standing_round(fair: SimpleNamespace):
    second = FeedbackRound(title="x", slug="x", intro="x", privacy_text="x", is_standing=True)
    with pytest.raises(ValidationError, match="one_standing_round"):
        second.full_clean()


def test_it_can_be_opened_without_sessions(fair: SimpleNamespace):
    assert opening_problems(fair.standing) == []
    assert standing_round.get_standing_round() == fair.standing
    assert not RoundEvent.objects.filter(round=fair.standing).exists()


def test_the_next_one_takes_over_and_the_last_keeps_its_answers(browser: Browser, fair: SimpleNamespace):
    hub, _ = fair.propositions
    browser.open(RESPOND)
    browser.send(**{f"p{hub.pk}": "support"})
    browser.send()
    browser.send()
    receipt, reference = browser.url, browser.page.strong.text
    following = standing_round.start_next_round(fair.standing)
    ended = FeedbackRound.objects.get(pk=fair.standing.pk)
    assert (ended.state, ended.is_standing, ended.slug) == ("closed", False, "one-by-one")
    assert ended.title.startswith("One by one, to ")
    assert (following.slug, following.title, following.privacy_text) == ("one-by-one-2", "One by one", "Two people.")
    assert standing_round.get_standing_round() == following
    browser.open(receipt)
    assert browser.page.strong.text == reference
    browser.open(RESPOND)
    browser.send(**{f"p{hub.pk}": "oppose"})
    browser.send()
    browser.send()
    assert Response.objects.get(round=following).state == "submitted"
    assert standing_round.start_next_round(following).slug == "one-by-one-3"


def test_words_typed_while_it_ends_are_not_lost(browser: Browser, fair: SimpleNamespace):
    hub, _ = fair.propositions
    browser.open(RESPOND)
    browser.send(**{f"p{hub.pk}": "support"})
    browser.open(browser.page.main.find("a", string="Back to the step before")["href"])
    standing_round.start_next_round(fair.standing)
    browser.send(**{f"p{hub.pk}": "oppose", f"p{hub.pk}-comment": "A longer tail."})
    assert "A longer tail." in browser.text


def test_a_round_at_an_event_has_none_after_it(fair: SimpleNamespace):
    with pytest.raises(FeedbackRound.DoesNotExist):
        standing_round.start_next_round(fair.round)
