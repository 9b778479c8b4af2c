"""How many answered what: counted once each, people and tables apart."""

from types import SimpleNamespace

import pytest

from engagement.feedback.analysis.counts import PERSON_MODES, TABLE_MODES, tally_choices, tally_stances
from engagement.feedback.analysis.disclosure_control import publish_tally
from engagement.feedback.models import Response
from engagement.feedback.privacy import withdrawals
from engagement.feedback.responses import submissions
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.parsing import AnswerData, ParsedPage, StanceData
from engagement.feedback.schema import COMMENT_PARTS, STANCES

pytestmark = pytest.mark.pg


def respond(fair: SimpleNamespace, stance: str, colours: tuple[str, ...] = (), mode: str = "person") -> Response:
    """Answer both pages: the first proposition with ``stance``, the question with several choices with ``colours``."""
    key = new_client_key()
    first, second = fair.form.schema.pages
    stances = {first.propositions[0].key: StanceData(stance, dict.fromkeys(COMMENT_PARTS, ""))}
    submissions.save_page(fair.round, fair.form, key, first, ParsedPage({}, stances, {}))
    answers = {str(fair.questions["choices"].key): AnswerData(chosen=colours)}
    submissions.save_page(fair.round, fair.form, key, second, ParsedPage(answers, {}, {}))
    response = submissions.submit(fair.round, key)
    Response.objects.filter(pk=response.pk).update(mode=mode)
    return response


def stances_of(fair: SimpleNamespace, modes=PERSON_MODES) -> dict[str, int]:
    tally, other = tally_stances(fair.round, fair.form.schema.propositions(), modes)
    assert other.answered == 0
    assert tally.answered == sum(tally.counts.values())
    return {stance: count for stance, count in tally.counts.items() if count}


def test_only_what_was_sent_counts_and_nobody_counts_twice(fair: SimpleNamespace):
    first = respond(fair, "support")
    respond(fair, "support", mode="paper")
    second = respond(fair, "oppose")
    respond(fair, "oppose", mode="table")
    Response.objects.filter(pk=second.pk).update(duplicate_of=first)
    withdrawals.withdraw(respond(fair, "unsure"))
    unsent = new_client_key()
    page = fair.form.schema.pages[0]
    said = {page.propositions[0].key: StanceData("neither", dict.fromkeys(COMMENT_PARTS, ""))}
    submissions.save_page(fair.round, fair.form, unsent, page, ParsedPage({}, said, {}))
    assert stances_of(fair) == {"Support": 2}
    assert stances_of(fair, TABLE_MODES) == {"Oppose": 1}


def test_stances_come_in_their_order_with_those_that_nobody_took(fair: SimpleNamespace):
    respond(fair, "oppose")
    tally = tally_stances(fair.round, fair.form.schema.propositions())[0]
    assert list(tally.counts) == list(STANCES.values())


def test_who_chooses_several_answered_once(fair: SimpleNamespace):
    respond(fair, "support", ("Red", "Blue"))
    respond(fair, "support", ("Red",))
    respond(fair, "support")
    tallies = {tally.key: tally for tally in tally_choices(fair.round, fair.form.schema)}
    colours = tallies[str(fair.questions["choices"].key)]
    assert (dict(colours.counts), colours.answered) == ({"Red": 2, "Green": 0, "Blue": 1}, 2)
    assert set(tallies) == {str(fair.questions[kind].key) for kind in ("choice", "choices", "scale", "yes_no")}


def test_counting_takes_one_query_however_many_answered(fair: SimpleNamespace, django_assert_num_queries):
    for _ in range(3):
        respond(fair, "support", ("Red",))
    with django_assert_num_queries(1):
        tally_stances(fair.round, fair.form.schema.propositions())
    with django_assert_num_queries(1):
        tally_choices(fair.round, fair.form.schema)


@pytest.mark.once
def test_small_numbers_are_hidden_with_what_would_give_them_away(fair: SimpleNamespace):
    for stance in ["support"] * 6 + ["oppose"] * 2 + ["unsure"] * 5:
        respond(fair, stance, ("Red",) if stance == "oppose" else ("Green",))
    stances = publish_tally(tally_stances(fair.round, fair.form.schema.propositions())[0], 5)
    assert stances.answered == 13
    assert dict(stances.counts) == {
        "Support, strongly or not": 6,
        "Neither": None,
        "Oppose, strongly or not": None,
        "Unsure": None,
    }
    colours = publish_tally(tally_choices(fair.round, fair.form.schema)[1], 5)
    assert dict(colours.counts) == {"Red": None, "Green": 11, "Blue": None}
    nobody = publish_tally(tally_stances(fair.round, fair.form.schema.propositions())[1], 5)
    assert nobody.is_complete
