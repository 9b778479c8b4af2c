"""Codes for the walls of a room: what a phone's camera reads, and what people type."""

import io

import segno
from django.conf import settings
from django.urls import reverse

from engagement.feedback.models import RoundSession

__all__ = ["join_address", "join_url", "qr_svg"]


def join_url(session: RoundSession) -> str:
    """What a camera is led to: the session's page of the form, by way of its code."""
    return settings.BASE_URL + reverse("feedback:join_code", args=[session.code])


def join_address() -> str:
    """What people type into their browser before they type the code, as they would: without https://."""
    return settings.BASE_URL.partition("://")[2] + reverse("feedback:join")


def qr_svg(text: str, *, inline: bool = False) -> str:
    """A QR code as a drawing in one colour, with the quiet zone that cameras need; ``inline`` to stand in a page.

    A quarter of it may be torn off or covered. The drawing has no style and no script, and takes the page's colour.
    """
    code = segno.make(text, error="q", micro=False)
    if inline:
        return str(code.svg_inline(scale=8, border=4, omitsize=True, svgclass="qr", lineclass=None, dark="#000"))
    out = io.BytesIO()
    code.save(out, kind="svg", scale=10, border=4, light="#fff", svgclass=None, lineclass=None)
    return out.getvalue().decode()
