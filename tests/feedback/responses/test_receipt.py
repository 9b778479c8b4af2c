"""The receipt: how somebody who closed the tab comes back, and the email to the address that they left."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from engagement.feedback.emails import RECEIPT
from engagement.feedback.models import Answer, PropositionResponse, Respondent, Response
from engagement.feedback.responses.keys import return_code
from engagement.feedback.rounds.opening import close
from engagement.mail import transactional
from engagement.mail.addresses import address_hash
from engagement.mail.message import Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mailing_list import abuse, personal_data
from engagement.mailing_list.models import Suppression
from tests.feedback.form_browser import Browser
from tests.feedback.responses.test_answering_a_round import answer_all
from tests.mailing_list.conftest import Person, no_minimum_time  # noqa: F401 - a fixture

pytestmark = pytest.mark.pg

ADA = "ada@example.org"


@pytest.fixture
def browser(fair: SimpleNamespace) -> Browser:
    """Somebody with the receipt before them."""
    browser = Browser()
    answer_all(browser, fair)
    browser.send()
    return browser


def test_it_shows_the_code_and_that_leads_back(browser: Browser):
    code = return_code(Response.objects.get().client_key)
    assert code in browser.text
    other = Browser()
    other.open("/feedback/kite-fair/return/")
    other.send(code=code)
    assert other.page.find("input", checked=True, value="support")
    # Loaded again, it is the same.
    browser.open(browser.url)
    assert code in browser.text


def test_with_the_code_answers_are_withdrawn_after_the_round_has_closed(browser: Browser, fair: SimpleNamespace):
    close(fair.round)
    other = Browser()
    other.open("/feedback/kite-fair/return/")
    other.send(code=return_code(Response.objects.get().client_key))
    other.open(other.page.find("a", string="Withdraw my answers")["href"])
    other.send()
    assert Response.objects.get().state == "withdrawn"


def test_a_receipt_from_before_codes_were_given_has_one_too(browser: Browser):
    Response.objects.update(return_code_hash="")
    browser.open(browser.url)
    assert return_code(Response.objects.get().client_key) in browser.text
    assert Response.objects.get().return_code_hash


# --- by email -----------------------------------------------------------------------------------------------


def emails() -> list[TransactionalEmail]:
    return list(TransactionalEmail.objects.filter(kind=RECEIPT).order_by("pk"))


def test_one_email_goes_to_the_address_and_shows_nothing_that_was_typed(browser: Browser, fair: SimpleNamespace):
    response = Response.objects.get()
    browser.client.post(browser.url.replace("receipt", "check"))
    (email,) = emails()
    assert email.address == ADA
    message = transactional.compose(email)
    assert isinstance(message, Message)
    for body in (message.text, message.html):
        assert "The kite fair" in body
        for secret in (
            response.client_key,
            response.reference,
            return_code(response.client_key),
            "Ada Example",
            "It flies.",
        ):
            assert secret not in body
        assert "/feedback/kite-fair/return/" in body


def test_without_an_address_there_is_none(fair: SimpleNamespace):
    browser = Browser()
    browser.open("/feedback/kite-fair/answer/1/")
    browser.send(**{str(fair.why.key): "Wind"})
    browser.took(browser.client.post(browser.url.replace("answer/2", "check"), follow=True), "")
    assert Response.objects.get().reference
    assert not emails()


def test_an_address_alone_is_no_leave_to_write_to_it(browser: Browser):
    """The privacy notice says so. With the tick, given later, the email goes."""
    TransactionalEmail.objects.all().delete()
    about = browser.url.replace("receipt", "about-you")
    for ticked, count in (([], 0), (["on"], 1), (["on"], 1)):
        browser.open(about)
        browser.send(may_contact=ticked)
        assert len(emails()) == count
    browser.open(about)
    browser.send(may_contact=[])
    assert transactional.compose(emails()[0]) == Skip("changed")


def test_an_address_that_is_given_later_gets_it_and_one_that_stays_no_second(browser: Browser):
    about = browser.url.replace("receipt", "about-you")
    for address, count in ((ADA, 1), ("new@example.org", 2), ("", 2)):
        browser.open(about)
        browser.send(address=address, **({} if address else {"may_contact": []}))
        assert len(emails()) == count, address
    # The first isn't about that address any more.
    assert transactional.compose(emails()[0]) == Skip("erased")


@pytest.mark.parametrize("change", ["withdrawn", "erased", "suppressed"])
def test_what_has_changed_since_keeps_it_back(browser: Browser, change: str):
    response = Response.objects.get()
    if change == "withdrawn":
        browser.client.post(f"/feedback/kite-fair/withdraw/?k={response.client_key}")
    elif change == "erased":
        personal_data.erase(ADA)
    else:
        Suppression.objects.create(address_hash=address_hash(ADA), reason="never")
    assert transactional.compose(emails()[0]) == Skip("suppressed" if change == "suppressed" else "erased")


def test_nobody_is_written_to_again_and_again(browser: Browser):
    """Whoever types a stranger's address into many responses reaches the limit of all forms."""
    for _ in range(abuse.PER_ADDRESS_OVERALL):
        abuse.queue_request(RECEIPT, ADA, SimpleNamespace(META={}), response=Response.objects.get().pk)
    results = [transactional.compose(email) for email in emails()]
    assert sum(isinstance(result, Message) for result in results) <= abuse.PER_ADDRESS_OVERALL
    assert results[-1] == Skip("capped")


def test_once_the_address_is_forgotten_nothing_says_whose_answers_it_was_about(browser: Browser):
    (email,) = emails()
    assert email.object_id == ""
    TransactionalEmail.objects.update(state="accepted", settled_at=timezone.now() - timezone.timedelta(days=8))
    from engagement.mailing_list import retention

    retention.run()
    email.refresh_from_db()
    assert (email.address, email.data) == ("", {})


@pytest.mark.usefixtures("no_minimum_time")
def test_by_a_mailed_link_answers_are_withdrawn_unseen(browser: Browser):
    person = Person(ADA)
    person.request_link()
    held = person.mail().text.partition("http://testserver")[2].split()[0]
    other = Browser()
    other.open(held)
    other.open(other.page.find("a", string="Withdraw the answers")["href"].replace("&amp;", "&"))
    assert "It flies." not in other.text
    assert "Ada Example" not in other.text
    assert Response.objects.get().state == "submitted"
    other.send()
    assert other.page.h1.text.strip() == "Your answers are withdrawn"
    assert Response.objects.get().state == "withdrawn"
    assert not (Answer.objects.exists() or PropositionResponse.objects.exists() or Respondent.objects.exists())
