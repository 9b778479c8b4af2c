"""Importing figures in the admin: a file is looked at, asked about, approved once, and can be withdrawn."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nelis.evidence.imports.approval import Release, approve
from nelis.evidence.imports.reading import Choices
from nelis.evidence.models import Observation, UploadedFigures, Vintage
from tests.evidence.conftest import county
from tests.html import text_of

__all__ = ["county"]

GOOD = b"area code,indicator,year,value\nX99000001,Kite rate,2020,60\nX99000002,Kite rate,2020,61\n"


@pytest.fixture
def analyst(signed_in: Callable[..., Client]) -> Client:
    return signed_in("Analyst")


def words(response: Any) -> str:
    """The text of a page."""
    return text_of(BeautifulSoup(response.content, "html.parser"))


def choose(client: Client, content: bytes, name: str = "kites.csv") -> str:
    """Upload a file; the address of what it came to."""
    response = client.post(reverse("evidence_admin:import"), {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, words(response)
    return str(response.url)


def release_data(client: Client, address: str, county: SimpleNamespace, **changed: str) -> dict[str, str]:
    """What the form of the release holds, filled in."""
    form = client.get(address).context["release_form"]
    return {"label": "Kites, May 2025", "source": county.source.pk, "signature": form.initial["signature"]} | changed


def test_a_file_is_looked_at_and_approved(analyst: Client, county: SimpleNamespace) -> None:
    address = choose(analyst, GOOD)
    page = words(analyst.get(address))
    assert "Simple table, 2 rows; 2020; Exampleshire, Exampleton." in page
    assert "2 changes" in page
    assert not Observation.objects.exists()
    response = analyst.post(address, release_data(analyst, address, county, released_on="2025-05-01"), follow=True)
    page = words(response)
    assert "Imported: 2 new, 0 revised, 0 unchanged." in page
    vintage = Vintage.objects.get(label="Kites, May 2025")
    assert (vintage.released_on, vintage.imported_by) == (date(2025, 5, 1), analyst.person)
    assert not UploadedFigures.objects.exists()
    page = words(analyst.get(reverse("evidence_admin:import")))
    assert "Kite rate Exampleton 2020 Kites, May 2025" in page


def test_the_same_file_again_is_held_already(analyst: Client, county: SimpleNamespace) -> None:
    held = approve(GOOD, "kites.csv", Choices(), Release("Kites, May", county.source)).vintage
    address = choose(analyst, GOOD)
    response = analyst.get(address)
    assert "We have this file already" in words(response)
    response = analyst.post(address, {"label": "x", "source": county.source.pk, "signature": "x"})
    assert response.url == reverse("evidence_admin:release", args=[held.pk])
    assert Observation.objects.count() == 2


def test_what_is_wrong_stands_with_its_row_and_a_hint(analyst: Client, county: SimpleNamespace) -> None:
    address = choose(analyst, GOOD.replace(b"60", b"sixty"))
    response = analyst.get(address)
    page = words(response)
    assert "Refused: 1 thing to put right" in page
    assert "“sixty” isn’t a number" in page and "Row 2 of the file, value · E04" in page
    assert "release_form" not in response.context
    analyst.post(address, {"label": "x", "source": county.source.pk, "signature": "x"})
    assert not Observation.objects.exists()


def test_a_workbook_says_how_to_save_csv(analyst: Client, county: SimpleNamespace) -> None:
    assert "CSV UTF-8" in words(analyst.get(choose(analyst, b"PK\x03\x04 xl/workbook.xml", "kites.xlsx")))


def test_an_answer_may_be_missing_or_wrong(analyst: Client, county: SimpleNamespace) -> None:
    address = choose(analyst, b"area code,Boats afloat\nX99000001,60\n")
    form = analyst.get(address).context["questions_form"]
    assert set(form.fields) == {"figure-1", "period"}
    response = analyst.post(address, {"answer": "1", "figure-1": "kite-rate", "period": "soon"})
    page = response.content.decode()
    assert "That isn’t a period that can be read." in page and 'value="soon"' in page
    assert '<option value="kite-rate" selected>' in page
    analyst.post(address, {"answer": "1", "figure-1": "kite-rate", "period": "2020"})
    response = analyst.get(address)
    assert "Approve 1 change" in words(response)
    analyst.post(address, {"again": "1"})
    assert "questions_form" in analyst.get(address).context


def test_of_many_figures_one_is_chosen(analyst: Client, county: SimpleNamespace) -> None:
    rows = "".join(f"X99000001,Boat {n},2020,{n}\n" for n in range(20))
    address = choose(analyst, f"area code,indicator,year,value\n{rows}".encode())
    assert set(analyst.get(address).context["questions_form"].fields) == {"figure", "indicator"}
    analyst.post(address, {"answer": "1", "figure": "4", "indicator": "kite-rate"})
    response = analyst.get(address)
    assert [row["staged"].values["value"] for row in response.context["review"].new_rows] == [3]


def test_what_is_said_of_the_release_is_checked_and_stays(analyst: Client, county: SimpleNamespace) -> None:
    address = choose(analyst, GOOD)
    sent = release_data(analyst, address, county, label="", released_on="soon", note="Read with care.")
    page = analyst.post(address, sent).content.decode()
    assert "Give the release a name." in page and "Enter a day such as" in page
    assert "Read with care." in page
    assert not Observation.objects.exists()


def test_a_stale_approval_is_refused_and_what_was_typed_stays(analyst: Client, county: SimpleNamespace) -> None:
    address = choose(analyst, GOOD)
    sent = release_data(analyst, address, county, note="Read with care.")
    other = GOOD.replace(b"60", b"59")
    approve(other, "other.csv", Choices(), Release("Somebody else's", county.source, date(2025, 1, 1)))
    response = analyst.post(address, sent)
    page = response.content.decode()
    assert "changed since you looked" in page and "Read with care." in page
    assert Vintage.objects.filter(label="Kites, May 2025").count() == 0
    again = sent | {"signature": response.context["release_form"].data["signature"]}
    assert analyst.post(address, again | {"released_on": "2025-05-01"}).status_code == 302
    assert Vintage.objects.filter(label="Kites, May 2025").count() == 1


def test_nothing_is_approved_unseen(analyst: Client, county: SimpleNamespace) -> None:
    address = choose(analyst, GOOD)
    analyst.post(address, release_data(analyst, address, county, signature=""))
    assert not Observation.objects.exists()


def test_a_file_is_deleted_by_hand_and_after_a_week(analyst: Client, county: SimpleNamespace) -> None:
    address = choose(analyst, GOOD)
    UploadedFigures.objects.create(file_name="old", content=b"", by=analyst.person)
    UploadedFigures.objects.filter(file_name="old").update(at="2020-01-01T00:00Z")
    choose(analyst, GOOD)
    assert not UploadedFigures.objects.filter(file_name="old").exists()
    analyst.post(address, {"discard": "1"})
    assert UploadedFigures.objects.count() == 1


def test_nobody_sees_the_file_of_somebody_else(
    analyst: Client, county: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    address = choose(analyst, GOOD)
    assert signed_in("Administrator").get(address).status_code == 404


def test_a_release_is_withdrawn_with_a_reason(analyst: Client, county: SimpleNamespace) -> None:
    held = approve(GOOD, "kites.csv", Choices(), Release("Kites, May", county.source, date(2025, 5, 1))).vintage
    address = reverse("evidence_admin:withdraw_release", args=[held.pk])
    assert "Say why it is withdrawn." in words(analyst.post(address, {"reason": " "}))
    page = words(analyst.post(address, {"reason": "Weighted wrongly."}, follow=True))
    assert "Withdrawn" in page and "Weighted wrongly." in page
    held.refresh_from_db()
    assert held.is_withdrawn and held.withdrawn_by == analyst.person
    page = words(analyst.post(address, {"reason": "Again."}, follow=True))
    assert "Nothing was changed" in page


@pytest.mark.once
def test_the_start_costs_the_same_for_any_number_of_series(
    analyst: Client, county: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        content = GOOD.replace(b"2020", str(1990 + number).encode())
        approve(content, "k.csv", Choices(), Release(f"Kites {number}", county.source, date(2025, 5, 1)))
    with django_assert_max_num_queries(20):
        analyst.get(reverse("evidence_admin:import"))
