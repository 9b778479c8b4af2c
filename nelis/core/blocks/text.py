"""Headings, paragraphs, quotations and callouts."""

from typing import Any

from django.utils.text import slugify
from wagtail import blocks

__all__ = [
    "RICH_TEXT_FEATURES",
    "CalloutBlock",
    "HeadingBlock",
    "HeadingValue",
    "ParagraphBlock",
    "QuoteBlock",
]

#: What editors may do inside running text. Headings are blocks of their own, so that the contents
#: list and the heading order are right; images and embeds have blocks that ask for what they need.
RICH_TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class HeadingValue(blocks.StructValue):
    """A heading with its anchor."""

    @property
    def anchor(self) -> str:
        """The fragment that links to this heading."""
        return slugify(self["text"]) or "section"


class HeadingBlock(blocks.StructBlock):
    """A section heading (level 2) or a heading inside a section (level 3)."""

    text = blocks.CharBlock(max_length=120)
    level = blocks.ChoiceBlock(
        choices=[("2", "Section"), ("3", "Inside a section")],
        default="2",
        help_text="Sections appear in the page’s contents list.",
    )

    class Meta:
        icon = "title"
        template = "blocks/heading.html"
        value_class = HeadingValue
        description = "Opens a section, or a part of one"
        preview_value = {"text": "How the strategy is made", "level": "2"}
        form_layout = ["text", "level"]


class ParagraphBlock(blocks.RichTextBlock):
    """Running text."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("features", RICH_TEXT_FEATURES)
        super().__init__(**kwargs)

    class Meta:
        icon = "pilcrow"
        template = "blocks/paragraph.html"
        label = "Text"
        description = "Paragraphs and lists, with links"
        preview_value = "<p>Plain words, short sentences, one idea to a paragraph.</p>"


class QuoteBlock(blocks.StructBlock):
    """Somebody's own words, with who said them and where."""

    text = blocks.TextBlock(max_length=600, help_text="Exactly as said. No quotation marks.")
    who = blocks.CharBlock(max_length=120, label="Who said it")
    where = blocks.CharBlock(max_length=200, label="Where", help_text="The speech, article or paper it comes from.")

    class Meta:
        icon = "openquote"
        template = "blocks/quote.html"
        description = "Words quoted exactly, with their source"
        preview_value = {"text": "The words, exactly.", "who": "The speaker", "where": "The source"}


class CalloutBlock(blocks.StructBlock):
    """A remark set apart from the text: a caveat, a definition, a change of state."""

    title = blocks.CharBlock(max_length=100)
    text = blocks.RichTextBlock(features=RICH_TEXT_FEATURES)

    class Meta:
        icon = "warning"
        template = "blocks/callout.html"
        description = "A remark set apart: a caveat, or what readers must not miss"
        preview_value = {"title": "Read this first", "text": "<p>What to bear in mind.</p>"}
