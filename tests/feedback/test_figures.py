"""Counts and charts for staff, the record of what they did, and what stands against opening a round again."""

from types import SimpleNamespace

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.feedback import answering
from engagement.feedback.analysis import files
from engagement.feedback.analysis.charts import staff_charts
from engagement.feedback.analysis.spans import apply_codes
from engagement.feedback.keys import new_client_key
from engagement.feedback.models import FeedbackRound, RoundEvent
from engagement.feedback.opening import freeze_form, obstacles
from engagement.feedback.reading import Given, Read
from nelis.core.charts import draw_waiting
from nelis.core.models.charts import DrawnChart
from tests.feedback.staff import ANALYST, answered, browser, codes, over, person
from tests.feedback.test_export import answered as answered_in_full


def test_a_chart_is_asked_for_and_drawn_by_the_runner(fair: SimpleNamespace):
    for stance in ("support", "support", "oppose"):
        answered(fair, stance=stance)
    answered_in_full(fair, "Wind")
    client = browser(person(ANALYST))
    url = reverse("feedback_answers", args=[fair.round.pk])
    page = client.get(url).content.decode()
    assert "Most support is for P1: 2 of 4 responses support it" in page
    assert "Nobody took a stance on 1 more." in page
    assert "<svg" not in page.partition('class="chart"')[2].partition("</figure>")[0]
    assert DrawnChart.objects.filter(drawn_at=None).count() == 2
    assert draw_waiting() == 2
    assert page.count("<td") == client.get(url).content.decode().count("<td")
    assert "chart-feedback" in client.get(url).content.decode()


def test_tables_are_counted_apart_and_a_duplicate_nowhere(fair: SimpleNamespace):
    table, first, second = (answered(fair, stance="oppose") for _ in range(3))
    type(table).objects.filter(pk=table.pk).update(mode="table", people=9)
    type(table).objects.filter(pk=second.pk).update(duplicate_of=first)
    people, tables = staff_charts(fair.round)
    assert people[0].table.rows == [["P1 Kite hub", 1, 1]]
    assert tables[0].table.rows == [["P1 Kite hub", 1, 1]]


def test_charts_cost_the_same_with_more_answers(fair: SimpleNamespace, django_assert_num_queries):
    answered(fair)
    with django_assert_num_queries(5):
        staff_charts(fair.round)
    for _ in range(5):
        answered(fair)
    with django_assert_num_queries(5):
        staff_charts(fair.round)


def test_the_page_costs_the_same_with_more_charts(fair: SimpleNamespace):
    answered(fair)
    client = browser(person(ANALYST))
    url = reverse("feedback_answers", args=[fair.round.pk])

    def queries() -> int:
        # Once to ask for what isn't drawn yet.
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    first = queries()
    answered_in_full(fair, "Wind")
    for kind, given in (("choice", "Red"), ("scale", "3"), ("yes_no", "Yes")):
        said = Read({str(fair.questions[kind].key): Given(chosen=(given,))}, {}, {})
        key = new_client_key()
        answering.keep_page(fair.round, fair.form, key, fair.form.form.pages[1], said)
        answering.send(fair.round, key)
    assert len(staff_charts(fair.round)[0]) == 5
    assert queries() == first


def test_what_an_edit_took_out_of_an_open_round_is_still_counted(fair: SimpleNamespace):
    answered(fair, stance="support")
    answered_in_full(fair, "Wind")
    before = {one.name: one.table.rows for one in staff_charts(fair.round)[0]}
    fair.sessions[0].propositions.all().delete()
    fair.questions["choices"].delete()
    freeze_form(FeedbackRound.objects.get(pk=fair.round.pk))
    assert not [*fair.round.newest_form().form.rated()]
    after = {one.name: one.table.rows for one in staff_charts(fair.round)[0]}
    assert len(before) == 2
    assert {name: [row for row in rows if row in before[name]] for name, rows in after.items()} == before


def test_nothing_is_drawn_of_a_round_without_answers_or_without_a_form(fair: SimpleNamespace):
    assert staff_charts(fair.round) == ([], [])
    draft = type(fair.round).objects.create(title="Draft", slug="draft", intro="x", privacy_text="x")
    assert staff_charts(draft) == ([], [])
    page = browser(person()).get(reverse("feedback_answers", args=[draft.pk])).content.decode()
    assert "Nobody has taken a stance" in page


def test_the_record_has_every_step_and_names_nobody_who_answered(fair: SimpleNamespace, django_assert_max_num_queries):
    one = answered(fair, "More wind", name="Ada Example", address="ada@example.org")
    officer = person()
    (code,) = codes(fair, "Weather")
    over(fair)
    apply_codes(one, str(fair.why.key), (0, 4), [code], officer)
    files.write(fair.round, {"shape": "answers", "format": "csv"}, officer)
    client = browser(officer)
    url = reverse("feedback_record", args=[fair.round.pk])
    page = client.get(url).content.decode()
    for words in ("Opened", "Closed", "Coded", "Exported", one.reference, "Weather"):
        assert words in page
    for words in ("Ada", "More wind"):
        assert words not in page
    page = client.get(url, {"action": "exported"}).content.decode()
    assert "1 step, the newest first" in page
    for number in range(150):
        RoundEvent.write(fair.round, "coded", officer, f"Number {number}", one)
    with django_assert_max_num_queries(20):
        page = client.get(url, {"action": "coded", "page": "2"}).content.decode()
    assert "Number 10" in page
    assert "Number 149" not in page


def test_what_stands_against_opening_costs_the_same_with_more_propositions(
    fair: SimpleNamespace, django_assert_num_queries
):
    from engagement.feedback.models import RatedProposition
    from tests.sectors.conftest import propose

    over(fair)
    with django_assert_num_queries(8):
        assert obstacles(fair.round) == []
    for number in range(3, 9):
        page = propose(fair.kites, f"P{number}", f"Kite {number}")
        RatedProposition.objects.create(session=fair.sessions[0], proposition=page)
    with django_assert_num_queries(8):
        found = obstacles(fair.round)
    assert [words for words in found if "P8 isn’t published" in words]
