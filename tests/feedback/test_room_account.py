"""The account that the tests of a room rest on: what the phones were told, beside what the database has."""

from types import SimpleNamespace

from engagement.feedback import answering
from engagement.feedback.keys import new_client_key
from engagement.feedback.reading import PARTS, Given, Read, Stance
from tools.phones import Acknowledged, Outcome
from tools.room_account import account


def test_the_account_notices_what_is_lost(fair: SimpleNamespace):
    key, why = new_client_key(), str(fair.why.key)
    form = fair.form.form.pages[0]
    rated = form.rated[0].key
    read = Read({why: Given("Wind")}, {rated: Stance("support", dict.fromkeys(PARTS, ""))}, {})
    answering.keep_page(fair.round, fair.form, key, form, read)
    reference = str(answering.send(fair.round, key).reference)

    def phone(*acknowledged: Acknowledged, says: str = reference) -> Outcome:
        return Outcome(1, "Wind", reference=says, acknowledged=list(acknowledged))

    whole = Acknowledged(key, "answer", (("form", "1"), (why, "Wind"), (rated, "support")))
    assert account([phone(whole)]).faults == []
    lost = [
        [phone(Acknowledged(key, "answer", ((why, "Rain"),)))],
        [phone(Acknowledged(key, "answer", ((rated, "oppose"),)))],
        [phone(Acknowledged(new_client_key(), "answer", ()))],
        [phone(Acknowledged(key, "about-you", (("organisation", "Kites"),)))],
        [phone(whole, says="0000-0000")],
        [phone(whole), phone(whole)],
    ]
    assert [bool(account(phones).faults) for phones in lost] == [True] * len(lost)
