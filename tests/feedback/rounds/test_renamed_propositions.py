"""A proposition gets another address while people answer it: nothing typed is lost, and every link leads on."""

from types import SimpleNamespace

import pytest
from django.test import Client

from engagement.feedback.models import FeedbackRound, PropositionResponse, Response
from engagement.feedback.responses.keys import return_code
from engagement.feedback.responses.submissions import issue_return_code
from tests.feedback.conftest import make_round
from tests.feedback.form_browser import Browser

pytestmark = pytest.mark.pg

HUB = "/propositions/p1/"


@pytest.fixture
def fair(db: None) -> SimpleNamespace:
    made = make_round()
    made.standing = FeedbackRound.objects.create(
        title="One by one", slug="one-by-one", intro="Each.", privacy_text="Two people.", is_standing=True, state="open"
    )
    return made


@pytest.fixture
def rename(fair: SimpleNamespace, django_capture_on_commit_callbacks):
    """Publishes the first proposition under another slug."""

    def rename(slug: str) -> None:
        page = type(fair.propositions[0]).objects.get(pk=fair.propositions[0].pk)
        page.slug = slug
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()

    return rename


def test_a_form_that_was_open_keeps_what_was_typed(fair: SimpleNamespace, rename):
    browser, hub = Browser(), fair.propositions[0]
    browser.open(f"{HUB}respond/")
    rename("kite-centre")
    rename("kite-house")
    browser.send(**{f"p{hub.pk}": "oppose", f"p{hub.pk}-missing": "x" * 2001})
    assert browser.status == 422
    browser.send(**{f"p{hub.pk}-missing": "A tail."})
    assert browser.page.h1.text.strip() == "About you"
    assert PropositionResponse.objects.get().missing == "A tail."


def test_renamed_and_taken_down_while_somebody_typed(fair: SimpleNamespace, rename):
    browser, hub = Browser(), fair.propositions[0]
    browser.open(f"{HUB}respond/")
    rename("kite-centre")
    type(hub).objects.get(pk=hub.pk).unpublish()
    browser.send(**{f"p{hub.pk}": "oppose", f"p{hub.pk}-missing": "A tail."})
    assert PropositionResponse.objects.get().missing == "A tail."
    assert Client().get(f"{HUB}respond/", follow=True).status_code == 410


def test_links_lead_to_the_form(fair: SimpleNamespace, rename):
    browser, hub = Browser(), fair.propositions[0]
    browser.open(f"{HUB}respond/")
    rename("kite-centre")
    page = Client().get(HUB, follow=True)
    assert page.redirect_chain == [("/propositions/kite-centre/", 301)]
    assert 'href="/propositions/kite-centre/respond/"' in page.content.decode()
    for path in ("/propositions/kite-centre/respond/", f"{HUB}respond/"):
        browser.open(path)
        assert browser.status == 200
        assert browser.form().get("form")
    assert Client().get(f"{HUB}v1/", follow=True).status_code == 200
    assert hub.pk


def test_a_return_code_leads_back(fair: SimpleNamespace, rename):
    browser, hub = Browser(), fair.propositions[0]
    browser.open(f"{HUB}respond/")
    browser.send(**{f"p{hub.pk}": "oppose", f"p{hub.pk}-missing": "A tail."})
    response = Response.objects.get()
    issue_return_code(response)
    rename("kite-centre")
    again = Browser()
    again.open("/feedback/one-by-one/return/")
    again.send(code=return_code(response.client_key))
    assert again.status == 200
    assert "A tail." in str(again.page.main)
