"""Answers taken away as files: who may take what, that it is written down, and what old files still hold."""

import csv
import io
import json
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from engagement.feedback.analysis import agreement, coding_workflow, duplicates, export_log
from engagement.feedback.analysis.export import as_csv, as_xlsx, build_sheet
from engagement.feedback.analysis.text_spans import apply_codes, redact_spans
from engagement.feedback.models import Code, Export, FeedbackRound, Respondent, RoundEvent, RoundQuestion
from engagement.feedback.privacy import withdrawals
from engagement.feedback.rounds.opening import freeze_form
from engagement.mailing_list import personal_data
from nelis.core.csv_export import is_formula
from tests.feedback.analysis.test_export import PAYLOADS
from tests.feedback.staff import ANALYST, client_for, close_round, make_codes, make_staff, submit_response
from tools import test_databases


def take(client: Client, fair: SimpleNamespace, **said: Any) -> Any:
    """Ask for a file."""
    return client.post(reverse("feedback_exports", args=[fair.round.pk]), {"shape": "answers", "format": "csv"} | said)


def content(response: Any) -> bytes:
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert "no-store" in response["Cache-Control"]
    return b"".join(response.streaming_content)


def rows(fair: SimpleNamespace, shape: str = "answers", **options: Any) -> list[dict[str, str]]:
    text = "".join(as_csv(build_sheet(fair.round, shape, **options))).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


class TestTaking:
    @pytest.mark.parametrize("shape", ["answers", "responses"])
    @pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
    def test_every_file_holds_the_answers_and_is_written_down(self, fair: SimpleNamespace, kind: str, shape: str):
        submit_response(fair, "More wind")
        officer = make_staff()
        data = content(take(client_for(officer), fair, shape=shape, format=kind))
        if kind == "xlsx":
            page = load_workbook(io.BytesIO(data), read_only=True).active
            cells = {cell for row in page.iter_rows(values_only=True) for cell in row}
        elif kind == "json":
            cells = {str(value) for row in json.loads(data) for value in row.values()}
        else:
            cells = {cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row}
        assert "More wind" in cells
        export = Export.objects.get()
        assert (export.shape, export.format, export.responses, export.by) == (shape, kind, 1, officer)
        assert (export.is_personal, export.is_full) == (False, False)
        event = RoundEvent.objects.get(action="exported")
        assert "1 responses, without who answered" in event.note
        assert event.by == officer

    def test_who_answered_is_asked_for_with_a_reason(self, fair: SimpleNamespace):
        submit_response(fair, "Wind", name="Ada Example", address="ada@example.org", sector="Kite making")
        client = client_for(make_staff())
        assert b"Ada" not in content(take(client, fair))
        refused = take(client, fair, personal="on", reason="  ")
        assert refused.status_code == 422
        assert "Say what the file is needed for" in refused.content.decode()
        assert Export.objects.count() == 1
        data = content(take(client, fair, personal="on", reason="Letters to those who asked"))
        assert b"Ada Example" in data
        assert b"Kite making" in data
        export = Export.objects.first()
        assert (export.is_personal, export.reason) == (True, "Letters to those who asked")

    def test_an_analyst_takes_no_personal_file(self, fair: SimpleNamespace):
        one = submit_response(fair, "Ada was here", name="Ada Example")
        analyst = make_staff(ANALYST)
        close_round(fair)
        redact_spans(one, str(fair.why.key), [(0, 3)], "personal", analyst)
        client = client_for(analyst)
        assert "With the columns" not in client.get(reverse("feedback_exports", args=[fair.round.pk])).content.decode()
        data = content(take(client, fair, personal="on", full="on", reason="So"))
        assert b"Ada" not in data
        assert Export.objects.get().is_personal is False

    def test_a_reason_is_no_formula_on_the_page(self, fair: SimpleNamespace):
        client = client_for(make_staff())
        content(take(client, fair, personal="on", reason="<script>alert(1)</script>"))
        page = client.get(reverse("feedback_exports", args=[fair.round.pk])).content.decode()
        assert "<script>alert(1)" not in page


class TestColumns:
    def test_words_that_are_blacked_out_stay_out(self, fair: SimpleNamespace):
        one = submit_response(fair, "Ask Ada, she knows", comment="Ada again")
        officer = make_staff()
        close_round(fair)
        redact_spans(one, str(fair.why.key), [(4, 7)], "personal", officer)
        redact_spans(one, f"p{fair.propositions[0].pk}-comment", [(0, 3)], "personal", officer)
        for shape in ("answers", "responses"):
            cells = {cell for row in rows(fair, shape) for cell in row.values()}
            assert {"Ask […], she knows", "[…] again"} <= cells
            assert not any("Ada" in cell for cell in cells)
            cells = {cell for row in rows(fair, shape, full=True) for cell in row.values()}
            assert {"Ask Ada, she knows", "Ada again"} <= cells

    def test_codes_stand_beside_the_answers_they_are_on(self, fair: SimpleNamespace):
        one = submit_response(fair, "Wind", comment="Rain")
        ada, bela = make_staff(ANALYST, "ada"), make_staff(ANALYST, "bela")
        (weather,) = make_codes(fair, "Weather")
        wind = Code.objects.create(round=fair.round, name="Wind", parent=weather)
        close_round(fair)
        apply_codes(one, str(fair.why.key), (0, 4), [wind, weather], ada)
        apply_codes(one, str(fair.why.key), (0, 2), [wind], bela)
        by_kind = {row["kind"]: row["codes"] for row in rows(fair)}
        assert by_kind == {"stance": "", "comment": "", "long": "Weather; Weather › Wind"}
        coding_workflow.complete_coding(one, ada)
        coding_workflow.complete_coding(one, bela)
        agreement.adjudicate(one, weather, False, ada)
        assert {row["codes"] for row in rows(fair)} == {"", "Weather › Wind"}
        assert rows(fair, "responses")[0]["codes"] == "Weather › Wind"

    def test_duplicates_say_of_what(self, fair: SimpleNamespace):
        first, second = submit_response(fair, "Wind"), submit_response(fair, "Wind")
        duplicates.mark_duplicate(second, first, make_staff())
        assert [row["duplicate_of"] for row in rows(fair, "responses")] == ["", first.reference]

    def test_two_questions_of_the_same_words_are_two_columns(self, fair: SimpleNamespace):
        ask(fair, "What is missing?")
        header = build_sheet(fair.round, "responses").header
        assert len(header) == len(set(header))
        assert "What is missing? (2)" in header

    def test_a_workbook_goes_on_on_another_page(self, fair: SimpleNamespace, monkeypatch):
        monkeypatch.setattr("engagement.feedback.analysis.export.ROWS_PER_WORKSHEET", 3)
        for number in range(4):
            submit_response(fair, f"Wind {number}")
        with as_xlsx(build_sheet(fair.round, "answers"), "Answers") as file:
            book = load_workbook(file, read_only=True)
            found = [[row[-2] for row in page.iter_rows(values_only=True)] for page in book.worksheets]
        assert [page[0] for page in found] == ["answer"] * 3
        assert sum(len(page) - 1 for page in found) == 8
        assert [len(page) - 1 for page in found] == [3, 3, 2]


class TestWhatFilesStillHold:
    def test_a_withdrawal_after_a_file_was_made(self, fair: SimpleNamespace):
        one, other = submit_response(fair, "Wind", name="Ada Example"), submit_response(fair, "Rain")
        early = submit_response(fair, "Snow")
        withdrawals.withdraw(early)
        officer = make_staff()
        client = client_for(officer)
        content(take(client, fair))
        assert export_log.stale_exports(fair.round) == []
        late = submit_response(fair, "Hail")
        for response in (one, late):
            withdrawals.withdraw(response)
        (held,) = export_log.stale_exports(fair.round)
        assert held.withdrawn == (one.reference,)
        page = client.get(reverse("feedback_exports", args=[fair.round.pk])).content.decode()
        assert one.reference in page
        assert "Ada" not in page
        desk = client.get(reverse("feedback_dashboard", args=[fair.round.pk])).content.decode()
        assert "Exports hold what was withdrawn since" in desk
        client.post(reverse("feedback_exports", args=[fair.round.pk]), {"do": "clear", "export": held.export.pk})
        assert export_log.stale_exports(fair.round) == []
        assert RoundEvent.objects.filter(action="copies cleared", by=officer).exists()
        # What is withdrawn after that counts again.
        withdrawals.withdraw(other)
        (held,) = export_log.stale_exports(fair.round)
        assert held.withdrawn == (other.reference,)

    def test_personal_details_that_were_erased_while_the_words_stay(self, fair: SimpleNamespace):
        one = submit_response(fair, "Wind", name="Ada Example", address="ada@example.org")
        client = client_for(make_staff())
        content(take(client, fair))
        content(take(client, fair, personal="on", reason="So"))
        assert personal_data.erase("ada@example.org")["feedback"] == 1
        assert not Respondent.objects.exists()
        (held,) = export_log.stale_exports(fair.round)
        assert (held.export.is_personal, held.erased, held.withdrawn) == (True, (one.reference,), ())

    def test_contact_details_outlived_by_a_file(self, fair: SimpleNamespace):
        submit_response(fair, "Wind", name="Ada Example", address="ada@example.org")
        close_round(fair)
        client = client_for(make_staff())
        content(take(client, fair))
        content(take(client, fair, personal="on", reason="So"))
        long_ago = timezone.now() - timedelta(days=500)
        Export.objects.update(at=long_ago)
        assert export_log.stale_exports(fair.round) == []
        fair.round.reported_at = long_ago
        fair.round.contact_months = 12
        (held,) = export_log.stale_exports(fair.round)
        assert held.export.is_personal
        export_log.mark_copies_cleared(held.export, None)
        assert export_log.stale_exports(fair.round) == []

    def test_words_that_were_blacked_out_later(self, fair: SimpleNamespace):
        one = submit_response(fair, "Ada was here")
        officer = make_staff()
        close_round(fair)
        client = client_for(officer)
        content(take(client, fair))
        redact_spans(one, str(fair.why.key), [(0, 3)], "personal", officer)
        content(take(client, fair))
        (held,) = export_log.stale_exports(fair.round)
        assert held.redacted == (one.reference,)


@pytest.mark.once
@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice isn’t here; openpyxl reads the files elsewhere"
)
@pytest.mark.parametrize("shape", ["answers", "responses"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_libreoffice_works_nothing_out(fair: SimpleNamespace, tmp_path: Path, kind: str, shape: str):
    """Opened as a person would, and saved again as the tables that LibreOffice made of it."""
    ask(fair, *PAYLOADS)
    for payload in PAYLOADS:
        submit_response(fair, payload, name=payload)
    data = content(take(client_for(make_staff()), fair, shape=shape, format=kind, personal="on", reason="So"))
    (tmp_path / f"answers.{kind}").write_bytes(data)
    done = subprocess.run(
        [
            *(shutil.which("soffice"), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"),
            *("--convert-to", "fods", "--outdir", str(tmp_path), str(tmp_path / f"answers.{kind}")),
        ],
        capture_output=True,
        timeout=120,
        check=False,
    )
    opened = tmp_path / "answers.fods"
    assert opened.exists(), done.stderr.decode()[-500:]
    table = opened.read_text()
    assert "table:formula" not in table
    assert "xlink:href" not in table.partition("<office:body>")[2]
    assert "1+2" in table


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_column_is_named_by_a_formula(fair: SimpleNamespace, kind: str):
    ask(fair, *PAYLOADS)
    data = content(take(client_for(make_staff()), fair, shape="responses", format=kind))
    if kind == "xlsx":
        page = load_workbook(io.BytesIO(data)).active
        header = [cell.value for cell in page[1]]
        assert {cell.data_type for cell in page[1]} == {"s"}
    else:
        header = next(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert "'=1+2" in header
    assert not [name for name in header if is_formula(name)]


def ask(fair: SimpleNamespace, *texts: str) -> None:
    """A form with more questions."""
    for text in texts:
        RoundQuestion.objects.create(session=fair.sessions[1], text=text)
    freeze_form(FeedbackRound.objects.get(pk=fair.round.pk))


@pytest.mark.slow
@pytest.mark.once
def test_fifty_thousand_responses_take_little_memory(tmp_path: Path):
    """Each kind of file in a process of its own, through the view: it grows by less than 60 MB whatever it sends."""
    database = tmp_path / "answers.sqlite3"
    test_databases.copy_sqlite(database, content=False)
    big_file(database, "fill")
    for kind in ("csv", "xlsx", "json"):
        said = json.loads(big_file(database, kind).splitlines()[-1])
        assert said["responses"] == 50_000
        assert said["bytes"] > 4_000_000
        assert said["grown"] < 60_000_000, kind
    said = json.loads(big_file(database, "open").splitlines()[-1])
    assert said["rows"] == 100_000
    assert said["grown"] < 60_000_000, "open data"


def big_file(database: Path, what: str) -> str:
    command = [sys.executable, "-m", "tests.feedback.analysis.large_export", str(database), what]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
