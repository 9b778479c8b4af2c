"""Tables that a screen reader can follow."""

from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

__all__ = ["TableBlock"]


class TableBlock(blocks.StructBlock):
    """A table with a caption and a heading for every column."""

    caption = blocks.CharBlock(max_length=150, help_text="What the table shows. Read first by screen readers.")
    table = TypedTableBlock(
        [
            ("text", blocks.CharBlock(required=False)),
            ("number", blocks.DecimalBlock(required=False)),
        ]
    )
    row_headings = blocks.BooleanBlock(required=False, default=True, label="First column names the rows")

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
