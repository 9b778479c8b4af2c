"""Responses that may be of one person: how they are found, and what staff decide."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from engagement.feedback.analysis import coding_workflow, duplicates
from engagement.feedback.analysis.permissions import RefusedError
from engagement.feedback.analysis.representation import representation
from engagement.feedback.models import RoundEvent
from tests.feedback.staff import ANALYST, client_for, close_round, make_staff, submit_response

pytestmark = pytest.mark.pg

LONG = "The tails of kites should be made from cloth that was used before, and by people who live beside the workshop."


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
