"""Reading and coding answers, as staff do it: the inbox, the page of a response, and what it refuses."""

from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse

from engagement.feedback.models import Coding, Redaction, Response
from engagement.feedback.privacy import withdrawals
from engagement.feedback.responses import submissions
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.parsing import AnswerData, ParsedPage
from engagement.feedback.responses.text_anchors import RedactedSpan, apply_redactions
from engagement.feedback.rounds.opening import CannotOpenError, open_round, opening_problems
from tests.feedback.staff import ANALYST, EDITOR, client_for, close_round, make_codes, make_staff, submit_response

pytestmark = pytest.mark.pg


@pytest.fixture
def officer(db: None) -> Client:
    client = client_for(user := make_staff())
    client.user = user
    return client


def inbox(fair: SimpleNamespace, client: Client, **query: object) -> list[str]:
    """The receipts in the list."""
    response = client.get(reverse("feedback_responses", args=[fair.round.pk]), query)
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    return [one.get_text() for one in page.select("td.title a, th.title a")]


def url(fair: SimpleNamespace, response: Response) -> str:
    return reverse("feedback_response", args=[fair.round.pk, response.pk])


def page_of(fair: SimpleNamespace, client: Client, response: Response) -> Tag:
    answer = client.get(url(fair, response))
    assert answer.status_code == 200
    main = BeautifulSoup(answer.content, "html.parser").main
    assert main is not None
    return main


class TestInbox:
    def test_it_is_narrowed_and_searched(self, fair: SimpleNamespace, officer: Client):
        wind = submit_response(fair, "More wind", stance="oppose", sector="Kite making", capacity="self")
        rain = submit_response(fair, comment="Less rain")
        bare = submit_response(fair)
        code = make_codes(fair, "Weather")[0]
        close_round(fair)
        Coding.objects.create(response=wind, anchor=str(fair.why.key), start=0, end=4, code=code, by=officer.user)
        key = fair.propositions[0].pk
        everything = [str(wind), str(rain), str(bare)]
        assert inbox(fair, officer) == everything
        for query, shown in [
            ({"q": "wind"}, [wind]),
            ({"q": "LESS rain"}, [rain]),
            ({"q": "wind rain"}, []),
            ({"proposition": key, "stance": "oppose"}, [wind]),
            ({"stance": "support"}, [rain, bare]),
            ({"words": "yes"}, [wind, rain]),
            ({"words": "no"}, [bare]),
            ({"sector": "Kite making"}, [wind]),
            ({"sector": "-"}, [rain, bare]),
            ({"capacity": "self"}, [wind]),
            ({"code": code.pk}, [wind]),
            ({"coded": "by-nobody"}, [wind, rain, bare]),
            ({"coded": "by-me"}, []),
            ({"reference": str(rain)[:4].lower()}, [rain]),
            ({"reference": str(rain).replace("-", "").lower()}, [rain]),
            ({"reference": f" {str(rain).replace('-', ' - ')} "}, [rain]),
            ({"reference": str(rain)[2:7]}, [rain]),
            ({"reference": str(rain).replace("0", "o").replace("1", "l")}, [rain]),
            ({"mode": "table"}, []),
            ({"state": "withdrawn"}, []),
        ]:
            assert inbox(fair, officer, **query) == [str(one) for one in shown], query
        # A filter that there isn't is none.
        assert inbox(fair, officer, state="saved", stance="x", page="x") == everything

    def test_what_was_never_sent_is_nobodys_to_read(self, fair: SimpleNamespace, officer: Client):
        read = ParsedPage({str(fair.why.key): AnswerData("Begun")}, {}, {})
        saved = submissions.save_page(fair.round, fair.form, new_client_key(), fair.form.schema.pages[0], read)
        assert inbox(fair, officer) == []
        assert officer.get(url(fair, saved)).status_code == 404

    def test_who_answered_is_no_filter_for_those_who_may_not_see_it(self, fair: SimpleNamespace):
        submit_response(fair, "Wind", sector="Kite making", capacity="self")
        submit_response(fair, "Rain")
        analyst = client_for(make_staff(ANALYST))
        assert len(inbox(fair, analyst, sector="Kite making", capacity="self")) == 2
        text = analyst.get(reverse("feedback_responses", args=[fair.round.pk])).content.decode()
        assert "Kite making" not in text

    def test_it_costs_the_same_however_many_there_are(
        self, fair: SimpleNamespace, officer: Client, django_assert_num_queries
    ):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        submit_response(fair, "Wind", comment="More of it", sector="Kite making")
        inbox(fair, officer)
        with CaptureQueriesContext(
            connection,
        ) as one:
            inbox(fair, officer, q="wind")
        for number in range(20):
            submit_response(fair, f"Wind {number}", comment="More of it", sector="Kite making")
        with django_assert_num_queries(len(one)):
            inbox(fair, officer, q="wind")

    def test_pages_of_the_list(self, fair: SimpleNamespace, officer: Client, monkeypatch):
        monkeypatch.setattr("engagement.feedback.admin.responses.PER_PAGE", 2)
        sent = [submit_response(fair, f"Wind {number}") for number in range(5)]
        assert inbox(fair, officer, page=3, q="wind") == [str(sent[4])]
        html = officer.get(
            reverse("feedback_responses", args=[fair.round.pk]), {"q": "wind", "page": 2}
        ).content.decode()
        assert "?q=wind&amp;page=3" in html
        assert "?q=wind&amp;page=1" in html


class TestResponse:
    def test_it_shows_everything_by_question(self, fair: SimpleNamespace, officer: Client):
        one = submit_response(fair, "More\nwind", comment="Less rain", name="Ada Example", address="ada@example.org")
        main = page_of(fair, officer, one)
        assert [said.get_text() for said in main.select(".said")] == ["Less rain", "More\nwind"]
        text = main.get_text(" ")
        for words in ("Kites", "P1 Kite hub", "Support", "version 1", "What is missing?", "Ada Example", str(one)):
            assert words in text

    def test_personal_details_are_for_those_who_may_see_them(self, fair: SimpleNamespace):
        one = submit_response(fair, "Wind", name="Ada Example", address="ada@example.org", organisation="Kites Ltd")
        analyst = client_for(make_staff(ANALYST))
        text = page_of(fair, analyst, one).get_text()
        for words in ("Ada Example", "ada@example.org", "Kites Ltd"):
            assert words not in text

    @pytest.mark.parametrize(
        "name", ["feedback_responses", "feedback_code_frame", "feedback_coding", "feedback_agreement"]
    )
    def test_others_are_not_let_in(self, fair: SimpleNamespace, name: str):
        editor = client_for(make_staff(EDITOR))
        assert editor.get(reverse(name, args=[fair.round.pk])).url == reverse("wagtailadmin_home")

    def test_of_another_round_it_is_not_found(self, fair: SimpleNamespace, officer: Client):
        one = submit_response(fair, "Wind")
        assert officer.get(reverse("feedback_response", args=[fair.round.pk + 1, one.pk])).status_code == 404

    def test_from_one_to_the_next_in_the_list(self, fair: SimpleNamespace, officer: Client):
        first, _, third = (
            submit_response(fair, "Wind"),
            submit_response(fair, "Rain"),
            submit_response(fair, "Wind again"),
        )
        main = BeautifulSoup(officer.get(url(fair, first), {"q": "wind"}).content, "html.parser").main
        assert main is not None
        assert main.select_one("a[rel=next]")["href"] == f"{url(fair, third)}?q=wind"
        assert main.select_one("a[rel=prev]") is None


class TestCoding:
    def test_words_are_found_however_their_lines_are_broken(self, fair: SimpleNamespace, officer: Client):
        one = submit_response(fair, "We need\nmore   wind here, says Ada.")
        code = make_codes(fair, "Weather")[0]
        close_round(fair)
        said = {"do": "code", "anchor": str(fair.why.key), "words": "need more\r\nwind", "codes": [code.pk]}
        officer.post(url(fair, one), said)
        (coding,) = one.codings.all()
        assert (coding.start, coding.end, coding.by) == (3, 19, officer.user)
        main = page_of(fair, officer, one)
        assert main.select_one("mark").get_text() == "need\nmore   wind"
        # Once is enough.
        officer.post(url(fair, one), said)
        assert one.codings.count() == 1
        officer.post(url(fair, one), {"do": "uncode", "span": coding.pk})
        assert one.codings.count() == 0
        assert [event.action for event in one.events.all()] == ["coded", "code taken away"]

    def test_no_words_are_the_whole_answer(self, fair: SimpleNamespace, officer: Client):
        one = submit_response(fair, comment="More wind")
        code, other = make_codes(fair, "Weather", "More")
        close_round(fair)
        place = f"p{fair.propositions[0].pk}-comment"
        officer.post(url(fair, one), {"do": "code", "anchor": place, "words": "", "codes": [code.pk, other.pk]})
        assert {(coding.start, coding.end) for coding in one.codings.all()} == {(0, 9)}
        assert one.codings.count() == 2

    def test_what_a_script_chose_counts_only_while_it_is_what_stands_in_the_box(
        self, fair: SimpleNamespace, officer: Client
    ):
        one = submit_response(fair, "wind 🪁 wind")
        code = make_codes(fair, "Weather")[0]
        close_round(fair)
        said = {"do": "code", "anchor": str(fair.why.key), "words": "wind", "codes": [code.pk]}
        page = officer.post(url(fair, one), said)
        assert page.status_code == 422
        assert "These words stand there 2 times" in page.content.decode()
        officer.post(url(fair, one), said | {"start": 7, "end": 11})
        assert [(coding.start, coding.end) for coding in one.codings.all()] == [(7, 11)]
        assert officer.post(url(fair, one), said | {"start": 6, "end": 10}).status_code == 422

    @pytest.mark.parametrize(
        ("said", "message"),
        [
            ({"words": "snow"}, "These words don’t stand in that answer"),
            ({"codes": []}, "Choose a code"),
            ({"anchor": "elsewhere"}, "isn’t there any more: choose again"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, fair: SimpleNamespace, officer: Client, said: dict[str, object], message: str
    ):
        one = submit_response(fair, "More wind")
        code = make_codes(fair, "Weather")[0]
        close_round(fair)
        right = {"do": "code", "anchor": str(fair.why.key), "words": "More wi", "codes": [code.pk]}
        response = officer.post(url(fair, one), right | said)
        assert response.status_code == 422
        page = BeautifulSoup(response.content, "html.parser")
        assert page.title.get_text().strip().startswith("Error: ")
        problem = page.select_one("#problem")
        assert message in problem.get_text()
        target = problem.a["href"].removeprefix("#")
        assert page.find(id=target) is not None
        assert page.find("textarea", id="id_words").get_text().strip() == (said.get("words") or "More wi")
        assert not one.codings.exists()

    def test_nothing_is_coded_while_it_can_change(self, fair: SimpleNamespace, officer: Client):
        one = submit_response(fair, "More wind")
        code = make_codes(fair, "Weather")[0]
        said = {"do": "code", "anchor": str(fair.why.key), "words": "wind", "codes": [code.pk], "reason": "abusive"}
        for do in ("code", "redact", "done"):
            page = officer.post(url(fair, one), said | {"do": do}, follow=True)
            assert "The round isn’t closed" in page.content.decode()
        assert not one.codings.exists()
        assert not one.redactions.exists()
        assert not one.completed_codings.exists()

    def test_a_round_with_codes_is_opened_no_more(self, fair: SimpleNamespace, officer: Client):
        one = submit_response(fair, "More wind")
        code = make_codes(fair, "Weather")[0]
        closed = close_round(fair)
        assert opening_problems(closed) == []
        Coding.objects.create(response=one, anchor=str(fair.why.key), start=0, end=4, code=code, by=officer.user)
        with pytest.raises(CannotOpenError, match="being coded"):
            open_round(closed)
        page = officer.get(reverse("feedback_dashboard", args=[closed.pk])).content.decode()
        assert "Its answers are being coded" in page

    def test_what_is_withdrawn_is_gone_with_all_its_marks(self, fair: SimpleNamespace, officer: Client):
        one = submit_response(fair, "More wind", name="Ada Example")
        code = make_codes(fair, "Weather")[0]
        close_round(fair)
        place = {"anchor": str(fair.why.key), "words": "wind"}
        officer.post(url(fair, one), {"do": "code", "codes": [code.pk]} | place)
        officer.post(url(fair, one), {"do": "redact", "reason": "personal"} | place)
        officer.post(url(fair, one), {"do": "done"})
        withdrawals.withdraw(one)
        text = page_of(fair, officer, one).get_text()
        assert "wind" not in text
        assert "Ada" not in text
        assert "deleted when the response was withdrawn" in text
        assert inbox(fair, officer) == []
        assert inbox(fair, officer, state="withdrawn") == [str(one)]
        for do in ("code", "redact", "done"):
            said = {"do": do, "codes": [code.pk], "reason": "abusive"} | place
            assert officer.post(url(fair, one), said).status_code in (302, 422)
        assert not Coding.objects.exists()
        assert not Redaction.objects.exists()

    def test_a_redaction_hides_the_words_everywhere_in_that_answer(self, fair: SimpleNamespace, officer: Client):
        one = submit_response(fair, "Ada says: ask Ada.")
        close_round(fair)
        said = {"do": "redact", "anchor": str(fair.why.key), "words": "Ada"}
        page = officer.post(url(fair, one), said)
        assert page.status_code == 422
        assert "Choose why the words are blacked out" in page.content.decode()
        officer.post(url(fair, one), said | {"reason": "personal"})
        assert [(hidden.start, hidden.end) for hidden in one.redactions.all()] == [(0, 3), (14, 17)]
        main = page_of(fair, officer, one)
        assert [hidden.get_text() for hidden in main.select("del")] == ["Ada", "Ada"]
        assert "Blacked out: Says who somebody is, in 2 places" in main.get_text()
        officer.post(url(fair, one), {"do": "reveal", "span": one.redactions.first().pk})
        assert one.redactions.count() == 1

    def test_a_redaction_heeds_no_case_and_names_other_answers_with_the_words(
        self, fair: SimpleNamespace, officer: Client
    ):
        words = "Ada Example, ADA EXAMPLE and ada\nexample; the adamant in Canada."
        one, two = submit_response(fair, words, comment="Ask Ada Example."), submit_response(fair, "Ada and ADA")
        close_round(fair)
        said = {"do": "redact", "anchor": str(fair.why.key), "words": "Ada Example", "reason": "personal"}
        page = officer.post(url(fair, one), said, follow=True).content.decode()
        assert "Blacked out in 3 places." in page
        shown = apply_redactions(
            one.answers.get().text, [RedactedSpan(mark.start, mark.end) for mark in one.redactions.all()]
        )
        assert shown == "[…], […] and […]; the adamant in Canada."
        place = f"p{fair.propositions[0].pk}-comment"
        assert "The same words still stand in the answer to “P1: " in page
        page = officer.post(url(fair, one), said | {"anchor": place}, follow=True).content.decode()
        assert "still stand" not in page
        # Where a script saw which of them were chosen, only those are blacked out; so the others are named.
        said |= {"words": "Ada", "start": 0, "end": 3}
        page = officer.post(url(fair, two), said, follow=True).content.decode()
        assert [(mark.start, mark.end) for mark in two.redactions.all()] == [(0, 3)]
        assert f"still stand in the answer to “{fair.why.text}”" in page

    def test_what_was_typed_is_text_and_nothing_else(self, fair: SimpleNamespace, officer: Client):
        payload = '"><img src=x onerror=run()>'
        one = submit_response(fair, payload, comment=payload, name=payload, organisation=payload)
        code = make_codes(fair, payload)[0]
        close_round(fair)
        said = {"do": "code", "anchor": str(fair.why.key), "words": payload, "codes": [code.pk]}
        officer.post(url(fair, one), said)
        assert one.codings.count() == 1
        for page in (
            officer.get(url(fair, one)),
            officer.get(reverse("feedback_code_frame", args=[fair.round.pk])),
            officer.get(reverse("feedback_responses", args=[fair.round.pk]), {"q": payload}),
        ):
            assert "<img src=x" not in page.content.decode()
