"""What nobody types into a page of the desk, and a browser can be made to send, is refused and breaks nothing."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from engagement.feedback.models import Code, Coding, FeedbackRound, RoundEvent
from engagement.feedback.privacy import withdrawals
from tests.feedback.staff import client_for, close_round, make_codes, make_staff, submit_response

LONG = "9" * 5000
NUMBERS = [
    "x",
    "9" * 30,
    *(pytest.param(number, marks=pytest.mark.slow) for number in ("", "0", "-1", "٣", LONG, "\x00")),
]
WORDS = ["\x00", "a\x00b", "x" * 5000]


@pytest.fixture
def officer(db: None) -> Client:
    return client_for(make_staff())


def url(fair: SimpleNamespace, name: str, *more: Any) -> str:
    return reverse(name, args=[fair.round.pk, *more])


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers(officer: Client, fair: SimpleNamespace, number: str):
    response = submit_response(fair, "There is no wind.")
    session = fair.round.sessions.first()
    wind, _ = make_codes(fair, "Wind", "Rain")
    close_round(fair)
    before = RoundEvent.objects.count()
    page = url(fair, "feedback_response", response.pk)
    sent = [
        (url(fair, "feedback_code", wind.pk), {"do": "merge", "into": number}),
        (url(fair, "feedback_code", wind.pk), {"name": "W", "parent": number or "x", "sort_order": "0"}),
        (page, {"do": "uncode", "span": number}),
        (page, {"do": "reveal", "span": number}),
        (page, {"do": "code", "anchor": str(fair.why.key), "codes": number}),
        (page, {"do": "redact", "anchor": str(fair.why.key), "words": "", "start": number}),
        (url(fair, "feedback_agreement"), {"response": number, "code": number}),
        (url(fair, "feedback_duplicates"), {"response": number, "first": number}),
        (url(fair, "feedback_exports"), {"do": "clear", "export": number}),
        (url(fair, "feedback_wall_action", session.pk), {"do": "approve", "response": number, "anchor": "x"}),
        (url(fair, "feedback_report_action"), {"do": "delete", "number": number}),
        (url(fair, "feedback_quotations"), {"span": number}),
        (url(fair, "feedback_theme_add"), {"title": "x", "summary": "x", "codes": number or "x", "sort_order": "0"}),
    ]
    for address, data in sent:
        assert officer.post(address, data).status_code < 500, (address, data)
    assert RoundEvent.objects.count() == before
    officer.post(url(fair, "feedback_wall_action", session.pk), {"do": "take_off", "approval": number})
    for name in ("responses", "duplicates", "audit_log", "quotations", "agreement"):
        for key in ("page", "p", "code", "pair", "action", "state", "session", "proposition"):
            assert officer.get(url(fair, f"feedback_{name}"), {key: number}).status_code < 500, (name, key)


@pytest.mark.parametrize("words", WORDS)
def test_words(officer: Client, fair: SimpleNamespace, words: str):
    response = submit_response(fair, "There is no wind.")
    session = fair.round.sessions.first()
    wind, _ = make_codes(fair, "Wind", "Rain")
    close_round(fair)
    page = url(fair, "feedback_response", response.pk)
    place = str(fair.why.key)
    officer.post(page, {"do": "done"})
    sent = [
        (page, {"do": "mark", "reference": words}),
        (page, {"do": "move", "to": words, "reason": words}),
        (page, {"do": "move", "to": "withheld", "reason": words}),
        (page, {"do": "code", "anchor": words, "words": words, "codes": wind.pk}),
        (page, {"do": "redact", "anchor": place, "words": words, "reason": words}),
        (url(fair, "feedback_code_frame"), {"name": words, "description": words}),
        (url(fair, "feedback_exports"), {"shape": words, "format": words, "personal": "on", "reason": words}),
        (url(fair, "feedback_exports"), {"shape": "answers", "format": "csv", "personal": "on", "reason": words}),
        (url(fair, "feedback_wall_action", session.pk), {"do": "put", "question": words}),
        (
            url(fair, "feedback_wall_action", session.pk),
            {"do": "approve", "response": response.pk, "anchor": words, "digest": words},
        ),
        (url(fair, "feedback_paper_form_add"), {"provenance": words, "k": words, "form": words, f"q-{place}": words}),
        (url(fair, "feedback_theme_add"), {"title": words, "summary": words, "sort_order": "0"}),
        (
            url(fair, "feedback_official_response_add"),
            {"you_said": words, "reason": words, "decision": words, "seen": words},
        ),
        (url(fair, "feedback_report_action"), {"do": "publish", "seen": words}),
        (url(fair, "feedback_report_action"), {"do": "take_back", "why": words}),
    ]
    for address, data in sent:
        answer = officer.post(address, data)
        if answer.streaming:
            b"".join(answer.streaming_content)
        assert answer.status_code < 500, (address, data)
    fields = ("q", "reference", "state", "session", "proposition", "stance", "code", "sector", "area", "action", "pair")
    for name in ("responses", "duplicates", "audit_log", "quotations", "agreement"):
        for key in fields:
            assert officer.get(url(fair, f"feedback_{name}"), {key: words}).status_code < 500, (name, key)


def test_taking_a_report_back_for_a_reason_that_cannot_be_kept(officer: Client, fair: SimpleNamespace):
    FeedbackRound.objects.filter(pk=fair.round.pk).update(state="reported")
    for words in WORDS:
        answer = officer.post(url(fair, "feedback_report_action"), {"do": "take_back", "why": words})
        assert answer.status_code < 500


def test_what_belongs_to_another_round(officer: Client, fair: SimpleNamespace):
    mine = submit_response(fair, "There is no wind.")
    close_round(fair)
    other = FeedbackRound.objects.create(title="Another", slug="another", intro="x", privacy_text="x", state="closed")
    theirs = Code.objects.create(round=other, name="Theirs")
    theme = other.themes.create(title="Theirs", summary="x")
    page = url(fair, "feedback_response", mine.pk)
    place = str(fair.why.key)
    assert officer.post(page, {"do": "code", "anchor": place, "codes": theirs.pk}).status_code == 422
    assert officer.get(url(fair, "feedback_theme", theme.pk)).status_code == 404
    assert officer.get(url(fair, "feedback_code", theirs.pk)).status_code == 404
    assert officer.get(reverse("feedback_response", args=[other.pk, mine.pk])).status_code == 404
    act = {"do": "delete", "what": "theme", "number": theme.pk}
    assert officer.post(url(fair, "feedback_report_action"), act).status_code == 404
    sent = {"response": mine.pk, "code": theirs.pk, "applies": "yes"}
    assert officer.post(url(fair, "feedback_agreement"), sent).status_code == 404
    assert not Coding.objects.exists()


@pytest.mark.parametrize("do", ["code", "redact"])
def test_words_that_were_withdrawn_while_somebody_read_them(officer: Client, fair: SimpleNamespace, do: str):
    mine = submit_response(fair, "There is no wind.")
    (wind,) = make_codes(fair, "Wind")
    close_round(fair)
    withdrawals.withdraw(mine)
    sent = {"do": do, "anchor": str(fair.why.key), "words": "no wind", "codes": wind.pk, "reason": "personal"}
    page = officer.post(url(fair, "feedback_response", mine.pk), sent, follow=True).content.decode()
    assert "This response was withdrawn." in page
    assert "Select a valid choice" not in page


def test_a_code_that_was_merged_while_somebody_coded_with_it(officer: Client, fair: SimpleNamespace):
    mine = submit_response(fair, "There is no wind.")
    wind, rain = make_codes(fair, "Wind", "Rain")
    close_round(fair)
    officer.post(url(fair, "feedback_code", wind.pk), {"do": "merge", "into": rain.pk})
    sent = {"do": "code", "anchor": str(fair.why.key), "words": "no wind", "codes": wind.pk}
    answer = officer.post(url(fair, "feedback_response", mine.pk), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "no wind</textarea>" in page
    assert "isn’t there any more" in page


def test_every_page_of_a_round_without_an_answer_and_without_a_form(officer: Client, db: None):
    empty = FeedbackRound.objects.create(title="Empty", slug="empty", intro="x", privacy_text="x", state="closed")
    names = (
        *(
            "dashboard",
            "responses",
            "statistics",
            "code_frame",
            "coding",
            "agreement",
            "duplicates",
            "representation",
            "exports",
        ),
        *(
            "audit_log",
            "report",
            "report_preview",
            "quotations",
            "theme_add",
            "official_response_add",
            "posters",
            "posters_print",
        ),
        *("paper_forms",),
    )
    for name in names:
        assert officer.get(reverse(f"feedback_{name}", args=[empty.pk])).status_code == 200, name
    for shape in ("answers", "responses"):
        for kind in ("csv", "json", "xlsx"):
            answer = officer.post(reverse("feedback_exports", args=[empty.pk]), {"shape": shape, "format": kind})
            assert answer.status_code == 200
            b"".join(answer.streaming_content)
