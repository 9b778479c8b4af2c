"""The account that the tests of a room rest on: what the phones were told, beside what the database has."""

import asyncio
from types import SimpleNamespace

import pytest

from bench.load import too_slow
from engagement.feedback.responses import submissions
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.parsing import COMMENT_PARTS, AnswerData, ParsedPage, StanceData
from tools.load_test.phones import Acknowledged, Phone, PhoneResult, Room, Wifi
from tools.load_test.reconcile import reconcile


def test_the_account_notices_what_is_lost(fair: SimpleNamespace):
    key, why = new_client_key(), str(fair.why.key)
    form = fair.form.form.pages[0]
    rated = form.rated[0].key
    read = ParsedPage({why: AnswerData("Wind")}, {rated: StanceData("support", dict.fromkeys(COMMENT_PARTS, ""))}, {})
    submissions.save_page(fair.round, fair.form, key, form, read)
    reference = str(submissions.submit(fair.round, key).reference)

    def phone(*acknowledged: Acknowledged, says: str = reference) -> PhoneResult:
        return PhoneResult(1, "Wind", reference=says, acknowledged=list(acknowledged))

    whole = Acknowledged(key, "answer", (("form", "1"), (why, "Wind"), (rated, "support")))
    assert reconcile([phone(whole)]).faults == []
    lost = [
        [phone(Acknowledged(key, "answer", ((why, "Rain"),)))],
        [phone(Acknowledged(key, "answer", ((rated, "oppose"),)))],
        [phone(Acknowledged(new_client_key(), "answer", ()))],
        [phone(Acknowledged(key, "about-you", (("organisation", "Kites"),)))],
        [phone(whole, says="0000-0000")],
        [phone(whole), phone(whole)],
    ]
    assert [bool(reconcile(phones).faults) for phones in lost] == [True] * len(lost)


@pytest.mark.once
def test_a_request_that_nobody_waited_for_any_longer_counts(monkeypatch):
    """Left out, the slowest of all requests would make a room look quick."""
    phone = Phone(Room("http://127.0.0.1:1", "KT7194", 1, Wifi()), 0)
    answers = iter([TimeoutError(), ConnectionResetError(), (200, {}, "Here")])

    async def once(*_: object) -> tuple[int, dict[str, str], str]:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(phone, "once", once)
    assert asyncio.run(phone.insist("GET", "/", b"")) == (200, {}, "Here")
    # One that was refused at once is asked again, and what that takes counts by itself.
    assert (len(phone.outcome.waits), phone.outcome.broken) == (2, 2)


@pytest.mark.once
def test_a_room_is_too_slow_by_its_pages_its_last_receipt_or_a_missing_one():
    def phones(*, wait: float = 0.4, last: float = 24.0, without: int = 0) -> list[PhoneResult]:
        made = [PhoneResult(number, "", reference="R", waits=[0.1] * 10, finished=20.0) for number in range(100)]
        for one in made[:10]:
            one.waits = [wait] * 10
        for one in made[:without]:
            one.reference = ""
        made[0].finished = last
        return made

    assert too_slow(phones()) == []
    for outcomes, said in (
        (phones(wait=1.2), "1 in 20 requests took 1.2 s"),
        (phones(last=30.4), "last receipt came after 30.4 s"),
        (phones(without=2), "2 phones got no receipt"),
    ):
        (found,) = too_slow(outcomes)
        assert said in found
