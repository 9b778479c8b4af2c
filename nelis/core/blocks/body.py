"""The blocks any page's body may use, and the order its headings must keep."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from nelis.core.blocks.links import DocumentBlock, RelatedLinksBlock
from nelis.core.blocks.media import FigureBlock
from nelis.core.blocks.tables import TableBlock
from nelis.core.blocks.text import CalloutBlock, HeadingBlock, ParagraphBlock, QuoteBlock

__all__ = ["BodyBlock"]


class BodyBlock(blocks.StreamBlock):
    """Body text. Apps above this one extend it with blocks of their own."""

    heading = HeadingBlock(group="Text")
    text = ParagraphBlock(group="Text")
    quote = QuoteBlock(group="Text")
    callout = CalloutBlock(group="Text")
    figure = FigureBlock(group="Pictures and tables")
    table = TableBlock(group="Pictures and tables")
    document = DocumentBlock(group="Links")
    related_links = RelatedLinksBlock(group="Links")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors = {} if self.is_deferred_validation else heading_errors(cleaned)
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return cleaned


def heading_errors(body: Any) -> dict[int, ValidationError]:
    """What is wrong with the headings of ``body``, by the position of the block.

    A heading inside a section needs a section around it, and no two headings may lead to one anchor.
    """
    errors: dict[int, ValidationError] = {}
    in_section = False
    anchors: set[str] = set()
    for position, child in enumerate(body):
        if child.block_type != "heading":
            continue
        in_section = in_section or child.value["level"] == "2"
        if not in_section:
            errors[position] = _in_heading(
                "level", "No section has begun yet. Make this a section, or put one above it."
            )
        elif child.value.anchor in anchors:
            errors[position] = _in_heading(
                "text", "Another heading on this page has these words. Change one, so that a link can lead to each."
            )
        anchors.add(child.value.anchor)
    return errors


def _in_heading(field: str, message: str) -> StructBlockValidationError:
    return StructBlockValidationError(block_errors={field: ValidationError(message)})
