"""A script that sends thousands of responses, and a room full of people behind the same address."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagement.feedback import periodic_tasks
from engagement.feedback.models import Response
from engagement.feedback.responses import submissions, throttling
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.parsing import ParsedPage
from tests.feedback.form_browser import Browser

pytestmark = pytest.mark.pg

BEGIN = "/feedback/kite-fair/answer/1/"
VENUE, HOME = "192.0.2.7", "198.51.100.9"


@pytest.fixture(autouse=True)
def proxy(settings: Any) -> None:
    """In front of the site is a proxy that says where requests come from."""
    settings.CLIENT_ADDRESS_HEADER = "HTTP_X_CLIENT_ADDRESS"


@pytest.fixture
def low(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "MAX_PER_NETWORK", 3)
    monkeypatch.setattr(throttling, "MAX_PER_CODE", 5)


def somebody(address: str = VENUE) -> Browser:
    browser = Browser()
    browser.client.defaults["HTTP_X_CLIENT_ADDRESS"] = address
    return browser


def answers(fair: SimpleNamespace, address: str = VENUE, code: str = "") -> Browser:
    """Somebody fills in the first page and sends it."""
    browser = somebody(address)
    browser.open(f"{BEGIN}?code={code}" if code else BEGIN)
    browser.send(**{f"p{fair.propositions[0].pk}": "support", str(fair.why.key): "Wind"})
    return browser


@pytest.mark.usefixtures("low")
class TestScript:
    def test_without_a_code_it_is_stopped_and_the_room_is_not(self, fair: SimpleNamespace):
        statuses = [answers(fair).status for _ in range(6)]
        assert statuses == [200, 200, 200, 429, 429, 429]
        assert Response.objects.count() == 3
        # The same address, and a code.
        assert [answers(fair, code="KT7194").status for _ in range(5)] == [200] * 5
        assert answers(fair, HOME).status == 200

    def test_with_a_code_it_is_stopped_and_the_same_room_elsewhere_is_not(self, fair: SimpleNamespace):
        assert [answers(fair, HOME, "KT7194").status for _ in range(7)] == [200] * 5 + [429] * 2
        assert answers(fair, VENUE, "KT7194").status == 200
        # Nor are those in the other room of the same house.
        type(fair.sessions[1]).objects.filter(pk=fair.sessions[1].pk).update(code="TH2345")
        assert answers(fair, HOME, "TH2345").status == 200

    def test_a_made_up_code_is_no_code(self, fair: SimpleNamespace):
        assert [answers(fair, code="ZZ9999").status for _ in range(4)] == [200] * 3 + [429]

    def test_who_has_begun_goes_on(self, fair: SimpleNamespace):
        early = answers(fair)
        for _ in range(5):
            answers(fair)
        early.open(early.url.replace("/2/", "/1/"))
        early.send(**{str(fair.why.key): "More wind"})
        assert early.status == 200
        assert early.page.h1.text.strip() == "The fair itself"

    def test_the_same_key_ten_times_over_is_one_response(self, fair: SimpleNamespace):
        browser = answers(fair)
        first = browser.url.replace("/2/", "/1/")
        for _ in range(10):
            browser.open(first)
            browser.send(**{str(fair.why.key): "Wind"})
            assert browser.status == 200
        assert Response.objects.count() == 1

    def test_the_page_says_so_and_takes_a_code(self, fair: SimpleNamespace):
        for _ in range(3):
            answers(fair)
        browser = answers(fair)
        assert browser.status == 429
        assert browser.page.title.text.startswith("Error: ")
        assert "what you typed is still here" in browser.text
        assert browser.page.find(id=str(fair.why.key)).text.strip() == "Wind"
        browser.send(code="AA0000")
        assert browser.status == 429
        code = browser.page.find(id="code")
        assert code["value"] == "AA0000"
        assert "No session of this round has that code" in browser.page.find(id="code-err").text
        browser.send(code="kt-7194")
        assert browser.page.h1.text.strip() == "The fair itself"
        assert Response.objects.latest("pk").session == fair.sessions[0]
        assert Response.objects.latest("pk").answers.get().text == "Wind"

    def test_after_an_hour_it_may_again(self, fair: SimpleNamespace):
        for _ in range(3):
            answers(fair)
        Response.objects.update(begun_at=timezone.now() - timedelta(minutes=61))
        assert answers(fair).status == 200


def test_a_hall_with_a_code_is_never_limited(fair: SimpleNamespace):
    """350 people with 10% of second tries that begin anew, behind one address."""
    page = fair.form.schema.pages[0]
    came = throttling.throttle_key(request_from(VENUE), fair.sessions[0])
    for _ in range(385):
        submissions.save_page(fair.round, fair.form, new_client_key(), page, ParsedPage({}, {}, {}), throttle_key=came)
    assert Response.objects.filter(throttle_key=came).count() == 385
    assert throttling.MAX_PER_CODE >= 5 * 350


def test_a_script_and_a_hall_behind_one_address(fair: SimpleNamespace, monkeypatch: pytest.MonkeyPatch):
    """A script that sends and sends is stopped at the limit, and people in the hall go all the way meanwhile."""
    monkeypatch.setattr(throttling, "MAX_PER_NETWORK", 10)
    script, statuses = somebody().client, []
    page = {"form": "1", str(fair.why.key): "Buy kites"}
    for turn in range(100):
        address = f"{BEGIN}?k={new_client_key()}"
        statuses.append(script.post(address, page).status_code)
        if turn % 20 == 19:
            phone = answers(fair, code="KT7194")
            phone.send(**{str(fair.questions["yes_no"].key): "Yes"})
            phone.send()
            phone.send()
            assert phone.page.h1.text.strip() == "Your answers have arrived"
    assert statuses == [302] * 10 + [429] * 90
    assert Response.objects.filter(session=None).count() == 10
    assert Response.objects.filter(session=fair.sessions[0], state="submitted").count() == 5


def test_ten_thousand_from_one_script_leave_few(fair: SimpleNamespace):
    """Those that fit in are written at once here. Each of the rest is refused, leaves nothing, and costs no more than
    the one before it: so the ten thousandth is like these."""
    for session, most in ((None, throttling.MAX_PER_NETWORK), (fair.sessions[0], throttling.MAX_PER_CODE)):
        came = throttling.throttle_key(request_from(HOME), session)
        rows = [
            Response(round=fair.round, form=fair.form, client_key=f"{came[:20]}{n}", throttle_key=came)
            for n in range(most)
        ]
        Response.objects.bulk_create(rows)
        page, costs = fair.form.schema.pages[0], set()
        for _ in range(20):
            with CaptureQueriesContext(connection) as queries, pytest.raises(submissions.RateLimitedError):
                submissions.save_page(
                    fair.round, fair.form, new_client_key(), page, ParsedPage({}, {}, {}), throttle_key=came
                )
            costs.add(len(queries))
        assert len(costs) == 1
        assert Response.objects.filter(throttle_key=came).count() == most


def request_from(address: str) -> Any:
    return SimpleNamespace(META={"HTTP_X_CLIENT_ADDRESS": address})


def test_it_costs_one_query_and_only_with_the_first_page(fair: SimpleNamespace, settings: Any):
    def cost(browser: Browser) -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.client.post(browser.url, {"form": "1"})
        return len(queries)

    limited, free = somebody(), somebody()
    for browser in (limited, free):
        browser.open(BEGIN)
    first = cost(limited)
    again = cost(limited)
    settings.CLIENT_ADDRESS_HEADER = ""
    assert first == cost(free) + 1
    assert again == cost(free)


def test_where_the_network_is_not_known_nobody_is_limited(fair: SimpleNamespace, settings: Any, low: None):
    settings.CLIENT_ADDRESS_HEADER = ""
    assert [answers(fair).status for _ in range(7)] == [200] * 7
    assert not Response.objects.exclude(throttle_key="").exists()


def test_the_network_is_kept_as_a_hash_and_for_a_day(fair: SimpleNamespace):
    answers(fair)
    (kept,) = Response.objects.values_list("throttle_key", flat=True)
    assert kept.startswith("N")
    assert "192" not in kept or len(kept) == 24
    periodic_tasks.clear_networks()
    assert Response.objects.get().throttle_key == kept
    Response.objects.update(begun_at=timezone.now() - timedelta(hours=25))
    assert periodic_tasks.clear_networks() == "1 responses forgot their network."
    assert Response.objects.get().throttle_key == ""
