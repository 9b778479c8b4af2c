"""Each layout of files is told by its headings and read into the same values."""

from decimal import Decimal

import pytest

from tests.evidence.imports.reader import read

API = (
    "DATE,DATE_NAME,GEOGRAPHY_NAME,GEOGRAPHY_CODE,VARIABLE_NAME,MEASURES,MEASURES_NAME,OBS_VALUE,OBS_STATUS,"
    "RECORD_COUNT"
)
API_ROWS = """\
2018-06,Jul 2017-Jun 2018,Exampleshire,X99000001,Kite rate - aged 16-64,20599,Variable,67.1,A,5
2018-06,Jul 2017-Jun 2018,Exampleshire,X99000001,Kite rate - aged 16-64,21001,Numerator,671.0,A,5
2018-06,Jul 2017-Jun 2018,Exampleshire,X99000001,Kite rate - aged 16-64,21002,Denominator,1000,A,5
2018-06,Jul 2017-Jun 2018,Exampleshire,X99000001,Kite rate - aged 16-64,21003,Confidence,1.5,A,5
2018-06,Jul 2017-Jun 2018,Exampleton,E99000002,Kite rate - aged 16-64,20599,Variable,,Q,5
"""


def test_f1_folds_the_measures_of_a_cell() -> None:
    result = read(f"{API}\n{API_ROWS}")
    assert (result.shape, result.errors, result.questions, result.reading.rows) == ("F1", [], [], 5)
    assert result.values == [
        ("E99000002", "Jul 2017–Jun 2018", None),
        ("X99000001", "Jul 2017–Jun 2018", Decimal("67.1")),
    ]
    assert result.staged[0].flag == "Q"
    assert result.staged[1].values == {
        "value": Decimal("67.1"),
        "numerator": 671,
        "denominator": 1000,
        "lower": Decimal("65.6"),
        "upper": Decimal("68.6"),
    }


def test_f1_with_columns_in_another_order_and_more_of_them() -> None:
    rows = [line.split(",") for line in f"{API},EXTRA\n{API_ROWS}".splitlines()]
    rows = [row if row[0] == "DATE" else [*row, "x"] for row in rows]
    result = read("\n".join(",".join(reversed(row)) for row in rows))
    assert (result.shape, result.errors, result.reading.rows) == ("F1", [], 5)
    # What isn't known narrows what is measured, and is asked about rather than passed over.
    assert result.questions == ["Q1"]


def test_f1_with_a_total_that_narrows_nothing() -> None:
    result = read(f"{API},SEX_NAME\n" + "".join(f"{row},Total\n" for row in API_ROWS.splitlines()))
    assert (result.errors, result.questions, len(result.values)) == ([], [], 2)


def test_f1_with_the_last_month_only_is_of_twelve_months() -> None:
    result = read("DATE,GEOGRAPHY_CODE,VARIABLE_NAME,OBS_VALUE\n2018-06,X99000001,Kite rate,60\n")
    assert result.values == [("X99000001", "Jul 2017–Jun 2018", 60)]


def test_f2_with_numerators_and_notes() -> None:
    result = read(
        '\n"Kite survey"\n"Crown Copyright [from Nomis on 1 May 2023]"\n"Date       :","Jan 2022-Dec 2022"\n\n'
        '"Area","mnemonic","Numerator","Denominator","Kite rate - aged 16-64","Conf"\n\n'
        '"lep:Exampleshire","X99000001",671,1000,67.1,1.5\n"Exampleton","E99000002",!,1000,!,!\n\n'
        '"","These are estimates."\n"-","These figures are missing."\n'
    )
    assert (result.shape, result.errors, result.questions) == ("F2", [], [])
    assert result.values == [("E99000002", "2022", None), ("X99000001", "2022", Decimal("67.1"))]
    assert result.staged[1].values["lower"] == Decimal("65.6")


def test_f2_with_years_as_columns() -> None:
    result = read(
        '"Kites"\n"[from Nomis on 5 June 2024]"\n"Age        :","All Ages"\n\n'
        '"local authority","mnemonic","2020","2021"\n\n"Exampleton","E99000002",5,6\n\n"","Estimates."\n'
    )
    assert (result.shape, result.errors, result.questions) == ("F2", [], [])
    assert result.values == [("E99000002", "2020", 5), ("E99000002", "2021", 6)]


STACKED = """
"Kites"
"[from Nomis on 1 July 2026]"
"Date       :","2015"
"Colour:","Red"

"Shape","Exampleshire","","Exampleton",""

"1 : Flat",5,,6,*
"2 : Box",7,,8

"","Note."

"Kites"
"Date       :","2015"
"Colour:","Blue"

"Shape","Exampleshire","","Exampleton",""

"1 : Flat",1,,2,
"""


def test_f2_with_tables_one_below_the_other_and_columns_of_marks() -> None:
    result = read(STACKED)
    assert (result.shape, result.errors, result.questions) == ("F2", [], ["Q1"])
    assert [group.label for group in result.reading.groups.values()] == [
        "Kites; Red; 1 : Flat",
        "Kites; Red; 2 : Box",
        "Kites; Blue; 1 : Flat",
    ]
    assert [staged.values["value"] for staged in result.staged] == [6, 5, 8, 7, 2, 1]
    assert result.staged[0].flag == "*"


def test_f2_with_several_values_each_with_its_interval() -> None:
    result = read(
        '"[from Nomis on 1 May 2023]"\n"Date:","2022"\n\n'
        '"Area","mnemonic","Kite rate","Flags","Conf","Kites","Flags","Conf"\n'
        '"Exampleton","E99000002",60,,2,5000,*,100\n'
    )
    assert result.errors == []
    assert [(staged.values["value"], staged.values["upper"], staged.flag) for staged in result.staged] == [
        (60, 62, ""),
        (5000, 5100, "*"),
    ]


@pytest.mark.parametrize(
    "header",
    ["V4_0,Time_codelist,Time,Geography_codelist,Geography,sheet,Kites", "v4_0,time,time,uk-only,geography,code,name"],
)
def test_f3_reads_pairs_by_their_place(header: str) -> None:
    result = read(f"{header}\r\n86.8,Month,Jan-96,X99000001,,k1,Kite rate\r\n")
    assert (result.shape, result.errors, result.questions) == ("F3", [], [])
    assert result.values == [("X99000001", "January 1996", Decimal("86.8"))]


def test_f3_with_a_marking() -> None:
    header = "v4_1,Data Marking,calendar-years,Time,administrative-geography,Geography,kind,Kind"
    result = read(f"{header}\n,x,2018,2018,X99000001,Exampleshire,r,Kite rate\n")
    assert result.values == [("X99000001", "2018", None)]
    assert result.staged[0].flag == "x"


def test_f3_with_one_label_for_two_codes() -> None:
    header = "v4_0,mmm-yy,time,uk-only,geography,sheet,kites"
    rows = "82,Month,Apr-05,X99000001,a,G1,Box kites\n83,Month,Apr-05,X99000001,a,S1,Box kites\n"
    result = read(f"{header}\n{rows}")
    assert (result.errors, [staged.values["value"] for staged in result.staged]) == ([], [82, 83])
    assert [group.label for group in result.reading.groups.values()] == ["Box kites", "Box kites (S1)"]


def test_f4_with_blanks_for_totals() -> None:
    result = read(
        "Year,Series,Sex,Observation status,Units,GeoCode,Value\r\n"
        "2018,Kite rate,,Normal value,Percentage (%),X99000001,60.5\r\n"
        "2019,Kite rate,,Undefined,Percentage (%),X99000001,\r\n"
    )
    assert (result.shape, result.errors, result.questions) == ("F4", [], [])
    assert result.values == [("X99000001", "2018", Decimal("60.5")), ("X99000001", "2019", None)]


def test_f4_without_an_area_asks_for_it() -> None:
    text = "Year,Series,Value\n2018,Kite rate,60\n"
    assert read(text).questions == ["Q2"]
    assert read(text, area="X99000001").values == [("X99000001", "2018", 60)]


@pytest.mark.parametrize(
    "text",
    [
        "area,period,value,lower,upper\nX99000001,2018,60,58,62\n",
        "\ufeffareacd,areanm,geography,indicator,period,observation,measure,unit,lci_95,uci_95,status,notes\n"
        "X99000001,Exampleshire,County,Kite rate,2018-01-01/P1Y,60.0,Percentage,%,58,62.0,,\n",
        "value;upper;lower;period;area code\n60;62;58;2018;X99000001\n",
        "area\tperiod\tvalue\tlower\tupper\nX99000001\t2018\t60\t58\t62\n",
        '"upper","lower","value","area","period"\r"62","58","60","X99000001","2018"\r',
    ],
)
def test_f5_by_the_names_of_its_columns(text: str) -> None:
    result = read(text, indicator="kite-rate")
    assert (result.shape, result.errors, result.questions) == ("F5", [], [])
    assert result.values == [("X99000001", "2018", 60)]
    assert (result.staged[0].values["lower"], result.staged[0].values["upper"]) == (58, 62)


def test_f5_with_lines_above_and_below_the_table() -> None:
    result = read(
        "Indicator:,Kite rate of people aged 16 to 64,(Back to data dictionary),,\r\nDate: ,2020,,,\r\n,,,,\r\n"
        "Area Code,Area,Kite rate %,,\r\nX99000001,Exampleshire, \t67.1 ,,\r\n,,,,\r\nSource: Kite survey,,,,\r\n"
    )
    assert (result.shape, result.errors, result.questions) == ("F5", [], [])
    assert result.values == [("X99000001", "2020", Decimal("67.1"))]


def test_f5_in_the_letters_of_windows() -> None:
    text = "Some figures may differ\n\nAREACD,AREANM,Indicator,Period,Unit,Value\n"
    text += "X99000001,Exampleshire,Kites (£),2020,£,5\n"
    result = read(text.encode("cp1252"))
    assert (result.reading.encoding, result.errors, result.questions) == ("cp1252", [], [])
    assert result.values == [("X99000001", "2020", 5)]


def test_f5_with_years_as_columns_and_thousands_separators() -> None:
    result = read('code,name,2019,2020\nX99000001,Exampleshire,"1,234","907,931,111"\n', indicator="kites")
    assert result.values == [("X99000001", "2019", 1234), ("X99000001", "2020", 907931111)]


def test_f5_with_years_in_a_row_of_their_own() -> None:
    result = read(",,2019,2020\ncode,name,index,index\nX99000001,Exampleshire,98,100\n", indicator="kites")
    assert result.values == [("X99000001", "2019", 98), ("X99000001", "2020", 100)]


def test_f5_with_areas_as_columns() -> None:
    result = read("Year,Exampleshire,E99000002\n2018,5,6\n2019,7,8\n", indicator="kites")
    assert result.values == [
        ("E99000002", "2018", 6),
        ("E99000002", "2019", 8),
        ("X99000001", "2018", 5),
        ("X99000001", "2019", 7),
    ]


def test_f5_without_a_period_asks_for_it() -> None:
    text = "geography.code,Kites £m\nX99000001,1614.0\nE99000001,\n"
    assert read(text).questions == ["Q3"]
    result = read("geography.code,Kites £m\nX99000001,1614.0\n", period="2020")
    assert (result.errors, result.questions, result.values) == ([], [], [("X99000001", "2020", 1614)])


def test_year_and_value_alone_ask_for_the_area_and_the_figure() -> None:
    text = "year,value\n2018,60\n"
    assert read(text).questions == ["Q2", "Q1"]
    assert read(text, area="x99000001", indicator="kites").values == [("X99000001", "2018", 60)]


def test_other_codes_of_an_area_are_the_same_area() -> None:
    assert read("area code,year,kites\nE99000001,2018,60\n").values == [("X99000001", "2018", 60)]


def test_columns_that_are_not_read_are_named() -> None:
    result = read("area code,year,kites,weather\nX99000001,2018,60,windy\n")
    assert "weather" in result.problem("W14").message


def test_utf_16_is_read() -> None:
    result = read("area code\tyear\tkites\r\nX99000001\t2018\t60\r\n".encode("utf-16"))
    assert result.values == [("X99000001", "2018", 60)]
