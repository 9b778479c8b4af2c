"""Images with their captions."""

from collections.abc import Iterable
from typing import Any

from django.db.models import prefetch_related_objects
from wagtail import blocks
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock

__all__ = ["FigureBlock"]


class FigureBlock(blocks.StructBlock):
    """An image with a caption. The alternative text belongs to the image itself."""

    image = ImageChooserBlock()
    caption = blocks.CharBlock(required=False, max_length=200)

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        figures = super().bulk_to_python(values)
        # Two queries for all images of a page, in all their sizes.
        prefetch_related_objects([figure["image"] for figure in figures if figure["image"]], "renditions")
        return figures

    def get_preview_value(self) -> Any:
        # Any image will do; before the first one is uploaded the picker shows words only.
        image = get_image_model().objects.order_by("pk").first()
        return self.normalize({"image": image, "caption": "What the image shows."})

    class Meta:
        icon = "image"
        label = "Image"
        template = "blocks/figure.html"
        description = "An image, with a caption if it needs one"
