"""What goes wrong while people answer: each gets a clear page, with what was typed still there."""

from io import BytesIO
from types import SimpleNamespace

import pytest
from django.conf import settings

from engagement.feedback.models import Answer, FeedbackRound, PropositionResponse, Response
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.rounds.opening import close, freeze_form
from nelis.core.wsgi import CompleteBody
from tests.feedback.form_browser import Browser

BEGIN = "/feedback/kite-fair/answer/1/"


@pytest.fixture
def browser() -> Browser:
    return Browser()


def typed(fair: SimpleNamespace, words: str = "Wind") -> dict[str, str]:
    return {f"p{fair.propositions[0].pk}": "support", str(fair.why.key): words}


def still_there(browser: Browser, fair: SimpleNamespace, words: str = "Wind") -> bool:
    area = browser.page.find(id=str(fair.why.key))
    chosen = browser.page.find("input", checked=True, value="support")
    return chosen is not None and area.text.removeprefix("\n") == words


class TestCodes:
    @pytest.mark.parametrize("code", ["KT7195", "K T 7 1", "XX", "0" * 200, "ＫＴ７１９４0"])
    def test_one_that_nobody_has(self, browser: Browser, fair: SimpleNamespace, code: str):
        browser.open("/join/")
        browser.send(code=code)
        assert browser.status == 404
        assert "No session has that code" in browser.text
        assert browser.page.find(id="code")["value"] == code[:40]

    def test_one_of_a_round_that_is_over(self, browser: Browser, fair: SimpleNamespace):
        close(fair.round)
        browser.open("/join/KT7194/")
        assert browser.status == 410
        assert "takes no answers now" in browser.text

    def test_one_of_a_round_that_is_being_built(self, browser: Browser, fair: SimpleNamespace):
        FeedbackRound.objects.update(state="draft")
        browser.open("/join/KT7194/")
        assert browser.status == 404

    def test_one_of_another_round_in_the_address_counts_for_nothing(self, browser: Browser, fair: SimpleNamespace):
        browser.open(f"{BEGIN}?code=AA2222")
        browser.send(**typed(fair))
        assert Response.objects.get().session is None

    def test_a_wrong_code_to_come_back_with(self, browser: Browser, fair: SimpleNamespace):
        browser.open("/feedback/kite-fair/return/")
        browser.send(code="K7QM-4T2X-0000")
        assert browser.status == 422
        assert browser.page.find(id="code")["value"] == "K7QM-4T2X-0000"


class TestForms:
    def test_a_page_that_is_gone_from_the_form(self, browser: Browser, fair: SimpleNamespace):
        browser.open(BEGIN.replace("/1/", "/2/"))
        fair.sessions[1].delete()
        freeze_form(FeedbackRound.objects.get(pk=fair.round.pk))
        browser.send(**{str(fair.questions["yes_no"].key): "Yes", str(fair.questions["long"].key): "Tails"})
        assert browser.status == 200
        assert browser.page.h1.text.strip() == "About you"
        assert Answer.objects.filter(text="Tails").count() == 1

    @pytest.mark.parametrize("number", ["", "0", "99", "9" * 30, "9" * 5000, "-1", "1.0", "one", "²", "\x00"])
    def test_a_version_that_never_was(self, browser: Browser, fair: SimpleNamespace, number: str):
        browser.open(BEGIN)
        browser.send(**typed(fair), form=number)
        assert browser.status == 422
        assert still_there(browser, fair)
        assert not Response.objects.exists()
        browser.send()
        assert Answer.objects.get().text == "Wind"


class TestWords:
    @pytest.mark.parametrize("length", [101, 5_000, 1_000_000])
    def test_too_many(self, browser: Browser, fair: SimpleNamespace, length: int):
        browser.open(BEGIN)
        browser.send(**typed(fair, "w" * length))
        assert browser.status == 422
        assert still_there(browser, fair, "w" * length)
        assert "too long" in browser.page.find(id=f"{fair.why.key}-err").text

    def test_more_than_any_request_may_hold(self, browser: Browser, fair: SimpleNamespace):
        browser.open(BEGIN)
        response = browser.client.post(browser.url, typed(fair, "w" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE))
        assert response.status_code == 413
        assert "too much to send at once" in response.content.decode()
        assert not Response.objects.exists()

    def test_what_nobody_can_see_is_taken_out(self, browser: Browser, fair: SimpleNamespace):
        browser.open(BEGIN)
        browser.send(**typed(fair, "Wi\x00nd\x07 and\u202e rain\u200b\r\nnext \u2066line\ufeff"))
        assert Answer.objects.get().text == "Wind and rain\nnext line"

    @pytest.mark.parametrize(
        "words",
        [
            "🪁 \U0001fae8 \U0001fa77",  # newer than the tables of some Pythons
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f for Exampleshire",
            "👩\u200d🔧 می\u200cخواهم",
            "\u0600١٢٣ ريح أكثر!",
            "e\u0301 ❤\ufe0f 𠮷 葛\U000e0100",
        ],
    )
    def test_what_people_can_see_stays(self, browser: Browser, fair: SimpleNamespace, words: str):
        browser.open(BEGIN)
        first = browser.url
        browser.send(**typed(fair, words))
        assert Answer.objects.get().text == words
        browser.open(first)
        area = browser.page.find(id=str(fair.why.key))
        assert area.text.removeprefix("\n") == words
        # Written from right to left where it begins so.
        assert area["dir"] == "auto"

    def test_names_too_are_kept_without_what_nobody_sees(self, browser: Browser, fair: SimpleNamespace):
        browser.open(BEGIN)
        browser.send(**typed(fair))
        browser.send(**{str(fair.questions["yes_no"].key): "Yes"})
        browser.send(name="Ada\x00\u202e of\r\n Exampleshire\u200b", area="\x00")
        said = Response.objects.get().respondent
        assert (said.name, said.area) == ("Ada of Exampleshire", "")

    @pytest.mark.parametrize("field", ["capacity", "sector", "address"])
    def test_what_was_not_offered_is_said_beside_it(self, browser: Browser, fair: SimpleNamespace, field: str):
        browser.open(BEGIN)
        browser.send(**typed(fair))
        browser.send(**{str(fair.questions["yes_no"].key): "Yes"})
        browser.send(**{field: "\x00é"})
        assert browser.status == 422
        assert browser.page.find(id=f"id_{field}_error")

    def test_markup_is_words(self, browser: Browser, fair: SimpleNamespace):
        browser.open(BEGIN)
        first = browser.url
        browser.send(**typed(fair, "</textarea><script>alert(1)</script>"))
        browser.open(first)
        assert browser.page.find(id=str(fair.why.key)).text.strip() == "</textarea><script>alert(1)</script>"
        assert browser.page.main.find("script") is None

    def test_choices_that_were_not_offered(self, browser: Browser, fair: SimpleNamespace):
        browser.open(BEGIN)
        browser.send(**{f"p{fair.propositions[0].pk}": "adore"})
        assert browser.status == 422
        assert not PropositionResponse.objects.exists()

    def test_half_a_page_deletes_nothing(self, browser: Browser, fair: SimpleNamespace):
        """A connection that breaks in the middle of a form must not look like a form with the rest left empty."""
        browser.open(BEGIN)
        first = browser.url
        browser.send(**typed(fair))
        half = f"form=1&p{fair.propositions[0].pk}=support".encode()
        raw = {"wsgi.input": CompleteBody(BytesIO(half), 200), "CONTENT_LENGTH": "200"}
        response = browser.client.post(first, half, content_type="application/x-www-form-urlencoded", **raw)
        assert response.status_code == 400
        assert Answer.objects.get().text == "Wind"


class TestKeys:
    @pytest.mark.parametrize("key", ["x", "A" * 32, "", "é", "\x00", "A" * 5000])
    def test_a_damaged_one_keeps_what_was_typed(self, browser: Browser, fair: SimpleNamespace, key: str):
        browser.open(BEGIN)
        response = browser.client.post(f"{BEGIN}?k={key}", browser.form() | typed(fair))
        browser.took(response, BEGIN)
        assert browser.status == 422
        assert "The address of this page was damaged" in browser.text
        assert still_there(browser, fair)
        assert not Response.objects.exists()
        browser.send()
        assert Answer.objects.get().text == "Wind"

    def test_none_at_all_keeps_what_was_typed(self, browser: Browser, fair: SimpleNamespace):
        browser.open(BEGIN)
        browser.took(browser.client.post(BEGIN, browser.form() | typed(fair)), BEGIN)
        assert still_there(browser, fair)

    def test_one_letter_changed_opens_nobody_elses_answers(self, browser: Browser, fair: SimpleNamespace):
        browser.open(BEGIN)
        first = browser.url
        browser.send(**typed(fair))
        changed = first[:-1] + ("A" if first[-1] != "A" else "B")
        assert browser.client.get(changed).status_code == 404
        browser.took(browser.client.post(changed, {"form": "1", str(fair.why.key): "Mine"}), changed)
        assert Answer.objects.get().text == "Wind"

    def test_one_of_another_round_changes_nothing_there(self, browser: Browser, fair: SimpleNamespace):
        other = FeedbackRound.objects.create(title="O", slug="other", intro="x", privacy_text="x", state="open")
        elsewhere = fair.form.__class__.objects.create(
            round=other, number=1, content=fair.form.content, content_hash="x"
        )
        browser.open(BEGIN)
        browser.send(**typed(fair))
        key = Response.objects.get().client_key
        for path in ("answer/1/", "check/"):
            assert browser.client.get(f"/feedback/other/{path}?k={key}").status_code == 404
        url = f"/feedback/other/answer/1/?k={key}"
        browser.took(browser.client.post(url, {"form": elsewhere.number, **typed(fair, "Theirs")}), url)
        assert "The address of this page was damaged" in browser.text
        assert Answer.objects.get().text == "Wind"
        browser.send()
        assert set(Response.objects.values_list("round__slug", flat=True)) == {"kite-fair", "other"}

    def test_one_that_was_replayed_after_the_receipt_gives_the_same_receipt(
        self, browser: Browser, fair: SimpleNamespace
    ):
        browser.open(BEGIN)
        first, page = browser.url, browser.form() | typed(fair)
        browser.send(**typed(fair))
        browser.send(**{str(fair.questions["yes_no"].key): "Yes"})
        browser.send()
        check = browser.url
        browser.send()
        reference = Response.objects.get().reference
        for _ in range(3):
            browser.client.post(first, page)
            again = browser.client.post(check, follow=True)
            assert reference in again.content.decode()
        assert Response.objects.count() == 1

    def test_a_key_that_was_minted_and_never_used_has_no_receipt(self, browser: Browser, fair: SimpleNamespace):
        key = new_client_key()
        assert browser.client.get(f"/feedback/kite-fair/receipt/?k={key}").status_code == 404
        response = browser.client.post(f"/feedback/kite-fair/check/?k={key}")
        assert response.status_code == 410


@pytest.mark.parametrize("step", [0, 3, 99999])
def test_a_page_that_the_form_does_not_have(browser: Browser, fair: SimpleNamespace, step: int):
    browser.open(f"/feedback/kite-fair/answer/{step}/")
    assert browser.status == 404
