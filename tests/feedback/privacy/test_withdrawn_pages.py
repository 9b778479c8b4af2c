"""After a withdrawal, every page of that response says so: by whatever address somebody comes back."""

from types import SimpleNamespace

import pytest
from django.urls import URLPattern, reverse

from engagement.feedback import urls
from engagement.feedback.models import Answer, FeedbackRound, PropositionResponse, Respondent, Response, RoundSession
from engagement.feedback.responses.keys import return_code
from tests.feedback.builders import submit_answers
from tests.feedback.form_browser import Browser

pytestmark = pytest.mark.pg

#: The pages below a round that belong to a response, with the arguments that they need.
OF_A_RESPONSE = {"answer": [1], "about_you": [], "table": [], "check": [], "receipt": [], "withdraw": []}
#: The others: what is public, and what asks for a code or a reference of its own.
OF_THE_ROUND = {"round", "return", "results", "outcome", "data", "data_file"}
#: What may be sent to any of them: nothing, a whole page, and pages that are wrong.
POSTED = [
    {},
    {"form": "1"},
    {"form": "77"},
    {"people": "99"},
    {"people": "3"},
    {"alone": "1"},
    {"name": "Ada"},
    {"address": "x"},
    {"code": "ZZ"},
]


def test_every_address_below_a_round_is_one_or_the_other():
    below = [one for one in urls.of_rounds if isinstance(one, URLPattern) and "slug:slug" in str(one.pattern)]
    assert {one.name for one in below} == OF_A_RESPONSE.keys() | OF_THE_ROUND


@pytest.fixture
def withdrawn(fair: SimpleNamespace) -> Response:
    response = submit_answers(fair, comment="It flies.", name="Ada Example")
    Response.objects.filter(pk=response.pk).update(session=fair.sessions[0])
    Browser().client.post(f"/feedback/kite-fair/withdraw/?k={response.client_key}")
    response.refresh_from_db()
    assert response.state == "withdrawn"
    return response


@pytest.mark.parametrize("name", OF_A_RESPONSE)
@pytest.mark.parametrize("query", ["", "&code=KT7194", "&code=KT7194&table=8"])
def test_each_page_says_so(fair: SimpleNamespace, withdrawn: Response, name: str, query: str):
    browser = Browser()
    url = f"{reverse(f'feedback:{name}', args=['kite-fair', *OF_A_RESPONSE[name]])}?k={withdrawn.client_key}{query}"
    browser.open(url)
    assert browser.page.h1.text.strip() == "Your answers are withdrawn"
    assert not browser.page.main.find("form")
    # A tab from before forgets its draft.
    assert browser.page.find(attrs={"data-arrived": True})["data-arrived"] == f"kite-fair:{withdrawn.client_key}:"
    too_long = {"form": "1", str(fair.why.key): "x" * 101}
    for posted in [*POSTED, too_long]:
        browser.took(browser.client.post(url, posted, follow=True), url)
        assert browser.page.h1.text.strip() == "Your answers are withdrawn", posted
    assert not (Answer.objects.exists() or PropositionResponse.objects.exists() or Respondent.objects.exists())
    if name == "answer":
        assert "x" * 101 in browser.text


def test_the_code_to_come_back_leads_there(withdrawn: Response):
    browser = Browser()
    browser.open("/feedback/kite-fair/return/")
    browser.send(code=return_code(withdrawn.client_key))
    assert browser.page.h1.text.strip() == "Your answers are withdrawn"


def test_in_the_standing_round_too(fair: SimpleNamespace):
    FeedbackRound.objects.create(
        title="One by one", slug="one-by-one", intro="Each.", privacy_text="Two.", is_standing=True, state="open"
    )
    hub, browser = fair.propositions[0], Browser()
    browser.open("/propositions/p1/respond/")
    respond = browser.url
    browser.send(**{f"p{hub.pk}": "oppose"})
    browser.send()
    browser.send()
    code = return_code(Response.objects.get().client_key)
    browser.open(browser.page.find("a", string="Withdraw my answers")["href"])
    browser.send()
    assert browser.page.h1.text.strip() == "Your answers are withdrawn"
    browser.open(respond)
    assert browser.page.h1.text.strip() == "Your answers are withdrawn"
    browser.open("/feedback/one-by-one/return/")
    browser.send(code=code)
    assert browser.page.h1.text.strip() == "Your answers are withdrawn"


def test_a_table_that_has_not_begun_still_may(fair: SimpleNamespace):
    assert RoundSession.objects.filter(code="KT7194").exists()
    browser = Browser()
    browser.open("/feedback/kite-fair/table/?code=KT7194")
    assert browser.page.h1.text.strip() == "Write for a table"
