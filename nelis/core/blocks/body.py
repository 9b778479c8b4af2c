"""The blocks any page's body may use."""

from wagtail import blocks

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
