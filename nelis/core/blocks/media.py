"""Images with their captions."""

from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

__all__ = ["FigureBlock"]


class FigureBlock(blocks.StructBlock):
    """An image with a caption. The alternative text belongs to the image itself."""

    image = ImageChooserBlock()
    caption = blocks.CharBlock(required=False, max_length=200)

    class Meta:
        icon = "image"
        template = "blocks/figure.html"
        description = "An image, with a caption if it needs one"
