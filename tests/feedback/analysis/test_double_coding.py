"""Two coders who don't see each other's codes until both are done, how far they agree, and who settles it."""

from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from engagement.feedback.admin.coding import kappa_in_words
from engagement.feedback.analysis import agreement, code_frame, coding_workflow
from engagement.feedback.analysis.permissions import RefusedError
from engagement.feedback.analysis.text_spans import apply_codes, remove_code
from engagement.feedback.models import Adjudication, Code, Coding, CompletedCoding, Response
from tests.feedback.staff import ANALYST, client_for, close_round, make_codes, make_staff, submit_response

pytestmark = pytest.mark.pg


@pytest.fixture
def coded(fair: SimpleNamespace) -> SimpleNamespace:
    """Two coders, two codes, and four responses with words."""
    fair.responses = [submit_response(fair, f"Wind and rain {number}") for number in range(4)]
    fair.wind, fair.rain = make_codes(fair, "Wind", "Rain")
    fair.one, fair.other = make_staff(ANALYST, "ada"), make_staff(ANALYST, "bela")
    fair.round = close_round(fair)
    return fair


def give(coded: SimpleNamespace, by: object, response: Response, *names: Code) -> None:
    if names:
        apply_codes(response, str(coded.why.key), (0, 4), names, by)
    coding_workflow.complete_coding(response, by)


def test_the_second_sees_the_codes_of_the_first_only_when_done(coded: SimpleNamespace):
    response = coded.responses[0]
    give(coded, coded.one, response, coded.wind)
    url = reverse("feedback_response", args=[coded.round.pk, response.pk])
    second = client_for(coded.other)
    main = BeautifulSoup(second.get(url).content, "html.parser").main
    assert main.select_one("mark") is None
    assert not main.select(".reading-marks")
    assert "1 colleague has coded it" in " ".join(main.get_text().split())
    # Nor is there another way to ask.
    inbox = reverse("feedback_responses", args=[coded.round.pk])
    assert str(response) not in second.get(inbox, {"code": coded.wind.pk}).content.decode()
    second.post(url, {"do": "done"})
    main = BeautifulSoup(second.get(url).content, "html.parser").main
    assert main.select_one("mark").get_text() == "Wind"
    assert "Wind by ada" not in main.select_one(".reading-tools").get_text()
    assert "by ada" in main.select_one("ol.reading-marks").get_text()
    assert str(response) in second.get(inbox, {"code": coded.wind.pk}).content.decode()


def test_nothing_is_said_of_a_response_that_shows_what_the_first_found(coded: SimpleNamespace):
    """The steps written down on the page name codes: they are the first coder's."""
    response = coded.responses[0]
    give(coded, coded.one, response, coded.wind)
    second = client_for(coded.other)
    page = second.get(reverse("feedback_response", args=[coded.round.pk, response.pk])).content.decode()
    events = BeautifulSoup(page, "html.parser").select_one("section[aria-labelledby=events]").get_text()
    assert "Coded" in events
    assert "Wind" not in events
    record = second.get(reverse("feedback_audit_log", args=[coded.round.pk])).content.decode()
    assert "Done coding" in record
    assert "<td>Wind</td>" not in record
    second.post(reverse("feedback_response", args=[coded.round.pk, response.pk]), {"do": "done"})
    assert "<td>Wind</td>" in second.get(reverse("feedback_audit_log", args=[coded.round.pk])).content.decode()


def test_what_is_handed_in_stays_as_it_was(coded: SimpleNamespace):
    response = coded.responses[0]
    give(coded, coded.one, response, coded.wind)
    with pytest.raises(RefusedError, match="You are done"):
        apply_codes(response, str(coded.why.key), (0, 4), [coded.rain], coded.one)
    with pytest.raises(RefusedError, match="You are done"):
        remove_code(response, Coding.objects.get().pk, coded.one)
    # Nobody has seen anything yet: it can be taken back.
    coding_workflow.reopen_coding(response, coded.one)
    remove_code(response, Coding.objects.get().pk, coded.one)
    give(coded, coded.one, response, coded.rain)
    give(coded, coded.other, response)
    for by in (coded.one, coded.other):
        with pytest.raises(RefusedError, match="A colleague has coded it too"):
            coding_workflow.reopen_coding(response, by)


def test_nobody_takes_away_the_code_of_somebody_else(coded: SimpleNamespace):
    response = coded.responses[0]
    (coding,) = apply_codes(response, str(coded.why.key), (0, 4), [coded.wind], coded.one)
    with pytest.raises(RefusedError, match="isn’t there"):
        remove_code(response, coding.pk, coded.other)
    assert Coding.objects.filter(pk=coding.pk).exists()


def test_the_first_reading_moves_a_response_on(coded: SimpleNamespace):
    response = coded.responses[0]
    give(coded, coded.one, response)
    give(coded, coded.other, response)
    assert Response.objects.get(pk=response.pk).state == "coded"
    assert [event.action for event in response.events.all()] == ["done coding", "moved", "done coding"]


def test_two_heaps(coded: SimpleNamespace):
    first = answered_order = coding_workflow.coding_queue(coded.round, coded.one, second=False)
    assert set(answered_order) == set(coded.responses)
    assert not coding_workflow.coding_queue(coded.round, coded.one, second=True).exists()
    response = first.first()
    give(coded, coded.one, response, coded.wind)
    assert coding_workflow.coding_queue(coded.round, coded.one, second=False).count() == 3
    # Nobody is their own second.
    assert not coding_workflow.coding_queue(coded.round, coded.one, second=True).exists()
    assert list(coding_workflow.coding_queue(coded.round, coded.other, second=True)) == [response]
    client = client_for(coded.other)
    url = reverse("feedback_next_response", args=[coded.round.pk])
    page = reverse("feedback_response", args=[coded.round.pk, response.pk])
    assert client.get(url, {"from": "second"}).url == f"{page}?from=second"
    answer = client.post(f"{page}?from=second", {"do": "done"})
    assert answer.url == f"{url}?from=second"
    assert client.get(answer.url).url == reverse("feedback_coding", args=[coded.round.pk])


def test_kappa_of_two_coders_by_code(coded: SimpleNamespace):
    for response, by_one, by_other in zip(
        coded.responses,
        [[coded.wind], [coded.wind], [], []],
        [[coded.wind], [], [], [coded.rain]],
        strict=True,
    ):
        give(coded, coded.one, response, *by_one)
        give(coded, coded.other, response, *by_other)
    (pair,) = agreement.coder_pairs(coded.round)
    assert (pair.shared, {pair.first, pair.second}) == (4, {coded.one, coded.other})
    wind, rain = agreement.compare_coders(coded.round, pair, [coded.wind, coded.rain])
    assert (wind.both, wind.first_only + wind.second_only, wind.neither) == (1, 1, 2)
    # Agreement on 3 of 4; by chance (2·1 + 2·3) / 16.
    assert wind.agreement.kappa == pytest.approx(0.5)
    assert rain.agreement.kappa == pytest.approx(0)
    page = client_for(coded.one).get(reverse("feedback_agreement", args=[coded.round.pk])).content.decode()
    assert "0.50" in page
    assert "Moderate" in page
    assert "Slight" in page


def test_what_only_one_has_read_is_not_compared(coded: SimpleNamespace):
    give(coded, coded.one, coded.responses[0], coded.wind)
    apply_codes(coded.responses[0], str(coded.why.key), (0, 4), [coded.rain], coded.other)
    assert agreement.coder_pairs(coded.round) == []
    assert agreement.disagreements(coded.round) == []


def test_a_disagreement_is_settled(coded: SimpleNamespace):
    response = coded.responses[0]
    give(coded, coded.one, response, coded.wind, coded.rain)
    give(coded, coded.other, response, coded.wind)
    (open_one,) = agreement.disagreements(coded.round)
    assert (open_one.code, open_one.given_by, open_one.not_by) == (coded.rain, (coded.one,), (coded.other,))
    assert coding_workflow.final_codes(coded.round)[response.pk] == {coded.wind.pk, coded.rain.pk}
    client = client_for(coded.one)
    url = reverse("feedback_agreement", args=[coded.round.pk])
    client.post(url, {"response": response.pk, "code": coded.rain.pk, "applies": "no"})
    assert coding_workflow.final_codes(coded.round)[response.pk] == {coded.wind.pk}
    assert Adjudication.objects.get().applies is False
    page = client.get(url).content.decode()
    assert "To be settled: 0" in page
    assert "Settled: 1" in page
    # What they agree on isn't theirs to decide there.
    client.post(url, {"response": response.pk, "code": coded.wind.pk, "applies": "no"})
    assert Adjudication.objects.count() == 1
    client.post(url, {"response": response.pk, "code": coded.rain.pk, "applies": "yes"})
    assert coding_workflow.final_codes(coded.round, [response.pk])[response.pk] == {coded.wind.pk, coded.rain.pk}


def test_the_page_of_agreement_costs_the_same_with_more_disagreements(
    coded: SimpleNamespace, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_for(coded.one)
    url = reverse("feedback_agreement", args=[coded.round.pk])
    give(coded, coded.one, coded.responses[0], coded.rain)
    give(coded, coded.other, coded.responses[0], coded.wind)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for response in coded.responses[1:]:
        give(coded, coded.one, response, coded.rain)
        give(coded, coded.other, response, coded.wind)
    with django_assert_num_queries(len(few)):
        client.get(url)


@pytest.mark.parametrize(
    ("kappa", "words"),
    [(1, "almost perfect"), (0.805, "almost perfect"), (0.61, "substantial"), (0.604, "moderate"), (0.0, "slight")],
)
def test_kappa_in_words(kappa: float, words: str):
    assert kappa_in_words(kappa) == words


def test_kappa_below_chance_and_without_a_meaning():
    assert kappa_in_words(-0.2).startswith("poor")
    assert kappa_in_words(None).startswith("says nothing")


class TestTree:
    def test_codes_are_added_below_each_other(self, coded: SimpleNamespace):
        client = client_for(coded.one)
        url = reverse("feedback_code_frame", args=[coded.round.pk])
        client.post(url, {"name": "Drizzle", "parent": coded.rain.pk, "description": "Fine rain", "sort_order": ""})
        assert [(one.path, one.depth) for one in code_frame.code_tree(coded.round)] == [
            ("Rain", 0),
            ("Rain › Drizzle", 1),
            ("Wind", 0),
        ]
        page = client.post(url, {"name": "drizzle", "sort_order": "0"})
        assert page.status_code == 422
        assert "There is a code of that name" in page.content.decode()
        assert [event.action for event in coded.round.events.filter(action__startswith="code ")] == ["code added"]

    def test_no_code_stands_below_itself(self, coded: SimpleNamespace):
        below = Code.objects.create(round=coded.round, name="Drizzle", parent=coded.rain)
        client = client_for(coded.one)
        url = reverse("feedback_code", args=[coded.round.pk, coded.rain.pk])
        for parent in (coded.rain.pk, below.pk):
            answer = client.post(url, {"name": "Rain", "parent": parent, "sort_order": "0"})
            assert answer.status_code == 422
        client.post(url, {"name": "Rainfall", "parent": coded.wind.pk, "sort_order": "0"})
        assert [one.path for one in code_frame.code_tree(coded.round)][-1] == "Wind › Rainfall › Drizzle"

    def test_two_codes_become_one(self, coded: SimpleNamespace):
        first, second, *_ = coded.responses
        give(coded, coded.one, first, coded.wind, coded.rain)
        give(coded, coded.one, second, coded.rain)
        below = Code.objects.create(round=coded.round, name="Drizzle", parent=coded.rain)
        client = client_for(coded.one)
        url = reverse("feedback_code", args=[coded.round.pk, coded.rain.pk])
        client.post(url, {"do": "merge", "into": below.pk})
        assert Code.objects.filter(name="Rain").exists()
        client.post(url, {"do": "merge", "into": coded.wind.pk})
        assert not Code.objects.filter(name="Rain").exists()
        assert [one.path for one in code_frame.code_tree(coded.round)] == ["Wind", "Wind › Drizzle"]
        assert coding_workflow.final_codes(coded.round) == {first.pk: {coded.wind.pk}, second.pk: {coded.wind.pk}}
        assert coded.wind.codings.count() == 2

    def test_a_code_that_is_used_is_not_deleted(self, coded: SimpleNamespace):
        apply_codes(coded.responses[0], str(coded.why.key), (0, 4), [coded.rain], coded.one)
        client = client_for(coded.one)
        for code, stays in ((coded.rain, True), (coded.wind, False)):
            client.post(reverse("feedback_code", args=[coded.round.pk, code.pk]), {"do": "delete"})
            assert Code.objects.filter(pk=code.pk).exists() == stays

    def test_counts(self, coded: SimpleNamespace):
        for start in (0, 1):
            apply_codes(coded.responses[0], str(coded.why.key), (start, 4), [coded.rain], coded.one)
        apply_codes(coded.responses[1], str(coded.why.key), (0, 4), [coded.rain], coded.other)
        rain, wind = code_frame.code_tree(coded.round)
        assert (rain.responses, rain.spans, wind.responses) == (2, 3, 0)


def test_a_code_of_another_round_is_refused(coded: SimpleNamespace):
    elsewhere = type(coded.round).objects.create(title="Else", slug="else", intro="x", privacy_text="x")
    code = Code.objects.create(round=elsewhere, name="Else")
    with pytest.raises(RefusedError, match="another round"):
        apply_codes(coded.responses[0], str(coded.why.key), (0, 4), [code], coded.one)
    assert client_for(coded.one).get(reverse("feedback_code", args=[coded.round.pk, code.pk])).status_code == 404
    assert not CompletedCoding.objects.exists()
