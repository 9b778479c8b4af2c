"""The way of a response after it was sent; who is counted; and who answered."""

from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils.text import slugify
from hypothesis import given
from hypothesis import strategies as st

from engagement.feedback.analysis import coding_workflow, duplicates
from engagement.feedback.analysis.annotated_response import split_into_segments
from engagement.feedback.analysis.permissions import RefusedError
from engagement.feedback.analysis.representation import representation
from engagement.feedback.analysis.response_workflow import TRANSITIONS, available_transitions, change_state
from engagement.feedback.analysis.text_spans import find_spans
from engagement.feedback.models import FeedbackRound, Response, RoundEvent
from engagement.feedback.privacy import withdrawals
from nelis.core.models import ContentVersion
from sectors.models import Place
from tests.feedback.staff import ANALYST, client_for, close_round, make_staff, submit_response

pytestmark = pytest.mark.pg

LONG = "The tails of kites should be made from cloth that was used before, and by people who live beside the workshop."


def sent(fair: SimpleNamespace, policy: str = "anonymous") -> Response:
    FeedbackRound.objects.filter(pk=fair.round.pk).update(publish_policy=policy)
    response = submit_response(fair, "Wind")
    close_round(fair)
    return response


class TestSteps:
    def test_from_sent_to_published_and_back(self, fair: SimpleNamespace):
        response, officer = sent(fair), make_staff()
        before = ContentVersion.current()
        for state in ("coded", "moderated", "published", "moderated", "published"):
            change_state(response, state, officer)
        # Nobody sees it before the round is reported back; after that every step may change what is seen.
        assert ContentVersion.current() == before
        FeedbackRound.objects.filter(pk=fair.round.pk).update(state=FeedbackRound.State.REPORTED)
        change_state(response, "withheld", officer, "Its author wrote to us")
        assert ContentVersion.current() > before
        assert Response.objects.get(pk=response.pk).state == "withheld"
        notes = [event.note for event in response.events.all()]
        assert notes[0] == "Sent → Coded"
        assert notes[-1] == "Published → Not to be published: Its author wrote to us"

    def test_every_step_that_there_isnt_is_refused(self, fair: SimpleNamespace):
        response, officer = sent(fair), make_staff()
        allowed = {(transition.source, transition.target) for transition in TRANSITIONS}
        for before in Response.State:
            for to in Response.State:
                Response.objects.filter(pk=response.pk).update(state=before)
                if (before, to) in allowed:
                    change_state(response, to, officer, "So")
                    continue
                with pytest.raises(RefusedError):
                    change_state(response, to, officer, "So")
                assert Response.objects.get(pk=response.pk).state == before

    def test_withholding_needs_a_reason(self, fair: SimpleNamespace):
        response, officer = sent(fair), make_staff()
        change_state(response, "coded", officer)
        with pytest.raises(RefusedError, match="Say why"):
            change_state(response, "withheld", officer, "  ")

    def test_a_round_that_publishes_no_whole_answers_has_no_such_step(self, fair: SimpleNamespace):
        response, officer = sent(fair, "quotes"), make_staff()
        change_state(response, "coded", officer)
        change_state(response, "moderated", officer)
        transitions = available_transitions(Response.objects.get(pk=response.pk), officer)
        assert "published" not in {transition.target for transition in transitions}
        with pytest.raises(RefusedError):
            change_state(response, "published", officer)

    def test_an_analyst_checks_and_neither_publishes_nor_withholds(self, fair: SimpleNamespace):
        response, analyst = sent(fair), make_staff(ANALYST)
        client = client_for(analyst)
        url = reverse("feedback_response", args=[fair.round.pk, response.pk])
        for state in ("coded", "moderated", "published", "withheld"):
            client.post(url, {"do": "move", "to": state, "reason": "So"})
        assert Response.objects.get(pk=response.pk).state == "moderated"


class TestDuplicates:
    def test_they_are_found_by_address_and_by_long_text(self, fair: SimpleNamespace):
        first = submit_response(fair, "Wind", address="ada@example.org")
        second = submit_response(fair, "Rain", address="ADA@example.org")
        third = submit_response(fair, comment=LONG)
        fourth = submit_response(fair, comment=LONG.upper().replace(", ", ",\n"))
        submit_response(fair, "Wind")
        found = [(one.response, one.first, one.reasons) for one in duplicates.suspected_duplicates(fair.round)]
        assert found == [
            (second.pk, first.pk, ("the same email address",)),
            (fourth.pk, third.pk, ("the same long answer",)),
        ]

    def test_staff_decide(self, fair: SimpleNamespace):
        first, second, third = (submit_response(fair, "Wind", address="ada@example.org") for _ in range(3))
        client = client_for(make_staff(ANALYST))
        url = reverse("feedback_duplicates", args=[fair.round.pk])
        page = client.get(url).content.decode()
        assert "To be decided: 2" in page
        assert "ada@example.org" not in page
        client.post(url, {"response": second.pk, "first": first.pk, "is_one": "yes"})
        client.post(url, {"response": third.pk, "first": first.pk, "is_one": "no"})
        assert "To be decided: 0" in client.get(url).content.decode()
        assert set(fair.round.responses.all().counted()) == {first, third}
        second.refresh_from_db()
        assert second.duplicate_of == first
        client.post(reverse("feedback_response", args=[fair.round.pk, second.pk]), {"do": "unmark"})
        assert second in fair.round.responses.all().counted()
        actions = list(RoundEvent.objects.exclude(action="opened").values_list("action", flat=True))
        assert actions == ["marked duplicate", "found distinct", "unmarked duplicate"]

    def test_one_that_staff_came_across_themselves(self, fair: SimpleNamespace):
        first, second = submit_response(fair, "Wind"), submit_response(fair, "Wind, again")
        client = client_for(make_staff(ANALYST))
        url = reverse("feedback_response", args=[fair.round.pk, second.pk])
        page = client.post(url, {"do": "mark", "reference": "0000-0000"}, follow=True).content.decode()
        assert "No response of this round has that receipt" in page
        client.post(url, {"do": "mark", "reference": f" {first.reference.lower()}"})
        second.refresh_from_db()
        assert second.duplicate_of == first

    def test_one_that_counts_stands_behind_all(self, fair: SimpleNamespace):
        first, second, third = (submit_response(fair) for _ in range(3))
        officer = make_staff()
        duplicates.mark_duplicate(third, second, officer)
        duplicates.mark_duplicate(second, first, officer)
        third.refresh_from_db()
        assert third.duplicate_of == first
        for one, other in ((first, first), (first, second)):
            with pytest.raises(RefusedError):
                duplicates.mark_duplicate(one, other, officer)

    def test_a_duplicate_is_nobodys_to_code_and_in_no_table(self, fair: SimpleNamespace):
        first, second = (
            submit_response(fair, "Wind", sector="Kite making"),
            submit_response(fair, "Wind", sector="Kite making"),
        )
        officer = make_staff()
        close_round(fair)
        duplicates.mark_duplicate(second, first, officer)
        assert list(coding_workflow.coding_queue(fair.round, officer, second=False)) == [first]
        sector = representation(fair.round)[1]
        assert [(one.label, one.count) for one in sector.groups] == [("Kite making", 1)]

    def test_a_thousand_of_one_text_are_each_suspected_once(self, fair: SimpleNamespace, django_assert_num_queries):
        for _ in range(5):
            submit_response(fair, comment=LONG)
        with django_assert_num_queries(7):
            found = duplicates.suspected_duplicates(fair.round)
        assert len(found) == 4
        assert len({one.first for one in found}) == 1


class TestRepresentation:
    def test_who_answered_and_who_is_missing(self, fair: SimpleNamespace):
        submit_response(fair, sector="Kite making", capacity="self", area="Upper Exampleshire", attended=True)
        submit_response(fair, sector="kite making", capacity="organisation")
        submit_response(fair, sector="Baking", capacity="self")
        submit_response(fair)
        withdrawals.withdraw(submit_response(fair, sector="Bell founding", capacity="representative"))
        Response.objects.filter(respondent__sector="Baking").update(mode="table", people=7)
        splits = {one.title: one for one in representation(fair.round)}
        assert [(one.label, one.count, one.share) for one in splits["Capacity"].groups] == [
            ("For myself", 2, 50),
            ("For an organisation", 1, 25),
            ("Not said", 1, 25),
        ]
        assert splits["Capacity"].missing == ["For a body that represents others"]
        assert [(one.label, one.count) for one in splits["Sector"].groups] == [
            ("Kite making", 2),
            ("Baking", 1),
            ("Not said", 1),
        ]
        assert splits["Sector"].missing == ["Bell founding"]
        assert [one.label for one in splits["Area"].groups] == ["Upper Exampleshire", "Not said"]
        assert splits["Session whose code they used"].missing == ["Kites", "The fair itself"]
        assert "7 people sat at the tables" in splits["How it came"].note
        for split in splits.values():
            assert sum(one.count for one in split.groups) == 4
        page = (
            client_for(make_staff(ANALYST))
            .get(reverse("feedback_representation", args=[fair.round.pk]))
            .content.decode()
        )
        assert "Bell founding" in page

    def test_council_areas_are_told_apart_from_other_words(self, fair: SimpleNamespace):
        """People type where they live or work as they like."""
        for name in ("Upper Exampleshire", "Lower Exampleshire"):
            Place.objects.create(slug=slugify(name), name=name, kind=Place.Kind.AREA)
        Place.objects.create(slug="quay", name="Example Quay", kind=Place.Kind.SITE)
        for area in ("Upper Exampleshire", " upper  EXAMPLESHIRE ", "Example Quay", "example quay", "<b>Abroad</b>"):
            submit_response(fair, area=area)
        submit_response(fair, area="")
        submit_response(fair)
        (area,) = (one for one in representation(fair.round) if one.title == "Area")
        assert [(one.label, one.count) for one in area.groups] == [
            ("Upper Exampleshire", 2),
            ("Elsewhere, or in other words", 3),
            ("Not said", 2),
        ]
        assert area.missing == ["Lower Exampleshire"]
        assert area.note == "Elsewhere, or in other words: “Example Quay” (2), “<b>Abroad</b>” (1)."
        page = (
            client_for(make_staff(ANALYST))
            .get(reverse("feedback_representation", args=[fair.round.pk]))
            .content.decode()
        )
        assert "Nobody from:</strong> Lower Exampleshire." in page
        assert "&lt;b&gt;Abroad" in page
        assert "<b>Abroad" not in page

    def test_of_an_empty_round(self, fair: SimpleNamespace):
        page = client_for(make_staff(ANALYST)).get(reverse("feedback_representation", args=[fair.round.pk]))
        assert page.status_code == 200


SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted).filter(lambda pair: pair[0] < pair[1]), max_size=6
)


@given(st.text(max_size=25), SPANS, SPANS)
def test_pieces_are_the_text_and_know_what_is_on_them(text: str, coded: list[list[int]], hidden: list[list[int]]):
    codings, redactions = ([SimpleNamespace(start=a, end=b) for a, b in spans] for spans in (coded, hidden))
    found = split_into_segments(text, codings, redactions)
    assert "".join(piece.text for piece in found) == text
    at = 0
    for piece in found:
        for place in range(at, at + len(piece.text)):
            assert piece.is_hidden == any(one.start <= place < one.end for one in redactions)
            on = [number for number, one in enumerate(codings, 1) if one.start <= place < one.end]
            assert list(piece.numbers) == on
        at += len(piece.text)
    # Each code is numbered where it ends, once.
    ends = [number for piece in found for number in piece.ends]
    assert sorted(ends) == [number for number, one in enumerate(codings, 1) if one.start < len(text)]


@given(st.text(max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_words_that_are_copied_from_a_text_are_found_in_it(text: str, start: int, end: int):
    words = text[start:end]
    found = find_spans(text, words)
    if words.strip():
        assert any(text[a:b].split() == words.split() for a, b in found)
        assert all(text[a:b].split() == words.split() for a, b in found)
    else:
        assert found == ([(0, len(text))] if text else [])
