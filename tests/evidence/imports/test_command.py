"""``manage.py import_series``: what it prints and how it ends."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from nelis.evidence.models import Observation, Vintage

GOOD = "area code,indicator,year,value\nX99000001,Kite rate,2020,60\nX99000002,Kite rate,2020,61\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that can be imported."""
    path = tmp_path / "kites.csv"
    path.write_text(GOOD)
    return path


def run(capsys: pytest.CaptureFixture[str], *args: Any) -> tuple[int, str]:
    """The exit code and what was printed."""
    code = 0
    try:
        call_command("import_series", *map(str, args))
    except SystemExit as ended:
        code = int(ended.code or 0)
    except CommandError as error:
        return error.returncode, str(error)
    return code, capsys.readouterr().out


def test_a_dry_run_reports_and_changes_nothing(county: SimpleNamespace, file: Path, capsys: Any) -> None:
    code, out = run(capsys, file, "--dry-run", "--json")
    report = json.loads(out)
    assert code == 0
    assert (report["shape"], report["rows"], report["values"], report["periods"]) == ("F5", 2, 2, ["2020"])
    assert [area["held_as"] for area in report["areas"]] == ["X99000001", "X99000002"]
    assert report["changes"] == {"new": 2, "revised": 0, "unchanged": 0}
    assert (report["errors"], report["questions"], report["refused"]) == ([], [], None)
    assert not Observation.objects.exists()


def test_a_dry_run_of_what_is_not_kept_asks(db: None, file: Path, capsys: Any, county: SimpleNamespace) -> None:
    file.write_text(GOOD.replace("Kite rate", "Boats"))
    code, out = run(capsys, file, "--dry-run", "--json")
    report = json.loads(out)
    assert (code, report["rows"], [question["code"] for question in report["questions"]]) == (0, 2, ["Q1"])


def test_a_file_that_is_refused(county: SimpleNamespace, file: Path, capsys: Any) -> None:
    file.write_text(GOOD.replace("60", "sixty"))
    code, out = run(capsys, file, "--dry-run", "--json")
    (error,) = json.loads(out)["errors"]
    assert code == 1
    assert (error["code"], error["row"], error["column"]) == ("E04", 2, "value")
    assert error["message"] and error["hint"]
    code, out = run(capsys, file)
    assert code == 1
    assert "Nothing was imported" in out and "row 2" in out


def test_importing_once_and_again(county: SimpleNamespace, file: Path, capsys: Any) -> None:
    code, out = run(capsys, file, "--label", "Kites, May 2025", "--released-on", "2025-05-01")
    assert (code, "Imported: kites-may-2025" in out) == (0, True)
    assert Vintage.objects.get(key="kites-may-2025").source == county.source
    code, out = run(capsys, file)
    assert (code, "Held already" in out, Observation.objects.count()) == (0, True, 2)


def test_open_questions_are_not_imported(county: SimpleNamespace, file: Path, capsys: Any) -> None:
    file.write_text("year,value\n2020,60\n")
    code, out = run(capsys, file)
    assert (code, "--area" in out) == (1, True)
    code, _out = run(capsys, file, "--indicator", "kite-rate", "--area", "X99000001")
    assert (code, Observation.objects.count()) == (0, 1)


def test_the_indicators_are_listed(county: SimpleNamespace, capsys: Any) -> None:
    assert run(capsys, "--indicators") == (0, "kite-rate\tKite rate\n")


@pytest.mark.parametrize(
    ("args", "word"),
    [
        ([], "Name the file"),
        (["nowhere.csv"], "no file"),
        (["FILE", "--indicator", "boats"], "kite-rate"),
        (["FILE", "--area", "X1"], "no area"),
        (["FILE", "--source", "X9"], "no source"),
        (["FILE", "--released-on", "soon"], "isn’t a day"),
        (["FILE", "--unknown"], "unrecognized"),
    ],
)
def test_a_bad_call(county: SimpleNamespace, file: Path, capsys: Any, args: list[str], word: str) -> None:
    code, out = run(capsys, *(str(file) if arg == "FILE" else arg for arg in args))
    assert (code if word != "unrecognized" else 2) == 2
    assert word in out
    assert not Observation.objects.exists()
