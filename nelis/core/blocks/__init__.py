"""The blocks of body text, one module for each family."""

from nelis.core.blocks.body import BodyBlock
from nelis.core.blocks.links import DocumentBlock, LinkBlock, RelatedLinksBlock
from nelis.core.blocks.media import FigureBlock
from nelis.core.blocks.tables import TableBlock
from nelis.core.blocks.text import (
    RICH_TEXT_FEATURES,
    CalloutBlock,
    HeadingBlock,
    ParagraphBlock,
    QuoteBlock,
)

__all__ = [
    "RICH_TEXT_FEATURES",
    "BodyBlock",
    "CalloutBlock",
    "DocumentBlock",
    "FigureBlock",
    "HeadingBlock",
    "LinkBlock",
    "ParagraphBlock",
    "QuoteBlock",
    "RelatedLinksBlock",
    "TableBlock",
]
