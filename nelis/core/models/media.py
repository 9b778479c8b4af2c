"""The image and document models: images need an alternative text, documents may have a date."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image, get_upload_to

from nelis.core.documents import DocumentError, check_document
from nelis.core.pictures import PictureField


class SiteImage(AbstractImage):
    """An image with an alternative text, or marked as decorative.

    Wagtail's own ``description`` field holds the alternative text, so that choosers and rich text
    find it where they expect it.
    """

    file = PictureField("file", upload_to=get_upload_to, width_field="width", height_field="height")
    decorative = models.BooleanField(
        default=False,
        help_text="Tick if the image adds nothing that the words beside it don't say. "
        "Screen readers then pass over it.",
    )
    credit = models.CharField(max_length=200, blank=True, help_text="Who made the image, and under which licence.")

    admin_form_fields = (
        *(field for field in Image.admin_form_fields if field != "description"),
        "description",
        "decorative",
        "credit",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = "image"
        verbose_name_plural = "images"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Wagtail calls every new object not decorative; its own images have no such field.
        self.decorative = kwargs.get("decorative", self.decorative)

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any) -> "SiteImage":
        image = super().from_db(db, field_names, values)
        stored = dict(zip(field_names, values, strict=False))
        image.decorative = stored.get("decorative", image.decorative)
        return image

    def clean(self) -> None:
        super().clean()
        if self.decorative and self.description:
            raise ValidationError({"decorative": "Either describe the image or mark it as decoration, not both."})
        if not self.decorative and not self.description:
            raise ValidationError(
                {"description": "Say in a few words what the image shows, or tick “decorative” below."}
            )

    @property
    def alt(self) -> str:
        """The text of the ``alt`` attribute: empty for a decorative image."""
        return "" if self.decorative else self.description

    @property
    def default_alt_text(self) -> str:
        return self.alt


class SiteRendition(AbstractRendition):
    """A resized copy of an image."""

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="unique_rendition")
        ]


class SiteDocument(AbstractDocument):
    """A file for download, with the date printed on it."""

    dated = models.DateField(null=True, blank=True, help_text="The date the document itself bears, if it has one.")

    admin_form_fields = (*Document.admin_form_fields, "dated")

    class Meta(AbstractDocument.Meta):
        verbose_name = "document"
        verbose_name_plural = "documents"

    def clean(self) -> None:
        """Check a new file by its name and its bytes."""
        # The second form of several uploads has no file: it was checked by the first.
        if not self.file:
            return
        super().clean()
        if not self.file._committed:
            try:
                check_document(self.file, self.file_extension)
            except DocumentError as error:
                raise ValidationError({"file": str(error)}) from error
