"""Where words stand, and what is blacked out of them."""

from types import SimpleNamespace

from hypothesis import example, given
from hypothesis import strategies as st

from engagement.feedback.models import Redaction, Response
from engagement.feedback.privacy import withdrawals
from engagement.feedback.responses import submissions
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.parsing import AnswerData, ParsedPage, StanceData
from engagement.feedback.responses.saved_response import texts_by_anchor
from engagement.feedback.responses.text_anchors import (
    REDACTION_MARK,
    RedactedSpan,
    apply_redactions,
    parse_part_anchor,
    part_anchor,
    redactions_by_anchor,
)
from engagement.feedback.schema import COMMENT_PARTS

TEXT = st.text(alphabet="abcdefghij", max_size=20)
STRETCHES = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 8)).map(lambda one: RedactedSpan(one[0], one[0] + one[1])), max_size=4
)


@given(TEXT, STRETCHES, st.integers(0, 20), st.integers(0, 20))
@example("abcdef", [RedactedSpan(1, 3), RedactedSpan(2, 5)], 0, 6)
@example("abcdef", [RedactedSpan(0, 9)], 2, 4)
@example("abcdef", [RedactedSpan(2, 3), RedactedSpan(3, 4)], 0, 6)
def test_what_is_hidden_never_shows_and_all_else_does(text: str, hidden: list[RedactedSpan], start: int, end: int):
    covered = {at for one in hidden for at in range(one.start, one.end)}
    shown = apply_redactions(text, hidden, start, end)
    kept = "".join(text[at] for at in range(start, min(end, len(text))) if at not in covered)
    assert shown.replace(REDACTION_MARK, "") == kept
    is_cut = any(at in covered for at in range(start, min(end, len(text))))
    assert (REDACTION_MARK in shown) == is_cut
    assert REDACTION_MARK * 2 not in shown


def test_a_place_says_which_proposition_and_which_part():
    for part in COMMENT_PARTS:
        assert parse_part_anchor(part_anchor(12, part)) == (12, part)
    for other in ("p12", "p12-", "p12-name", "px-comment", "1f0c3a52-8a0e-4a1b-9f1e-1a2b3c4d5e6f", "", "pe-comment"):
        assert parse_part_anchor(other) is None


def test_words_of_a_response_are_found_by_place_and_hidden_by_place(fair: SimpleNamespace):
    key, page = new_client_key(), fair.form.schema.pages[0]
    rated, item = page.propositions[0], page.questions[0]
    parts = dict.fromkeys(COMMENT_PARTS, "") | {"comment": "Ask Ann of Kite Lane."}
    read = ParsedPage({item.key: AnswerData("More string.")}, {rated.key: StanceData("support", parts)}, {})
    submissions.save_page(fair.round, fair.form, key, page, read)
    response = submissions.submit(fair.round, key)
    place = part_anchor(rated.proposition, "comment")
    assert texts_by_anchor(response) == {item.key: "More string.", place: "Ask Ann of Kite Lane."}
    Redaction.objects.create(response=response, anchor=place, start=4, end=7, reason="personal")
    shown = apply_redactions(texts_by_anchor(response)[place], redactions_by_anchor(response)[place])
    assert shown == "Ask […] of Kite Lane."


def test_a_withdrawal_takes_along_what_was_made_of_the_words(fair: SimpleNamespace):
    key, page = new_client_key(), fair.form.schema.pages[0]
    read = ParsedPage({page.questions[0].key: AnswerData("More string.")}, {}, {})
    submissions.save_page(fair.round, fair.form, key, page, read)
    response = submissions.submit(fair.round, key)
    Redaction.objects.create(response=response, anchor=page.questions[0].key, start=0, end=4, reason="personal")
    withdrawals.withdraw(response)
    again = Response.objects.get(pk=response.pk)
    assert texts_by_anchor(again) == {}
    assert not Redaction.objects.exists()
    assert not Response.objects.counted().exists()
