"""Tables that a screen reader can follow."""

from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail import blocks

__all__ = ["TableBlock"]


class TableBlock(blocks.StructBlock):
    """A table with a caption and a heading for every column."""

    caption = blocks.CharBlock(
        max_length=150, help_text="What the table shows. Read first by screen readers."
    )
    table = TypedTableBlock(
        [
            ("text", blocks.CharBlock(required=False)),
            ("number", blocks.DecimalBlock(required=False)),
        ]
    )
    row_headings = blocks.BooleanBlock(
        required=False, default=True, label="First column names the rows"
    )

    class Meta:
        icon = "table"
        template = "blocks/table.html"
        description = "Figures or facts in rows and columns"
