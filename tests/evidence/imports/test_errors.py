"""Every kind of problem: found, with its row and a hint, and nothing read half."""

import pytest

from tests.evidence.imports.reader import read
from tests.evidence.imports.test_shapes import API, API_ROWS

HEAD = "area code,area,period,value\n"


@pytest.mark.parametrize(
    ("code", "text", "row"),
    [
        pytest.param("E01", "apples,pears\nred,green\n", 1, id="unknown layout"),
        pytest.param("E01", "X99000001,2018,60\nX99000001,2019,61\n", 1, id="no headings"),
        pytest.param("E01", "area code,period,men,women\nX99000001,2018,1,2\n", 1, id="several columns of numbers"),
        pytest.param("E01", HEAD + "X99000001,a, b,2018,60\n", 2, id="more cells than headings"),
        pytest.param("E01", HEAD + 'X99000001,"a"b,2018,60\n', 2, id="broken quotation"),
        pytest.param("E01", HEAD + 'X99000001,"a,2018,60\nX99000001,b,2019,61\n', 2, id="open quotation"),
        pytest.param("E01", HEAD + f"X99000001,{'a' * 30_000},2018,60\n", 2, id="huge cell"),
        pytest.param("E02", "DATE_NAME,GEOGRAPHY_NAME,GEOGRAPHY_CODE\n2018,a,X99000001\n", 1, id="no OBS_VALUE"),
        pytest.param("E02", "DATE_NAME,GEOGRAPHY_NAME,2018 value,OBS_VALUE\n2018,a,b,1\n", 1, id="pivoted download"),
        pytest.param("E02", "V4_0,Time,time,Geography\n1,2018,2018,X99000001\n", 1, id="pair without a label"),
        pytest.param("E02", "area code,period,value,value\nX99000001,2018,60,61\n", 1, id="two values"),
        pytest.param("E02", "area code,name,index,index\nX99000001,a,60,61\n", 1, id="years missing"),
        pytest.param("E02", "area code,period,words\nX99000001,2018,many\n", 1, id="no numbers"),
        pytest.param("E03", HEAD + "X99000001,a,2018,60\nX99000001,a,30/06/2018,60\n", 3, id="bad period"),
        pytest.param("E03", HEAD + "X99000001,a,2011-12,60\nX99000001,a,2012-13,60\n", 2, id="month or year"),
        pytest.param("E04", HEAD + "X99000001,a,2018,sixty\n", 2, id="no number"),
        pytest.param("E04", "area code;period;value\nX99000001;2018;67,1\n", 2, id="decimal comma"),
        pytest.param("E04", HEAD + "X99000001,a,2018,#DIV/0!\n", 2, id="error of a spreadsheet"),
        pytest.param("E05", HEAD + "E0600004,a,2018,60\n", 2, id="broken area code"),
        pytest.param("E05", "area,period,value\nNowhere,2018,60\n", 2, id="unknown area name"),
        pytest.param("E05", "area,period,value\nNorth East,2018,60\n", 2, id="name of two areas"),
        pytest.param("E05", HEAD + "E06000001,Hartlepool,2018,60\n", None, id="no area that is kept"),
        pytest.param("E07", HEAD + "X99000001,a,2018,60\nX99000001,a,2018,61\n", 3, id="same row twice"),
        pytest.param("E07", HEAD + "X99000001,a,2018,60\nE99000001,a,2018,61\n", 3, id="two codes of one area"),
        pytest.param("E08", "area code,period,value,unit\nX99000001,2018,6,%\nX99000001,2019,7,£\n", 3, id="units"),
        pytest.param("E09", f"{API}\n{API_ROWS}".replace(",5\n", ",7\n"), 6, id="fewer rows than said"),
        pytest.param("E09", HEAD + "X99000001,a,2018,60\nX99000001,a,20", 3, id="cut in a row"),
        pytest.param("E09", HEAD, None, id="headings only"),
        pytest.param(
            "E10",
            "area code,period,value,treatment\nX99000001,2018,60,smoothed\nX99000001,2018,61,unsmoothed\n",
            None,
            id="smoothed and unsmoothed",
        ),
    ],
)
def test_what_is_wrong_is_said(code: str, text: str, row: int | None) -> None:
    result = read(text, indicator="kites")
    problem = result.problem(code)
    assert (problem.message != "", problem.hint != "") == (True, True)
    assert (problem.rows[0] if problem.rows and row else None) == row
    assert result.reading.is_refused


def test_the_region_is_not_the_area_of_the_strategy() -> None:
    result = read(HEAD + "E12000001,North East,2018,60\nX99000001,a,2018,60\n", indicator="kites")
    assert (result.errors, result.warnings) == ([], ["E06"])
    assert result.problem("E06").rows == [2]


def test_areas_that_are_not_kept_are_left_out_and_named() -> None:
    result = read(
        HEAD + "X99000001,a,2018,60\nE06000001,Hartlepool,2018,6\nE06000001,Hartlepool,2019,7\n", indicator="kites"
    )
    assert (result.errors, result.warnings, len(result.values)) == ([], ["W13"], 1)
    message = result.problem("W13").message
    assert "1 areas" in message and "2 values" in message and "Hartlepool (E06000001)" in message


@pytest.mark.parametrize("known", [{}, {"indicators": {"Boats": ""}}, {"indicator": "kite-rate"}])
def test_a_figure_that_is_not_known_is_asked_about_or_left_out(known: dict[str, object]) -> None:
    rows = "X99000001,Kite rate,2018,60\nX99000001,Boats,2018,5\n"
    result = read(f"area code,indicator,period,value\n{rows}", **known)
    assert (result.errors, result.questions) == ([], [] if known else ["Q1"])
    assert len(result.values) == (1 if known else 2)


def test_a_figure_is_taken_for_what_was_chosen() -> None:
    text = "area code,indicator,period,value\nX99000001,Boats,2018,60\n"
    result = read(text, indicators={"Boats": "kites"})
    (group,) = result.reading.groups.values()
    assert (group.indicator.code, result.questions) == ("kites", [])


def test_two_kinds_of_figures_are_not_taken_for_one() -> None:
    text = "area code,indicator,period,value\nX99000001,Boats,2018,60\nX99000001,Kites,2018,60\n"
    assert read(text, indicators={"Boats": "kites"}).errors == ["E07"]
    assert read(text, indicator="kite-rate").errors == ["E01"]


def test_one_cause_is_said_once_with_its_rows() -> None:
    result = read(HEAD + "".join(f"X99000001,a,20{n},many\n" for n in range(10, 40)), indicator="kites")
    (problem,) = result.reading.problems.errors
    assert (problem.count, problem.rows, problem.where) == (30, [2, 3, 4, 5, 6], "rows 2, 3, 4, 5, 6 and 25 more")


def test_causes_without_number_are_counted_together() -> None:
    result = read(HEAD + "".join(f"X99000001,a,2018,many{n}\n" for n in range(400)), indicator="kites")
    problems = result.reading.problems.errors
    assert len(problems) < 210
    assert sum(problem.count for problem in problems) == 400
