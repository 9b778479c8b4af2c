"""The code of a session: what people in the room type, or scan from a poster, to get to its page of the form.

A code of six characters is typed, so it can be guessed: who tries many is stopped. What is scanned, and every URL of
ours, has a signature after the code and can't be guessed, so it is never stopped.
"""

import io
import secrets
from typing import Any

import segno
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from engagement.feedback.models import FeedbackRound, RoundSession
from engagement.feedback.responses import guessing, throttling
from engagement.feedback.responses.keys import ALPHABET, code_of_bytes, normalise_code
from engagement.mail.signing import signatures
from nelis.core.site_address import absolute_url

__all__ = [
    "GuessingError",
    "assign_session_codes",
    "enter_code",
    "join_address",
    "join_url",
    "new_session_code",
    "qr_svg",
    "signed_code",
    "spaced_code",
]


PURPOSE = "room"
#: Different wrong codes from one network within an hour. A hall of 350 people shares one: half of them may mistype.
MAX_WRONG_CODES = 200
_CODE_LENGTH, _SIGNATURE_BYTES = 6, 5


class GuessingError(Exception):
    """Too many wrong codes came from the network: whether this one is right isn't said."""


def new_session_code() -> str:
    """A new code: two letters and four digits, such as AM7194. There are two million."""
    letters = (secrets.choice(ALPHABET[10:]) for _ in range(2))
    return "".join(letters) + "".join(secrets.choice("23456789") for _ in range(_CODE_LENGTH - 2))


def signed_code(session: RoundSession) -> str:
    """The code with its signature, for a URL: AM7194-K7QM-4T2X."""
    return f"{session.code}-{_signatures(session.code or '')[0]}"


def _signatures(code: str) -> list[str]:
    return [code_of_bytes(signature) for signature in signatures(PURPOSE, code.encode(), _SIGNATURE_BYTES)]


def assign_session_codes(round_: FeedbackRound) -> None:
    """Give a code to every session that has none."""
    for session in round_.sessions.filter(code=None):
        while RoundSession.objects.filter(code=(code := new_session_code())).exists():
            pass
        session.code = code
        session.save(update_fields=["code"])


def enter_code(request: HttpRequest, typed: str, round_: FeedbackRound | None = None) -> RoundSession | None:
    """The session of a public round with the code that was typed, or is in a URL; of ``round_``, if it is given.

    One query for a right code, three for a wrong one.

    Raises GuessingError, whether the code is right or wrong, if too many wrong ones came from the network. Not for a
    code with its signature; nor for the code of a room from which somebody in the same network has answered within the
    hour: it has nothing left to guess. Where the network isn't known, nobody is stopped (decision 47).
    """
    code, signature = _split(typed)
    if not code:
        return None
    counted_by = guessing.network_hash(request, PURPOSE)
    is_signed = normalise_code(signature) in map(normalise_code, _signatures(code))
    if is_signed or not counted_by:
        return _sessions(round_).filter(code=code).first() if is_signed or not signature else None
    sessions = _sessions(round_).annotate(has_guessed=guessing.has_guessed(counted_by, MAX_WRONG_CODES))
    session: Any = sessions.filter(code=code).first() if not signature else None
    if session is None:
        if guessing.is_rate_limited(counted_by, MAX_WRONG_CODES):
            raise GuessingError
        guessing.record_wrong(counted_by, normalise_code(typed))
        return None
    if session.has_guessed and not throttling.has_begun(throttling.throttle_key(request, session)):
        raise GuessingError
    return session


def _split(typed: str) -> tuple[str, str]:
    """The code, and the signature if there is one."""
    entered = normalise_code(typed)
    return entered[:_CODE_LENGTH], entered[_CODE_LENGTH:]


def _sessions(round_: FeedbackRound | None) -> QuerySet[RoundSession]:
    if round_ is not None:
        return RoundSession.objects.filter(round=round_)
    return RoundSession.objects.exclude(round__state=FeedbackRound.State.DRAFT).select_related("round")


def spaced_code(code: str) -> str:
    """A code as it is read out: AM 7194."""
    return f"{code[:2]} {code[2:]}"


def join_url(session: RoundSession) -> str:
    """The URL in a session’s QR code."""
    return absolute_url(reverse("feedback:join_code", args=[signed_code(session)]))


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
