"""Blocks of cells: a table, and a chart. Both take cells pasted from a spreadsheet."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

from nelis.core.charts.build import Chart
from nelis.core.charts.cache import RenderedChart, rendered_chart
from nelis.core.charts.cells import CellsError, is_number, parse_number, read_cells, read_grid
from nelis.core.charts.from_cells import KINDS, cells_chart, check_fit

__all__ = ["ChartBlock", "TableBlock"]

PASTED = "Cells copied from a spreadsheet, or the text of a CSV file. The first row holds the headings."
#: Where the script puts a button that reads a file into the box.
CELLS_BOX = {"data-cells": ""}


class CellsField(blocks.TextBlock):
    """A box for pasted cells. Tabs between cells survive in it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(rows=6, help_text=kwargs.pop("help_text", PASTED), **kwargs)
        self.field.widget.attrs.update(CELLS_BOX)
        self.field.strip = False


class TableBlock(blocks.StructBlock):
    """A table with a caption and a heading for every column. Pasted cells take the place of the table when saved."""

    caption = blocks.CharBlock(max_length=150, help_text="What the table shows. Read first by screen readers.")
    cells = CellsField(
        required=False, label="Paste cells", help_text=f"{PASTED} They replace the table below when saved."
    )
    table = TypedTableBlock(
        [
            ("text", blocks.CharBlock(required=False)),
            ("number", blocks.DecimalBlock(required=False)),
        ]
    )
    row_headings = blocks.BooleanBlock(required=False, default=True, label="First column names the rows")

    def clean(self, value: Any) -> Any:
        if (value.get("cells") or "").strip():
            try:
                grid = read_grid(value["cells"])
            except CellsError as error:
                raise StructBlockValidationError(block_errors={"cells": ValidationError(str(error))}) from None
            value["table"] = self.child_blocks["table"].to_python(_typed_table(grid))
            value["cells"] = ""
        return super().clean(value)

    def get_preview_value(self) -> Any:
        return self.to_python(
            {
                "caption": "What the table shows",
                "row_headings": True,
                "table": {
                    "columns": [
                        {"type": "text", "heading": "Name"},
                        {"type": "number", "heading": "Number"},
                    ],
                    "rows": [{"values": ["The first row", 1]}, {"values": ["The second row", 2]}],
                },
            }
        )

    class Meta:
        icon = "table"
        template = "blocks/table.html"
        description = "Figures or facts in rows and columns"


def _typed_table(grid: list[list[str]]) -> dict[str, Any]:
    """The stored form of a table: a column whose cells are all numbers is one of numbers."""
    headings, rows = (grid[0], grid[1:]) if grid else ([], [])
    numeric = [
        any(row[column] for row in rows) and all(not row[column] or is_number(row[column]) for row in rows)
        for column in range(len(headings))
    ]
    return {
        "columns": [
            {"type": "number" if is_numeric else "text", "heading": heading}
            for heading, is_numeric in zip(headings, numeric, strict=True)
        ],
        "rows": [
            {
                "values": [
                    (parse_number(cell) if cell else None) if is_numeric else cell
                    for cell, is_numeric in zip(row, numeric, strict=True)
                ]
            }
            for row in rows
        ],
    }


class ChartValue(blocks.StructValue):
    """The value of a chart, which draws itself."""

    @cached_property
    def chart(self) -> Chart:
        """The chart as data."""
        words = (self["title"], self["measure"], self["description"])
        return cells_chart(self["kind"], *words, read_cells(self["cells"]))

    @property
    def rendered(self) -> RenderedChart | None:
        """The chart with its drawing, once it is drawn; None for a draft whose cells can’t be shown yet. One query."""
        try:
            return rendered_chart(self.chart)
        except CellsError:
            return None


class ChartBlock(blocks.StructBlock):
    """A chart of pasted cells, drawn in the site's own style, with its table and files to take away."""

    title = blocks.CharBlock(
        max_length=120, help_text="What the chart shows, as a finding: “Both rose, and the gap is wider”."
    )
    measure = blocks.CharBlock(max_length=200, help_text="What is measured, in which unit, where and when.")
    kind = blocks.ChoiceBlock(choices=list(KINDS.items()), default="line", label="Kind of chart")
    cells = CellsField(
        label="Cells",
        help_text=f"{PASTED} The first column holds the labels or years, the others numbers: four at most.",
    )
    description = blocks.TextBlock(
        max_length=400, help_text="What the drawing shows, in a sentence or two, for people who can’t see it."
    )
    source = blocks.CharBlock(max_length=200, help_text="Who says so, and when.")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not cleaned.get("cells") and self.is_deferred_validation:
            return cleaned
        try:
            check_fit(cleaned["kind"], read_cells(cleaned["cells"]))
        except CellsError as error:
            raise StructBlockValidationError(block_errors={"cells": ValidationError(str(error))}) from None
        return cleaned

    class Meta:
        icon = "order"
        value_class = ChartValue
        template = "blocks/chart.html"
        description = "Numbers as a chart, with their table"
        preview_value = {
            "title": "What the chart shows, as a finding",
            "measure": "What is measured, where and when",
            "kind": "bar",
            "cells": "Area,Value\nThe first,30\nThe second,20",
            "description": "The first has 30, the second 20.",
            "source": "Who says so",
        }
        form_layout = ["title", "measure", "kind", "cells", "description", "source"]
