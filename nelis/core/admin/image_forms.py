"""The forms by which images come in: one by one, several at once, from a chooser, and in the place of another."""

from typing import Any

from django.core.exceptions import ValidationError
from PIL import Image
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from nelis.core.pictures import PictureError, mark_stripped, strip_picture

__all__ = ["PictureUploadField", "SiteImageForm"]


class PictureUploadField(WagtailImageField):
    """An upload that is checked as Wagtail does, and stripped at once: nothing else of it reaches the disk."""

    def to_python(self, data: Any) -> Any:
        try:
            upload = super().to_python(data)
            if upload is None:
                return None
            content = strip_picture(upload)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise ValidationError(
                f"This picture has too many pixels. Make it smaller: {self.max_image_pixels:,} at most.",
                code="file_too_many_pixels",
            ) from None
        except PictureError as error:
            raise ValidationError(str(error), code="invalid_image") from error
        except (OSError, SyntaxError, EOFError) as error:
            # Wagtail reads the size after it has looked at the first bytes alone.
            raise ValidationError(self.error_messages["invalid_image"], code="invalid_image") from error
        # In its place: an upload that still lacks its description is put aside as it came.
        upload.file.seek(0)
        upload.file.truncate()
        upload.file.write(content)
        upload.file.flush()
        upload.seek(0)
        upload.size = len(content)
        mark_stripped(upload)
        return upload


class SiteImageForm(BaseImageForm):
    """Wagtail's form for an image, with our upload."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if stock := self.fields.get("file"):
            self.fields["file"] = PictureUploadField(label=stock.label, required=stock.required, widget=stock.widget)
