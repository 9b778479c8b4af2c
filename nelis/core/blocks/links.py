"""Links to pages, documents and other sites."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock

__all__ = ["DocumentBlock", "LinkBlock", "LinkValue", "RelatedLinksBlock"]


class LinkValue(blocks.StructValue):
    """One link, wherever it goes."""

    @property
    def url(self) -> str:
        """The address, or an empty string when the linked page or document is gone."""
        if page := self.get("page"):
            return page.url or ""
        if document := self.get("document"):
            return document.url
        return self.get("address") or ""

    @property
    def text(self) -> str:
        """The words of the link: those given, else the title of what it leads to."""
        if self.get("label"):
            return self["label"]
        target = self.get("page") or self.get("document")
        return target.title if target else ""


class LinkBlock(blocks.StructBlock):
    """A link to exactly one of: a page here, a document, an address elsewhere."""

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
        given = [name for name in ("page", "document", "address") if cleaned.get(name)]
        errors = {}
        # A draft may be saved before it is chosen where the link goes.
        if len(given) > 1 or (not given and not self.is_deferred_validation):
            message = "Choose a page, a document or an address: exactly one."
            errors[given[1] if given else "page"] = ValidationError(message)
        elif given == ["address"] and not cleaned.get("label") and not self.is_deferred_validation:
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
        # Any document will do; before the first one is uploaded the picker shows words only.
        document = get_document_model().objects.order_by("pk").first()
        return self.normalize({"document": document, "note": "What the document holds, in a sentence."})

    class Meta:
        icon = "doc-full"
        template = "blocks/document.html"
        description = "A file for download, with its size and kind"
