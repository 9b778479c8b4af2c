"""Cells that editors paste: what is read, what is refused and where, and the charts made of them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from wagtail.blocks.struct_block import StructBlockValidationError

from nelis.core.charts import cache
from nelis.core.charts.cells import CellsError, read_cells, read_grid
from nelis.core.charts.from_cells import KINDS, cells_chart
from nelis.core.table_blocks import ChartBlock, TableBlock

KITES = "Area\tKites\tBoats\nNorth\t1,234\t5.5\nSouth\t20%\t\n"
ONE = "Area,Kites\nNorth,12\nSouth,3\n"
CHART = {"title": "More in the north", "measure": "Kites", "description": "North 12, south 3.", "source": "A report"}


def test_tabs_semicolons_and_commas():
    for mark in ("\t", ";"):
        assert read_grid(f"a{mark}b\r\n1,5{mark}2\r\n") == [["a", "b"], ["1,5", "2"]]
    assert read_grid('\ufeffa,b\n"x, y",2\n\n') == [["a", "b"], ["x, y", "2"]]


def test_numbers_as_spreadsheets_write_them():
    cells = read_cells(KITES)
    assert cells.series == ["Kites", "Boats"]
    assert cells.values == [[Decimal(1234), Decimal("5.5")], [Decimal(20), None]]
    assert read_cells("a,b\nx,−3\n").values == [[Decimal(-3)]]
    assert read_cells("a\tb\nx\t£1 000.50\n").values == [[Decimal("1000.50")]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "at least one row"),
        ("a,b", "at least one row"),
        ("a\n1", "at least two columns"),
        ("a,b\nx,many", "Row 2, column 2: “many” is not a number."),
        ("a,b\nx,1\ny,1,2", "Row 3 has 3 cells"),
        ("a,,c\nx,1,2", "Column 2 has no heading"),
        ("a,b,b\nx,1,2", "same heading"),
        ("a,b,c,d,e,f\nx,1,2,3,4,5", "room for 4 columns"),
        ("a,b\nx,", "no number"),
        ("a,b\n" + "x,1\n" * 61, "room for 60 rows"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text, words):
    with pytest.raises(CellsError, match=words.replace("(", r"\(")):
        read_cells(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        cells = read_cells(text)
    except CellsError:
        return
    assert all(len(line) == len(cells.series) for line in cells.values)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_at_both_widths(kind):
    text = {"bar": ONE, "dot": "Area,Rate,Lower,Upper\nNorth,71,69,73\nSouth,66,62,70"}.get(kind, "a,b,c\nx,1,2\ny,3,4")
    chart = cells_chart(kind, "A title", "Measure", "Summary.", read_cells(text))
    for spec in (chart.wide, chart.narrow):
        assert "<path" in cache.render_svg(spec, f"chart-{kind}")
    assert chart.is_public


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("bar", "a,b,c\nx,1,2", "one column"),
        ("dot", "a,b,c\nx,1,2", "or three"),
        ("line", "a,b\nx,1", "two rows"),
        ("stacked", "a,b\nx,-1", "nought"),
    ],
)
def test_a_kind_that_does_not_fit_says_why(kind, text, words):
    with pytest.raises(CellsError, match=words):
        cells_chart(kind, "", "", "", read_cells(text))


def test_the_block_refuses_beside_its_box():
    block = ChartBlock()
    value = block.to_python(CHART | {"kind": "bar", "cells": "Area,Kites\nNorth,many"})
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(value)
    assert list(refused.value.block_errors) == ["cells"]
    assert "many" in str(refused.value.block_errors["cells"])
    with pytest.raises(ValidationError):
        block.clean(block.to_python(CHART | {"description": "", "kind": "bar", "cells": ONE}))


@pytest.mark.django_db
def test_the_block_shows_its_table_before_it_is_drawn():
    block = ChartBlock()
    html = block.render(block.clean(block.to_python(CHART | {"kind": "bar", "cells": ONE})))
    for words in ("More in the north", "North 12, south 3.", ">12<", "Source: A report"):
        assert words in html
    assert "UNDEFINED" not in html


def test_pasted_cells_become_the_table():
    block = TableBlock()
    value = block.to_python(
        {"caption": "Kites", "cells": KITES, "row_headings": True, "table": {"columns": [], "rows": []}}
    )
    cleaned = block.clean(value)
    assert cleaned["cells"] == ""
    assert [column["block"].name for column in cleaned["table"].columns] == ["text", "number", "number"]
    assert "<td" in block.render(cleaned)
    assert "1234" in block.render(cleaned)
