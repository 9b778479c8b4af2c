"""Files that are no table, or damaged: refused in words, never a traceback, whatever their bytes."""

import gzip
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nelis.evidence.imports.decoding import MAX_BYTES
from tests.evidence.imports.reader import Result, read
from tests.evidence.imports.test_shapes import API, API_ROWS, STACKED

SIMPLE = "area code,area,period,value\nX99000001,Exampleshire,2018,60\nE99000002,Exampleton,2018,61\n"
V4 = "V4_0,Time,time,Geography,geography,kind,Kind\n86.8,Month,Jan-96,X99000001,,k,Kite rate\n"
SDG = "Year,Series,GeoCode,Value\n2018,Kite rate,X99000001,60\n"
EVERY = (SIMPLE, V4, SDG, STACKED, f"{API}\n{API_ROWS}")


def archive(name: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\n\n  \r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (archive("xl/workbook.xml"), "Excel"),
        (archive("content.xml"), "OpenDocument"),
        (archive("figures.csv"), "ZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (gzip.compress(b"a,b", mtime=0), "compressed"),
        (b"\x89PNG\r\n", "picture"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b'{"value": 1}', "JSON"),
        (b"area code,period,value\nX99000001,2018,6\x000\n", "bytes that no text has"),
        (b"area code,period,value\n\x81\x8d\x8f,2018,60\n", "letters"),
        (b"just some words\nand more of them\n", "no table"),
        (b"\xff\xfea\x00,", "letters"),
    ],
)
def test_what_is_no_table_is_called_by_its_name(content: bytes, word: str) -> None:
    result = read(content)
    (problem,) = result.reading.problems.errors
    assert word in problem.message
    assert problem.hint


def test_a_file_that_is_too_large() -> None:
    assert "10 MB" in read(b"a" * (MAX_BYTES + 1)).problem("E01").message


def test_a_workbook_says_how_to_save_csv() -> None:
    assert "Save As" in read(archive("xl/workbook.xml")).problem("E01").hint


@pytest.mark.parametrize("text", EVERY)
@pytest.mark.parametrize("end", ["\r\n", "\r", "\n\n"])
def test_line_ends_make_no_difference(text: str, end: str) -> None:
    # Blank lines part the tables of a page of Nomis.
    if end == "\n\n" and text == STACKED:
        return
    assert read(text.replace("\n", end)).values == read(text).values


@pytest.mark.parametrize("text", EVERY)
def test_a_file_cut_off_anywhere_is_never_half_read(text: str) -> None:
    whole = read(text)
    for length in range(len(text.rstrip())):
        result = read(text[:length])
        rows_before = text[:length].count("\n")
        if result.errors:
            continue
        # What is left is whole rows, or a row whose last cell is cut, which nobody can see.
        assert result.reading.rows >= min(1, rows_before)
        assert set(result.values) <= set(whole.values) or rows_before >= result.reading.rows


def fate(result: Result) -> None:
    """A file is read or refused in words."""
    for problem in (*result.reading.problems.errors, *result.reading.problems.questions):
        assert problem.message
    assert result.reading.is_refused or result.reading.rows


@given(st.binary(max_size=300))
def test_any_bytes_have_a_fate(content: bytes) -> None:
    fate(read(content))


cells = st.text(alphabet='ab1290,;\t"\n£-:/[] .%\r–', max_size=12)


@given(st.sampled_from(EVERY), st.data())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_damage_to_a_file_has_a_fate(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 40))
    fate(read(text[:place] + data.draw(cells) + text[place + length :]))


@given(st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=6))
def test_any_table_has_a_fate(rows: list[list[str]]) -> None:
    fate(read("\n".join(",".join(row) for row in rows)))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["X99000001", "E99000002"]),
            st.integers(1990, 2030),
            st.decimals(min_value=0, max_value=10**9, places=2),
        ),
        min_size=1,
        max_size=20,
        unique_by=lambda row: row[:2],
    ),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    st.permutations(["area code", "year", "value", "notes"]),
)
def test_any_table_of_figures_is_read_whole(rows: list, delimiter: str, encoding: str, order: list[str]) -> None:
    lines = [order]
    for area, year, value in rows:
        cell = {"area code": area, "year": str(year), "value": f"{value:f}", "notes": "£"}
        lines.append([cell[name] for name in order])
    result = read("\n".join(delimiter.join(line) for line in lines).encode(encoding), indicator="kites")
    assert (result.errors, result.questions, result.reading.rows) == ([], [], len(rows))
    assert sorted(result.values) == sorted((area, str(year), value) for area, year, value in rows)
