"""The StreamField blocks of body text, shared by all page types; ``BodyBlock`` puts them together."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.text import slugify
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock

from nelis.core.table_blocks import ChartBlock, TableBlock

#: What rich text offers. Headings are blocks of their own, so that the table of contents and the heading order are
#: right; images have a block that asks for their caption.
RICH_TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class HeadingValue(blocks.StructValue):
    """The value of a heading, with its anchor."""

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
    """A quotation with its speaker and source."""

    text = blocks.TextBlock(max_length=600, help_text="Exactly as said. No quotation marks.")
    who = blocks.CharBlock(max_length=120, label="Who said it")
    where = blocks.CharBlock(max_length=200, label="Where", help_text="The speech, article or paper it comes from.")

    class Meta:
        icon = "openquote"
        template = "blocks/quote.html"
        description = "Words quoted exactly, with their source"
        preview_value = {"text": "The words, exactly.", "who": "The speaker", "where": "The source"}


class CalloutBlock(blocks.StructBlock):
    """A boxed remark beside the text, such as a caveat."""

    title = blocks.CharBlock(max_length=100)
    text = blocks.RichTextBlock(features=RICH_TEXT_FEATURES)

    class Meta:
        icon = "warning"
        template = "blocks/callout.html"
        description = "A remark set apart: a caveat, or what readers must not miss"
        preview_value = {"title": "Read this first", "text": "<p>What to bear in mind.</p>"}


# --- Images -------------------------------------------------------------------------


class FigureBlock(blocks.StructBlock):
    """An image with a caption. The alternative text belongs to the image itself."""

    image = ImageChooserBlock()
    caption = blocks.CharBlock(required=False, max_length=200)

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        figures = super().bulk_to_python(values)
        # Two queries for all images of a page, with all their renditions.
        prefetch_related_objects([figure["image"] for figure in figures if figure["image"]], "renditions")
        return figures

    def get_preview_value(self) -> Any:
        # Any image will do; before the first upload the preview shows the caption only.
        image = get_image_model().objects.order_by("pk").first()
        return self.normalize({"image": image, "caption": "What the image shows."})

    class Meta:
        icon = "image"
        label = "Image"
        template = "blocks/figure.html"
        description = "An image, with a caption if it needs one"


# --- Links -------------------------------------------------------------------------------------


class LinkValue(blocks.StructValue):
    """The value of a link: its URL and text, whichever of the three targets it has."""

    @property
    def url(self) -> str:
        """The URL; empty when the linked page or document was deleted."""
        if page := self.get("page"):
            return page.url or ""
        if document := self.get("document"):
            return document.url
        return self.get("address") or ""

    @property
    def text(self) -> str:
        """The label, else the title of the page or document."""
        if self.get("label"):
            return self["label"]
        target = self.get("page") or self.get("document")
        return target.title if target else ""


class LinkBlock(blocks.StructBlock):
    """A link to exactly one of: a page of this site, a document, an external URL."""

    page = blocks.PageChooserBlock(required=False)
    document = DocumentChooserBlock(required=False)
    address = blocks.URLBlock(required=False, help_text="Starts with https://")
    label = blocks.CharBlock(
        required=False,
        max_length=120,
        help_text="Words that make sense by themselves. Needed for an address; otherwise the title is used.",
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        chosen = [name for name in ("page", "document", "address") if cleaned.get(name)]
        errors = {}
        # A draft may be saved before a target is chosen.
        if len(chosen) > 1 or (not chosen and not self.is_deferred_validation):
            message = "Choose a page, a document or an address: exactly one."
            errors[chosen[1] if chosen else "page"] = ValidationError(message)
        elif chosen == ["address"] and not cleaned.get("label") and not self.is_deferred_validation:
            errors["label"] = ValidationError("Say in words where this address leads.")
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned

    class Meta:
        icon = "link"
        value_class = LinkValue
        description = "A link to a page, a document or another site"


class RelatedLinksBlock(blocks.StructBlock):
    """A short list of links under a heading."""

    title = blocks.CharBlock(max_length=80, default="Related")
    links = blocks.ListBlock(LinkBlock(), min_num=1)

    class Meta:
        icon = "list-ul"
        template = "blocks/related_links.html"
        description = "A short list of links under a heading"
        preview_value = {
            "title": "Related",
            "links": [
                {"address": "https://www.example.org/", "label": "Where the link leads, in words"},
                {"address": "https://www.example.org/more/", "label": "Another place to read on"},
            ],
        }


class DocumentBlock(blocks.StructBlock):
    """A document to download, with a sentence on what is in it."""

    document = DocumentChooserBlock()
    note = blocks.CharBlock(required=False, max_length=200, help_text="What the document holds, in a sentence.")

    def get_preview_value(self) -> Any:
        # Any document will do; before the first upload the preview shows the note only.
        document = get_document_model().objects.order_by("pk").first()
        return self.normalize({"document": document, "note": "What the document holds, in a sentence."})

    class Meta:
        icon = "doc-full"
        template = "blocks/document.html"
        description = "A file for download, with its size and kind"


# --- The body ----------------------------------------------------------------------------------


class BodyBlock(blocks.StreamBlock):
    """The body of a page. Apps above this one subclass it to add blocks of their own."""

    heading = HeadingBlock(group="Text")
    text = ParagraphBlock(group="Text")
    quote = QuoteBlock(group="Text")
    callout = CalloutBlock(group="Text")
    figure = FigureBlock(group="Pictures and tables")
    table = TableBlock(group="Pictures and tables")
    chart = ChartBlock(group="Pictures and tables")
    document = DocumentBlock(group="Links")
    related_links = RelatedLinksBlock(group="Links")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors = {} if self.is_deferred_validation else heading_errors(cleaned)
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return cleaned


def heading_errors(body: Any) -> dict[int, ValidationError]:
    """Return the errors in the order of the headings of ``body``, by the position of the block.

    A level 3 heading needs a level 2 heading before it, and no two headings may have the same anchor.
    """
    errors: dict[int, ValidationError] = {}
    in_section = False
    anchors: set[str] = set()
    for position, child in enumerate(body):
        if child.block_type != "heading":
            continue
        in_section = in_section or child.value["level"] == "2"
        if not in_section:
            errors[position] = _heading_error(
                "level", "There is no section above this. Make this a section, or put one above it."
            )
        elif child.value.anchor in anchors:
            errors[position] = _heading_error(
                "text", "Another heading on this page has these words. Change one, so that a link can lead to each."
            )
        anchors.add(child.value.anchor)
    return errors


def _heading_error(field: str, message: str) -> StructBlockValidationError:
    return StructBlockValidationError(block_errors={field: ValidationError(message)})
