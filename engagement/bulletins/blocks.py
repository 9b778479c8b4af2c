"""The blocks that a bulletin is written in.

They have no templates of their own: ``content.py`` reads their data once, and the email, its text and its web page are
rendered from that.
"""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock

from nelis.core.blocks import ParagraphBlock
from nelis.evidence.blocks import StatisticBlock

__all__ = ["BulletinBody"]

#: Features of running text. Links to documents work in email, too.
TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class ButtonBlock(blocks.StructBlock):
    """A button that leads to a page here, or to an address elsewhere."""

    label = blocks.CharBlock(max_length=60, help_text="What happens, in a few words: “Read all eleven”.")
    page = blocks.PageChooserBlock(required=False)
    address = blocks.URLBlock(required=False, help_text="Instead of a page. Starts with https://")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        given = [name for name in ("page", "address") if cleaned.get(name)]
        # A draft may be saved before it is chosen where the button leads.
        if len(given) > 1 or (not given and not self.is_deferred_validation):
            message = ValidationError("Choose a page or give an address: one of the two.")
            raise StructBlockValidationError(block_errors={given[-1] if given else "page": message})
        return cleaned

    class Meta:
        icon = "tag"
        label = "Button"
        description = "The one thing to do next"
        preview_value = {"label": "Read all of it", "address": "https://www.example.org/"}


class PageRowBlock(blocks.StructBlock):
    """A page with a sentence on it."""

    page = blocks.PageChooserBlock()
    sentence = blocks.CharBlock(
        required=False, max_length=300, help_text="What it is, in a sentence. Left empty: the page’s own summary."
    )

    class Meta:
        icon = "doc-empty"
        description = "A page with a sentence on it"


class PagesBlock(blocks.StructBlock):
    """Propositions or other pages, each with its reference and a sentence."""

    title = blocks.CharBlock(required=False, max_length=120, help_text="A heading above them, if they need one.")
    pages = blocks.ListBlock(PageRowBlock(), min_num=1)

    class Meta:
        icon = "list-ul"
        label = "Pages"
        description = "Propositions or other pages, each with its reference and a sentence"


class StepBlock(blocks.StructBlock):
    """One thing that is to come."""

    what = blocks.CharBlock(max_length=80, help_text="Such as “Draft strategy”.")
    text = blocks.CharBlock(max_length=300, help_text="When, and who does it. Say so when no date is stated.")

    class Meta:
        icon = "date"
        description = "One thing that is to come"


class NextStepsBlock(blocks.StructBlock):
    """What happens next."""

    title = blocks.CharBlock(max_length=120, default="What happens next")
    steps = blocks.ListBlock(StepBlock(), min_num=1)

    class Meta:
        icon = "date"
        label = "What happens next"
        description = "The steps ahead, each with when and who"
        preview_value = {
            "title": "What happens next",
            "steps": [{"what": "The draft", "text": "Read by everybody. No date is stated."}],
        }


class ChangesBlock(blocks.StructBlock):
    """What was published since a day, from the list of changes."""

    title = blocks.CharBlock(max_length=120, default="What changed on the site")
    since = blocks.DateBlock(help_text="Changes of this day and later, as they stand when the bulletin is approved.")
    most = blocks.IntegerBlock(default=10, min_value=1, max_value=50, help_text="At most this many, the newest first.")

    class Meta:
        icon = "history"
        label = "Changes"
        description = "What was published since a day, from the list of changes"


class ImageBlock(blocks.StructBlock):
    """An image with a caption. The alternative text belongs to the image itself."""

    image = ImageChooserBlock()
    caption = blocks.CharBlock(required=False, max_length=200)

    def get_preview_value(self) -> Any:
        # Any image will do; before the first one is uploaded the picker shows words only.
        return self.normalize({"image": get_image_model().objects.order_by("pk").first(), "caption": "What it shows."})

    class Meta:
        icon = "image"
        label = "Image"
        description = "An image. Many people read mail with images switched off: say it in words, too"


class BulletinBody(blocks.StreamBlock):
    """The blocks a bulletin may have."""

    lead = blocks.TextBlock(
        max_length=600,
        icon="pilcrow",
        label="Lead",
        description="What this is about, in two or three sentences, set larger. Once, at the top",
        group="Text",
        preview_value="What is new, and what you can do about it.",
    )
    heading = blocks.CharBlock(
        max_length=120, icon="title", description="Opens a section", group="Text", preview_value="Three to start with"
    )
    text = ParagraphBlock(features=TEXT_FEATURES, template=None, group="Text")
    pages = PagesBlock(group="From the site")
    figure = StatisticBlock(template=None, group="From the site", label="Figure")
    changes = ChangesBlock(group="From the site")
    next = NextStepsBlock(group="More")
    button = ButtonBlock(group="More")
    image = ImageBlock(group="More")
    rule = blocks.StaticBlock(
        icon="horizontalrule", label="Line", description="A line between two parts", admin_text="A line.", group="More"
    )
