"""What a bulletin is composed of."""

from wagtail import blocks

from nelis.core.blocks import HeadingBlock, ParagraphBlock

__all__ = ["BulletinBody"]


class BulletinBody(blocks.StreamBlock):
    """The blocks a bulletin may have."""

    heading = HeadingBlock()
    text = ParagraphBlock()
