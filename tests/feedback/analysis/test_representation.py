"""Who answered, and who is missing."""

from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils.text import slugify

from engagement.feedback.analysis.representation import representation
from engagement.feedback.models import Response
from engagement.feedback.privacy import withdrawals
from sectors.models import Place
from tests.feedback.staff import ANALYST, client_for, make_staff, submit_response

pytestmark = pytest.mark.pg


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
