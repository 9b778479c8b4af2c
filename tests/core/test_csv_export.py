"""No cell of an exported file is worked out."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nelis.core.csv_export import csv_lines, csv_response, is_formula, safe_cell

SIGNS = "=+-@|%＝＋－＠\t\r\n"


@given(st.text())
def test_no_text_stays_a_formula(text):
    shown = safe_cell(text)
    assert not is_formula(shown)
    assert shown[:1] not in SIGNS or shown == ""


@given(
    st.sampled_from("=+-@＝＋－＠"),
    st.sampled_from(["", " ", "\u00a0", "\u200b", "\ufeff", "\x00", "\u202e"]),
    st.text(),
)
def test_a_sign_hidden_behind_blanks_is_found(sign, blank, rest):
    assert safe_cell(blank + sign + rest).startswith("'")


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1))
def test_plain_words_stay_as_they_are(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (-5, -5),
        (2.5, 2.5),
        (Decimal("-2.5"), Decimal("-2.5")),
        (date(2019, 7, 16), "2019-07-16"),
        (datetime(2019, 7, 16, 12, tzinfo=UTC), "2019-07-16T13:00:00+01:00"),
        ("a\x00b", "ab"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
    ],
)
def test_values(value, shown):
    assert safe_cell(value) == shown


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2), max_size=5))
def test_a_file_reads_back(rows):
    text = "".join(csv_lines(["one", "two"], rows))
    assert text.startswith("\ufeff")
    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert read == [["one", "two"], *([safe_cell(cell) for cell in row] for row in rows)]


def test_a_semicolon_begins_no_cell():
    assert '"a;=1+1"' in "".join(csv_lines(["one"], [["a;=1+1"]]))


def test_a_file_is_for_download_and_for_nobody_else():
    response = csv_response("list.csv", ["one"], [["1"]])
    assert response["Content-Disposition"] == 'attachment; filename="list.csv"'
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Type"] == "text/csv; charset=utf-8"
