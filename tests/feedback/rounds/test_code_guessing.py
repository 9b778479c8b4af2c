"""Codes of rooms can't be guessed, and nobody in a hall is hindered by somebody beside them who tries."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagement.feedback.models import Response, RoundSession, WrongCode
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.rounds import session_codes
from engagement.feedback.rounds.session_codes import join_url, signed_code
from tests.feedback.form_browser import Browser
from tests.feedback.responses.test_throttling import HOME, VENUE, answers, somebody

pytestmark = pytest.mark.pg

FEW = 5


@pytest.fixture(autouse=True)
def proxy(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """In front of the site is a proxy that says where requests come from; few wrong codes are too many."""
    settings.CLIENT_ADDRESS_HEADER = "HTTP_X_CLIENT_ADDRESS"
    monkeypatch.setattr(session_codes, "MAX_WRONG_CODES", FEW)


def client(address: str) -> Client:
    return somebody(address).client


def guess(address: str, number: int = FEW) -> None:
    """Somebody tries so many codes that there aren't."""
    for tried in range(number):
        client(address).post("/join/", {"code": f"ZZ2{tried:03}"})


def shows_a_room(response: Any) -> bool:
    return response.status_code in (200, 302) and "No session has that code" not in response.content.decode()


def ways_to_try(fair: SimpleNamespace, code: str) -> dict[str, tuple[str, str, dict[str, str]]]:
    """Every page that takes a code: the method, the URL, and what is posted."""
    key = new_client_key()
    page = f"/feedback/kite-fair/answer/1/?k={key}"
    return {
        "typed": ("post", "/join/", {"code": code}),
        "in the URL": ("get", f"/join/{code}/", {}),
        "the wall": ("get", f"/feedback/wall/{code}/", {}),
        "a table": ("get", f"/feedback/kite-fair/table/?code={code}", {}),
        "a page": ("get", f"{page}&code={code}", {}),
        "a page sent": ("post", page, {"form": "1", "code": code, str(fair.why.key): "Wind"}),
    }


WAYS = ["typed", "in the URL", "the wall", "a table", "a page", "a page sent"]


@pytest.mark.parametrize("way", WAYS)
def test_whoever_has_guessed_is_not_told_what_is_right(fair: SimpleNamespace, way: str):
    guess(HOME)
    seen = []
    for code in ("KT7194", "ZZ9999"):
        method, url, posted = ways_to_try(fair, code)[way]
        response = getattr(client(HOME), method)(url, posted)
        body = response.content.decode().replace(code, "").replace(url.partition("k=")[2][:32], "")
        seen.append((response.status_code, body, response.get("Location", "").partition("?")[0]))
    assert seen[0] == seen[1]
    # Nor does a code that was found out now lift the network's limit.
    assert not Response.objects.filter(throttle_key__startswith="C").exists()


@pytest.mark.parametrize("way", WAYS)
def test_each_way_counts(fair: SimpleNamespace, way: str):
    for number in range(FEW):
        method, url, posted = ways_to_try(fair, f"ZZ2{number:03}")[way]
        getattr(client(HOME), method)(url, posted)
    assert client(HOME).post("/join/", {"code": "KT7194"}).status_code == 429


def test_the_page_says_so_and_what_to_do(fair: SimpleNamespace):
    guess(HOME)
    browser = somebody(HOME)
    browser.open("/join/")
    browser.send(code="KT7194")
    assert browser.status == 429
    assert browser.page.title.text.startswith("Error: ")
    assert "Scan the code" in browser.page.find(id="code-err").text
    assert browser.page.find(id="code")["value"] == "KT7194"
    # Without a code, anybody may answer.
    assert answers(fair, HOME).status == 200


def test_elsewhere_nobody_notices(fair: SimpleNamespace):
    guess(HOME)
    assert client(VENUE).post("/join/", {"code": "KT7194"}).status_code == 302


class TestTheHall:
    """Somebody in the hall's own network tries codes."""

    @pytest.fixture(autouse=True)
    def guessed(self, fair: SimpleNamespace) -> None:
        guess(VENUE)

    def test_whoever_scans_comes_in_and_is_counted_as_in_the_room(self, fair: SimpleNamespace):
        browser = somebody(VENUE)
        browser.open(join_url(fair.sessions[0]).partition("testserver")[2])
        assert browser.page.h1.text.strip() == "Kites"
        browser.send(**{str(fair.why.key): "Wind"})
        assert Response.objects.get().session == fair.sessions[0]
        assert Response.objects.get().throttle_key.startswith("C")

    def test_the_wall_stays(self, fair: SimpleNamespace, olive: Client):
        page = olive.get(f"/admin/feedback/{fair.round.pk}/wall/{fair.sessions[0].pk}/").content.decode()
        url = f"/feedback/wall/{signed_code(fair.sessions[0])}/"
        assert url in page
        assert client(VENUE).get(url).status_code == 200

    def test_once_somebody_in_it_has_answered_the_code_can_be_typed(self, fair: SimpleNamespace):
        assert client(VENUE).post("/join/", {"code": "KT7194"}).status_code == 429
        answers(fair, VENUE, signed_code(fair.sessions[0]))
        assert client(VENUE).post("/join/", {"code": "KT7194"}).status_code == 302
        # That of another room can't.
        RoundSession.objects.filter(pk=fair.sessions[1].pk).update(code="TH2345")
        assert client(VENUE).post("/join/", {"code": "TH2345"}).status_code == 429

    def test_who_came_in_before_goes_on(self, fair: SimpleNamespace):
        WrongCode.objects.all().delete()
        browser = somebody(VENUE)
        browser.open("/join/")
        browser.send(code="KT7194")
        guess(VENUE)
        browser.send(**{str(fair.why.key): "Wind"})
        assert Response.objects.get().session == fair.sessions[0]

    def test_after_an_hour_it_may_be_typed_again(self, fair: SimpleNamespace):
        WrongCode.objects.update(at=timezone.now() - timedelta(minutes=61))
        assert client(VENUE).post("/join/", {"code": "KT7194"}).status_code == 302


def test_an_old_poster_is_one_wrong_code_however_many_look_at_it(fair: SimpleNamespace):
    old = signed_code(fair.sessions[0])
    RoundSession.objects.filter(pk=fair.sessions[0].pk).update(code="KT2222")
    for _ in range(3 * FEW):
        assert client(VENUE).get("/join/KT7194/", follow=True).status_code == 404
        assert client(VENUE).get(f"/join/{old}/", follow=True).status_code == 404
    assert client(VENUE).post("/join/", {"code": "KT2222"}).status_code == 302


@pytest.mark.parametrize("made_up", ["KT7194-0000-0000", "KT7194-2222", "KT7194" + "Z" * 30])
def test_a_made_up_signature_is_a_wrong_code(fair: SimpleNamespace, made_up: str):
    assert client(HOME).get(f"/join/{made_up}/", follow=True).status_code == 404
    assert WrongCode.objects.count() == 1


def test_a_poster_from_before_a_key_of_the_site_was_changed_is_still_good(fair: SimpleNamespace, settings: Any):
    url = join_url(fair.sessions[0]).partition("testserver")[2]
    settings.LINK_KEYS = ["a new one", *settings.LINK_KEYS]
    guess(VENUE)
    assert client(VENUE).get(url).status_code == 302


def test_it_costs_no_query_more_for_a_right_code(fair: SimpleNamespace, settings: Any):
    def cost(code: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client(VENUE).get(f"/join/{code}/").status_code == 302
        return len(queries)

    cost("KT7194")
    typed, signed = cost("KT7194"), cost(signed_code(fair.sessions[0]))
    settings.CLIENT_ADDRESS_HEADER = ""
    assert typed == signed == cost("KT7194")


def test_a_flood_of_guesses_leaves_few_rows(fair: SimpleNamespace):
    guess(HOME, 4 * FEW)
    assert WrongCode.objects.count() == FEW


def test_where_the_network_is_not_known_nobody_is_stopped(fair: SimpleNamespace, settings: Any):
    settings.CLIENT_ADDRESS_HEADER = ""
    guess("", 3 * FEW)
    browser = Browser()
    browser.open("/join/KT7194/")
    assert browser.page.h1.text.strip() == "Kites"
