"""The code of a session: what people in the room type, or scan from a poster, to get to its page of the form."""

import io
import secrets

import segno
from django.urls import reverse

from engagement.feedback.models import FeedbackRound, RoundSession
from engagement.feedback.responses.keys import ALPHABET, normalise_code
from nelis.core.site_address import absolute_url

__all__ = [
    "assign_session_codes",
    "find_session",
    "join_address",
    "join_url",
    "new_session_code",
    "qr_svg",
    "spaced_code",
]


def new_session_code(title: str) -> str:
    """A new code: up to two letters of the title, and digits, such as AM7194."""
    initials = "".join(character for character in title.upper() if character in ALPHABET[10:])[:2]
    return initials + "".join(secrets.choice("23456789") for _ in range(6 - len(initials)))


def assign_session_codes(round_: FeedbackRound) -> None:
    """Give a code to every session that has none."""
    for session in round_.sessions.filter(code=None):
        while RoundSession.objects.filter(code=(code := new_session_code(session.title))).exists():
            pass
        session.code = code
        session.save(update_fields=["code"])


def find_session(typed: str, round_: FeedbackRound | None = None) -> RoundSession | None:
    """The session of a public round with the code that was typed; of ``round_``, if it is given. One query."""
    code = normalise_code(typed)
    if not code:
        return None
    if round_ is not None:
        return RoundSession.objects.filter(code=code, round=round_).first()
    public = RoundSession.objects.exclude(round__state=FeedbackRound.State.DRAFT)
    return public.select_related("round").filter(code=code).first()


def spaced_code(code: str) -> str:
    """A code as it is read out: AM 7194."""
    return f"{code[:2]} {code[2:]}"


def join_url(session: RoundSession) -> str:
    """The URL in a session’s QR code."""
    return absolute_url(reverse("feedback:join_code", args=[session.code]))


def join_address() -> str:
    """The address at which the code is typed, without https://."""
    return absolute_url(reverse("feedback:join")).partition("://")[2]


def qr_svg(text: str, *, inline: bool = False) -> str:
    """A QR code as an SVG file with the quiet zone that cameras need; ``inline`` to stand in a page.

    A quarter of it may be torn off or covered. The drawing has no style and no script, and takes the page’s colour.
    """
    code = segno.make(text, error="q", micro=False)
    if inline:
        return str(code.svg_inline(scale=8, border=4, omitsize=True, svgclass="qr", lineclass=None, dark="#000"))
    out = io.BytesIO()
    code.save(out, kind="svg", scale=10, border=4, light="#fff", svgclass=None, lineclass=None)
    return out.getvalue().decode()
