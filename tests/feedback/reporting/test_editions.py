"""Published figures stand as they were counted: whoever keeps two copies can't subtract one person's answers."""

import csv
import json
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from engagement.feedback.models import FeedbackRound, Response, ResultsEdition
from engagement.feedback.periodic_tasks import update_editions
from engagement.feedback.privacy import withdrawals
from engagement.feedback.reporting import publishing
from engagement.feedback.reporting.editions import published_figures, update_edition
from nelis.core.models import ContentVersion
from tests.feedback.builders import (
    COMMENT,
    choose_quotation,
    close_and_report,
    get_officer,
    submit_answers,
    submit_table_answers,
    write_report,
)
from tests.feedback.reporting.pages import read_open_data, read_page, submit_words, support_shown
from tests.feedback.staff import OFFICER, signed_in

pytestmark = pytest.mark.pg


def report(fair: SimpleNamespace, support: int = 20, oppose: int = 12) -> list[Response]:
    """A reported round with so many of each, who chose a colour too. Those who support it, then the others."""
    responses = [submit_answers(fair, "support", chosen="Red") for _ in range(support)]
    responses += [submit_answers(fair, "oppose", chosen="Blue") for _ in range(oppose)]
    write_report(fair, responses[0])
    close_and_report(fair)
    return responses


def everything(fair: SimpleNamespace, client: Client) -> list[str]:
    """All figures that are public, wherever they are."""
    update_editions()
    ContentVersion.bump()
    proposition = client.get(fair.propositions[0].url).content.decode()
    section = proposition[proposition.index("What people said of it") :]
    return [
        read_page(client),
        section[: section.index("</table>")],
        *(read_open_data(client, f"counts.{kind}") for kind in ("csv", "json")),
    ]


def test_one_withdrawal_changes_no_published_figure(fair: SimpleNamespace, client: Client):
    responses = report(fair)
    before = everything(fair, client)
    for response in responses[:4]:
        withdrawals.withdraw(response)
        assert everything(fair, client) == before
    assert ResultsEdition.objects.get().number == 1


def test_figures_move_once_enough_have_gone(fair: SimpleNamespace, client: Client):
    responses = report(fair)
    for response in responses[:5]:
        withdrawals.withdraw(response)
    page, beside, rows, _ = everything(fair, client)
    assert support_shown(page) == ("15", "27")
    assert "<dt>Responses sent in</dt><dd>27</dd>" in page
    assert "edition 2" in page
    assert '<td class="num">15</td>' in beside
    colours = [row for row in csv.DictReader(rows.splitlines()) if row["key"] == str(fair.questions["choice"].key)]
    people = {row["answer"]: row["count"] for row in colours if row["who"] == "people"}
    assert (people["Red"], people["Blue"], people["All answers"]) == ("15", "12", "27")


def test_a_row_stands_where_one_of_its_numbers_would_move_by_less(fair: SimpleNamespace, client: Client):
    """Six have gone, and of them one had opposed it: that would be one person's answer."""
    responses = report(fair)
    before = everything(fair, client)
    for response in (*responses[:5], responses[-1]):
        withdrawals.withdraw(response)
    page = everything(fair, client)[0]
    assert support_shown(page) == ("20", "32")
    # How many there were altogether moved by six.
    assert "<dt>Responses sent in</dt><dd>26</dd>" in page
    for response in responses[-5:-1]:
        withdrawals.withdraw(response)
    after = everything(fair, client)
    assert support_shown(after[0]) == ("15", "22")
    for one, other in zip(numbers(before[3]), numbers(after[3]), strict=True):
        assert one is None or other is None or one == other or abs(one - other) >= 5


def numbers(rows: str) -> list[int | None]:
    return [row["count"] for row in json.loads(rows)]


def test_words_leave_at_once(fair: SimpleNamespace, client: Client):
    spoken = submit_words(fair, "anonymous")
    choose_quotation(fair, spoken)
    for _ in range(9):
        submit_answers(fair)
    Response.objects.update(state=Response.State.PUBLISHED)
    close_and_report(fair)
    assert COMMENT in read_page(client) and COMMENT in read_open_data(client, "answers.csv")
    figures = read_open_data(client, "counts.csv")
    withdrawals.withdraw(spoken)
    assert COMMENT not in read_page(client) + read_open_data(client, "answers.csv")
    assert read_open_data(client, "counts.csv") == figures


def test_a_duplicate_that_is_found_later_changes_no_figure_either(fair: SimpleNamespace, client: Client):
    responses = report(fair)
    before = everything(fair, client)
    Response.objects.filter(pk=responses[1].pk).update(duplicate_of=responses[0])
    assert everything(fair, client) == before


def test_a_report_that_was_taken_back_goes_on_from_what_was_public(fair: SimpleNamespace, client: Client):
    responses = report(fair)
    before = everything(fair, client)
    publishing.unpublish_report(fair.round, get_officer(), "A name was in it.")
    withdrawals.withdraw(responses[0])
    publishing.report_back(fair.round, get_officer("otto"))
    assert everything(fair, client) == before


def test_tables_and_who_sat_at_them_stand_as_well(fair: SimpleNamespace, client: Client):
    submit_table_answers(fair, 8)
    report(fair)
    before = read_page(client)
    assert "8, with 80 people" in before
    for response in Response.objects.filter(mode="table")[:4]:
        withdrawals.withdraw(response)
    assert everything(fair, client)[0] == before
    withdrawals.withdraw(Response.objects.filter(mode="table", withdrawn_at=None)[0])
    # Three are left: too few to be counted anew, so what was published stands.
    assert "8, with 80 people" in everything(fair, client)[0]


def test_an_edition_knows_none_of_the_hidden_numbers(fair: SimpleNamespace):
    report(fair, support=30, oppose=2)
    stance = ResultsEdition.objects.get().figures["people"]["stances"][f"p{fair.propositions[0].pk}"]["whole"]
    assert sorted({count for _, count in stance["counts"]}, key=str) == [None]
    assert stance["parts"] == []


def test_staff_see_the_figures_as_they_are_now(fair: SimpleNamespace, client: Client):
    responses = report(fair)
    withdrawals.withdraw(responses[0])
    preview = signed_in(OFFICER).get(reverse("feedback_report_preview", args=[fair.round.pk]))
    assert support_shown(preview.content.decode()) == ("19", "31")
    assert support_shown(read_page(client)) == ("20", "32")


def test_a_round_from_before_there_were_editions_gets_one(fair: SimpleNamespace, client: Client):
    report(fair)
    ResultsEdition.objects.all().delete()
    ContentVersion.bump()
    assert support_shown(read_page(client)) == ("20", "32")
    assert ResultsEdition.objects.get().number == 1


def test_the_same_figures_make_no_new_edition(fair: SimpleNamespace):
    report(fair)
    update_edition(fair.round)
    edition = ResultsEdition.objects.get()
    assert edition.number == 1
    assert published_figures(fair.round).edition == edition


def test_a_larger_smallest_number_hides_more_of_what_stands(fair: SimpleNamespace, client: Client):
    responses = report(fair)
    withdrawals.withdraw(responses[0])
    FeedbackRound.objects.update(suppression_threshold=15)
    for later in (False, True):
        if later:
            update_editions()
        ContentVersion.bump()
        # The twelve who opposed it are too few now, and with them goes what would give them away.
        assert support_shown(read_page(client)) == ("hidden", "32")
        assert '<td class="num">12</td>' not in client.get(fair.propositions[0].url).content.decode()
