"""Pictures as they are stored: upright, in sRGB, eight bits a channel, and without what the camera noted.

Photographs say where and when they were taken, and with what; resized copies would repeat that to everybody. Pictures
in other colours and depths can't be made into every format that pages and mails need.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.core.files.base import ContentFile
from PIL import Image, ImageCms, ImageOps, JpegImagePlugin
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile

__all__ = ["PictureError", "PictureField", "mark_stripped", "strip_picture"]

#: The formats that are read, and how each is written.
OPTIONS: Mapping[str, dict[str, Any]] = {
    "JPEG": {"quality": 92, "optimize": True},
    "PNG": {},
    "WEBP": {"quality": 90},
    "AVIF": {"quality": 85, "speed": 8},
}
# Pillow knows the commonest formats alone until it is told.
Image.init()
SRGB = ImageCms.createProfile("sRGB")


class PictureError(ValueError):
    """Raised when a picture can't be stored, with the reason for whoever uploads it."""


def strip_picture(file: IO[bytes]) -> bytes:
    """Return the picture in ``file``, and nothing else of it, in the same format. Raises PictureError."""
    try:
        with Image.open(file, formats=list(OPTIONS)) as picture:
            # MPO is a JPEG that a telephone put other pictures behind.
            if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
                raise PictureError("This picture moves. Upload a still one.")
            return _encode(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError("This picture has too many pixels. Make it smaller.") from None
    except PictureError:
        raise
    # The readers of the formats raise whatever a damaged file leads to.
    except Exception as error:
        raise PictureError("This is no picture, or it is damaged. Save it anew and upload that file.") from error


def _encode(picture: Any) -> bytes:
    kind = "JPEG" if picture.format == "MPO" else picture.format
    options = dict(OPTIONS[kind])
    if kind == "JPEG" and picture.mode in ("L", "RGB"):
        # Compressed as it was: hardly anything is lost by doing it once more.
        options |= {"qtables": picture.quantization, "subsampling": JpegImagePlugin.get_sampling(picture)}
    plain = _in_srgb(ImageOps.exif_transpose(picture))
    # Some formats would write this again.
    plain.info = {}
    encoded = BytesIO()
    plain.save(encoded, kind, **options)
    return encoded.getvalue()


def _in_srgb(picture: Any) -> Any:
    """Return the picture in the colours that every screen and email program takes a picture without profile for."""
    if picture.mode.startswith("I"):
        # Sixteen bits. A plain conversion would make white of most of them.
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    profile = picture.info.get("icc_profile")
    alpha = picture.convert("RGBA").getchannel("A") if picture.has_transparency_data else None
    if picture.mode not in ("L", "RGB", "CMYK"):
        picture = picture.convert("RGB")
    if profile:
        picture = _converted(picture, profile)
    if picture.mode == "CMYK" or (alpha and picture.mode != "RGB"):
        picture = picture.convert("RGB")
    if alpha:
        picture.putalpha(alpha)
    return picture


def _converted(picture: Any, profile: bytes) -> Any:
    """Return the picture in sRGB; as it is when the profile is damaged or for another kind of picture."""
    try:
        return ImageCms.profileToProfile(picture, ImageCms.ImageCmsProfile(BytesIO(profile)), SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


def mark_stripped(file: Any) -> None:
    """Remember that ``file`` holds what ``strip_picture`` returned, so that it is stored as it is."""
    file.is_stripped = True


class PictureFile(WagtailImageFieldFile):
    """The file of an image: whatever door it comes by, what is stored is stripped."""

    def save(self, name: str, content: Any, save: bool = True) -> None:
        if not getattr(content, "is_stripped", False):
            content.seek(0)
            content = ContentFile(strip_picture(content), name)
        super().save(name, content, save)


class PictureField(WagtailImageField):
    """The model field of such a file."""

    attr_class = PictureFile

    def deconstruct(self) -> Any:
        """Say Wagtail's field: to the database it is the same, and migrations need not know of this one."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "wagtail.images.models.WagtailImageField", args, kwargs
