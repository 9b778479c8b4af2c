"""Links in emails: forged, truncated, for another purpose; and what is stored and told of them."""

import pytest

from engagement.mail.addresses import address_hash
from engagement.mail.models import TransactionalEmail
from engagement.mailing_list.links import PREFERENCES_LINK, path_with_token, permanent_token, permanent_url
from engagement.mailing_list.models import Token
from tests.mailing_list.conftest import ADA

pytestmark = [pytest.mark.django_db, pytest.mark.pg]
FORGED = ["", "x", "A" * 43, "A" * 42, "é" * 43, "\0", "A" * 100_000, "%ff%fe", "../../etc"]
PAGES = [
    *("confirm", "preferences", "unsubscribe", "preferences_link", "unsubscribed"),
    *("your_data", "download_data", "erase"),
]
TOKEN_OF_NOBODY = "A" * 43


# Every page with one token, and every kind of token on one page: all pages read tokens in the same place.
@pytest.mark.parametrize(
    ("name", "token"), [*((name, TOKEN_OF_NOBODY) for name in PAGES), *(("preferences", token) for token in FORGED)]
)
def test_a_forged_link_gets_a_page_that_helps(ada, name, token):
    path = path_with_token(name, "").split("?")[0]
    for response in (ada.client.get(path, {"t": token}), ada.client.get(path)):
        assert response.status_code == 404
        assert "Actions" in response.text
    answer = ada.client.post(f"{path}?t={token[:200]}")
    assert answer.status_code in (404, 405)


@pytest.mark.parametrize("cut", [1, 10, 42])
def test_a_truncated_link_is_not_taken_for_a_whole_one(ada, cut):
    ada.sign_up()
    assert ada.client.post(ada.link()[:-cut]).status_code == 404
    assert ada.row().state == "pending"


def test_a_link_for_one_purpose_is_good_for_no_other(ada):
    ada.sign_up()
    token = ada.link().split("t=")[1]
    assert ada.client.get(path_with_token("preferences", token)).status_code == 404
    assert (
        ada.client.get(path_with_token("unsubscribe", permanent_token(PREFERENCES_LINK, address_hash(ADA)))).status_code
        == 404
    )


def test_only_what_a_token_hashes_to_is_kept(ada):
    ada.sign_up()
    token = ada.link().split("t=")[1]
    kept = Token.objects.get()
    assert token not in str(vars(kept))
    assert token not in str([vars(mail) for mail in TransactionalEmail.objects.all()])


@pytest.mark.parametrize("name", ["confirm", "preferences", "unsubscribe", "preferences_link", "unsubscribed"])
def test_pages_behind_links_are_told_to_nobody(ada, name):
    response = ada.client.get(path_with_token(name, "x"))
    assert response["Cache-Control"] == "no-store, private"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.text


def test_the_permanent_link_to_choices_shows_nothing_and_mails_a_link(ada):
    ada.subscribe()
    path = permanent_url(PREFERENCES_LINK, address_hash(ADA)).removeprefix("http://testserver")
    before = TransactionalEmail.objects.count()
    page = ada.client.get(path)
    assert page.status_code == 200
    assert ADA not in page.text
    assert TransactionalEmail.objects.count() == before
    response = ada.client.post(path)
    assert response["Location"] == "/mailing-list/link/sent/"
    assert ada.link().startswith("/mailing-list/manage/")
    # The same answer where nothing is left.
    nobody = permanent_url(PREFERENCES_LINK, address_hash("nobody@example.org")).removeprefix("http://testserver")
    assert ada.client.post(nobody)["Location"] == response["Location"]
