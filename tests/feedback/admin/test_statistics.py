"""Counts and charts for staff, the record of what they did, and what stands against opening a round again."""

from types import SimpleNamespace

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.feedback.analysis import export_log
from engagement.feedback.analysis.charts import staff_charts
from engagement.feedback.analysis.text_spans import apply_codes
from engagement.feedback.models import FeedbackRound, RoundEvent
from engagement.feedback.responses import submissions
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.parsing import AnswerData, ParsedPage
from engagement.feedback.rounds.opening import freeze_form, opening_problems
from nelis.core.charts import draw_pending
from nelis.core.models import DrawnChart
from tests.feedback.analysis.test_export import answered as answered_in_full
from tests.feedback.staff import ANALYST, client_for, close_round, make_codes, make_staff, submit_response


def test_a_chart_is_asked_for_and_drawn_by_the_runner(fair: SimpleNamespace):
    for stance in ("support", "support", "oppose"):
        submit_response(fair, stance=stance)
    answered_in_full(fair, "Wind")
    client = client_for(make_staff(ANALYST))
    url = reverse("feedback_statistics", args=[fair.round.pk])
    page = client.get(url).content.decode()
    assert "Most support is for P1: 2 of 4 responses support it" in page
    assert "Nobody took a stance on 1 more." in page
    assert "<svg" not in page.partition('class="chart"')[2].partition("</figure>")[0]
    assert DrawnChart.objects.filter(drawn_at=None).count() == 2
    assert draw_pending() == 2
    assert page.count("<td") == client.get(url).content.decode().count("<td")
    assert "chart-feedback" in client.get(url).content.decode()


def test_tables_are_counted_apart_and_a_duplicate_nowhere(fair: SimpleNamespace):
    table, first, second = (submit_response(fair, stance="oppose") for _ in range(3))
    type(table).objects.filter(pk=table.pk).update(mode="table", people=9)
    type(table).objects.filter(pk=second.pk).update(duplicate_of=first)
    people, tables = staff_charts(fair.round)
    assert people[0].table.rows == [["P1 Kite hub", 1, 1]]
    assert tables[0].table.rows == [["P1 Kite hub", 1, 1]]


def test_charts_cost_the_same_with_more_answers(fair: SimpleNamespace, django_assert_num_queries):
    submit_response(fair)
    with django_assert_num_queries(5):
        staff_charts(fair.round)
    for _ in range(5):
        submit_response(fair)
    with django_assert_num_queries(5):
        staff_charts(fair.round)


def test_the_page_costs_the_same_with_more_charts(fair: SimpleNamespace):
    submit_response(fair)
    client = client_for(make_staff(ANALYST))
    url = reverse("feedback_statistics", args=[fair.round.pk])

    def queries() -> int:
        # Once to ask for what isn't drawn yet.
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    first = queries()
    answered_in_full(fair, "Wind")
    for kind, given in (("choice", "Red"), ("scale", "Agree"), ("yes_no", "Yes")):
        said = ParsedPage({str(fair.questions[kind].key): AnswerData(chosen=(given,))}, {}, {})
        key = new_client_key()
        submissions.save_page(fair.round, fair.form, key, fair.form.schema.pages[1], said)
        submissions.submit(fair.round, key)
    assert len(staff_charts(fair.round)[0]) == 5
    assert queries() == first


def test_what_an_edit_took_out_of_an_open_round_is_still_counted(fair: SimpleNamespace):
    submit_response(fair, stance="support")
    answered_in_full(fair, "Wind")
    before = {one.name: one.table.rows for one in staff_charts(fair.round)[0]}
    fair.sessions[0].propositions.all().delete()
    fair.questions["choices"].delete()
    freeze_form(FeedbackRound.objects.get(pk=fair.round.pk))
    assert not [*fair.round.newest_form().schema.propositions()]
    after = {one.name: one.table.rows for one in staff_charts(fair.round)[0]}
    assert len(before) == 2
    assert {name: [row for row in rows if row in before[name]] for name, rows in after.items()} == before


def test_nothing_is_drawn_of_a_round_without_answers_or_without_a_form(fair: SimpleNamespace):
    assert staff_charts(fair.round) == ([], [])
    draft = type(fair.round).objects.create(title="Draft", slug="draft", intro="x", privacy_text="x")
    assert staff_charts(draft) == ([], [])
    page = client_for(make_staff()).get(reverse("feedback_statistics", args=[draft.pk])).content.decode()
    assert "Nobody has taken a stance" in page


def test_the_record_has_every_step_and_names_nobody_who_answered(fair: SimpleNamespace, django_assert_max_num_queries):
    one = submit_response(fair, "More wind", name="Ada Example", address="ada@example.org")
    officer = make_staff()
    (code,) = make_codes(fair, "Weather")
    close_round(fair)
    apply_codes(one, str(fair.why.key), (0, 4), [code], officer)
    export_log.record_export(fair.round, {"shape": "answers", "format": "csv"}, officer)
    client = client_for(officer)
    url = reverse("feedback_audit_log", args=[fair.round.pk])
    page = client.get(url).content.decode()
    for words in ("Opened", "Closed", "Coded", "Exported", one.reference, "Weather"):
        assert words in page
    for words in ("Ada", "More wind"):
        assert words not in page
    page = client.get(url, {"action": "exported"}).content.decode()
    assert "1 step, the newest first" in page
    for number in range(150):
        RoundEvent.write(fair.round, "coded", officer, f"Number {number}", response=one)
    with django_assert_max_num_queries(20):
        page = client.get(url, {"action": "coded", "page": "2"}).content.decode()
    assert "Number 10" in page
    assert "Number 149" not in page


def test_what_stands_against_opening_costs_the_same_with_more_propositions(
    fair: SimpleNamespace, django_assert_num_queries
):
    from engagement.feedback.models import RoundProposition
    from tests.sectors.conftest import propose

    close_round(fair)
    with django_assert_num_queries(8):
        assert opening_problems(fair.round) == []
    for number in range(3, 9):
        page = propose(fair.kites, f"P{number}", f"Kite {number}")
        RoundProposition.objects.create(session=fair.sessions[0], proposition=page)
    with django_assert_num_queries(8):
        found = opening_problems(fair.round)
    assert [words for words in found if "P8 isn’t published" in words]
