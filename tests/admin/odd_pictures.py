"""Pictures of every odd kind, as bytes: with a camera's notes, in other colours and depths, broken and huge."""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageCms

ORIENTATION, MAKE, GPS, PLACE = 0x0112, 0x010F, 0x8825, {1: "N", 2: (54.0, 58.0, 0.0), 3: "W", 4: (1.0, 36.0, 0.0)}
#: What no stored picture may hold, wherever it stood in the upload.
SECRETS = (b"Exampleshire", b"TELEPHONE")


def encoded(picture, kind, **options):
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def half_red(mode="RGB", size=(40, 20)):
    """Its left half is red, its right one blue."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    return picture.convert(mode)


def notes(orientation=1):
    """What a telephone notes: who made it, where it was, and how it was held."""
    exif = Image.Exif()
    exif[MAKE] = "TELEPHONE"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS).update(PLACE)
    exif[0x010E] = "Exampleshire"
    return exif.tobytes()


def photograph(kind, orientation=1):
    """One with notes in every place that the format has for them."""
    options = {"exif": notes(orientation)}
    if kind in ("JPEG", "WEBP"):
        options["xmp"] = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Exampleshire</x:xmpmeta>"
    if kind == "JPEG":
        options["comment"] = b"Exampleshire"
    return encoded(half_red(), kind, **options)


def with_profile(mode, kind):
    return encoded(half_red(mode), kind, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())


def png(width, height, bits, colour, rows):
    """A PNG from its parts, for those that Pillow doesn't write."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def deep_grey():
    """Sixteen bits of grey, half of them nearly black and half nearly white."""
    row = b"\0" + b"\x10\x00" * 20 + b"\xf0\x00" * 20
    return png(40, 20, 16, 0, row * 20)


def huge(width, height):
    """A white PNG of that size, in one bit a dot: a few kilobytes."""
    return png(width, height, 1, 0, b"\0" * (1 + width // 8) * height)


def moving(kind):
    return encoded(half_red(), kind, save_all=True, append_images=[half_red().rotate(180)], duration=100)


#: Stored as still, upright pictures: file name and bytes.
GOOD = {
    "photograph": ("a.jpg", photograph("JPEG")),
    "photograph-png": ("a.png", photograph("PNG")),
    "photograph-webp": ("a.webp", photograph("WEBP")),
    "photograph-avif": ("a.avif", photograph("AVIF")),
    "print-colours": ("a.jpg", encoded(half_red("CMYK"), "JPEG", exif=notes())),
    "palette": ("a.png", encoded(half_red("P"), "PNG")),
    "palette-transparent": ("a.png", encoded(half_red("P"), "PNG", transparency=0)),
    "grey-alpha": ("a.png", encoded(half_red("LA"), "PNG")),
    "two-colours": ("a.png", encoded(half_red("1"), "PNG")),
    "sixteen-bits": ("a.png", deep_grey()),
    "sixteen-bits-colour": ("a.png", png(2, 1, 16, 2, b"\0" + b"\xff\xff\0\0\0\0" + b"\0\0\0\0\xff\xff")),
    "sixteen-bits-alpha": ("a.png", png(2, 1, 16, 6, b"\0" + b"\xff\xff\0\0\0\0\x80\0" * 2)),
    "transparent": ("a.png", encoded(half_red("RGBA"), "PNG")),
    "profile": ("a.jpg", with_profile("RGB", "JPEG")),
    "profile-damaged": ("a.jpg", encoded(half_red(), "JPEG", icc_profile=b"no profile")),
    "profile-of-another-kind": ("a.png", with_profile("L", "PNG")),
    "one-dot": ("a.png", encoded(Image.new("RGB", (1, 1)), "PNG")),
    "a-line": ("a.png", encoded(Image.new("RGB", (3000, 1)), "PNG")),
    "something-behind": ("a.jpg", encoded(half_red(), "JPEG") + b"Exampleshire<script>"),
}
#: Refused in words.
BAD = {
    "moving": ("a.webp", moving("WEBP")),
    "moving-png": ("a.png", moving("PNG")),
    "moving-gif": ("a.gif", moving("GIF")),
    "gif-by-another-name": ("a.png", moving("GIF")),
    "drawing": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>run()</script></svg>"),
    "drawing-by-another-name": ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "page": ("a.jpg", b"<html><script>run()</script></html>"),
    "nothing": ("a.png", b"\x89PNG\r\n\x1a\n"),
    "cut-off": ("a.jpg", photograph("JPEG")[:-200]),
    "cut-off-png": ("a.png", photograph("PNG")[:-40]),
    "cut-off-webp": ("a.webp", photograph("WEBP")[:-120]),
    "damaged-head": ("a.png", deep_grey().replace(b"IHDR", b"IHDX")),
    "200-megapixels": ("a.png", huge(20_000, 10_000)),
    "100-megapixels": ("a.png", huge(10_000, 10_000)),
    "50-megapixels": ("a.png", huge(10_000, 5_000)),
    "endless": ("a.png", png(2**31 - 1, 2**31 - 1, 8, 2, b"")),
    "no-size": ("a.png", png(0, 0, 8, 2, b"")),
    "photoshop": ("a.jpg", b"8BPS\0\1" + bytes(100)),
}
