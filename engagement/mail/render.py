"""Emails from Django templates: as text, and as HTML whose style sheet is written into its elements.

An email has two templates, ``emails/<name>.txt`` and ``emails/<name>.html``. Write a paragraph of the text on one line:
it is wrapped here. Nothing that a stranger typed, such as a name, belongs in an email to an address that isn't
confirmed: it would let anybody write to anybody through us.
"""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import css_inline
from django.conf import settings
from django.template import Context
from django.template.loader import get_template

from engagement.mail.message import Message
from engagement.mail.mime import CONTROL_CHARACTERS
from nelis.core.site_address import absolute_url

__all__ = ["WIDTH", "RenderedEmail", "automatic_message", "inline_css", "render", "wrap_text"]

#: Keep machines from answering: nobody typed this.
AUTOMATIC_HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}

#: Columns of the text: a line can be quoted twice before it breaks.
WIDTH = 64
#: What further lines of a paragraph hang under: blanks at the start, and a mark such as "-  " or "P7   ".
_HANGS = re.compile(r"[ ]*(?:\S{1,6}[ ]{2,})?")


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """An email as text and as HTML."""

    text: str
    html: str


def automatic_message(
    to: str,
    subject: str,
    name: str,
    context: Mapping[str, Any],
    headers: Mapping[str, str] = AUTOMATIC_HEADERS,
    *,
    kicker: str = "Mailing list",
) -> Message:
    """Return the email that the templates ``emails/<name>`` make of ``context``, to which ``subject`` is added.

    ``kicker`` is the quiet line under the name of the site, the same in both forms: the part of the site it is from.
    """
    # Titles are pasted from other programs, some with characters in them that no header may have.
    subject = CONTROL_CHARACTERS.sub(" ", subject)
    rendered = render(name, {"subject": subject, "kicker": kicker, **context})
    return Message(to, subject, rendered.text, rendered.html, headers)


def render(name: str, context: Mapping[str, Any]) -> RenderedEmail:
    """Render the templates ``emails/<name>`` with ``context``; the site and who runs it are added."""
    words = {
        "site_name": settings.SITE_NAME,
        "site_url": absolute_url("/"),
        "organisation": settings.ORGANISATION_NAME,
        "organisation_contact": settings.ORGANISATION_CONTACT,
        **context,
    }
    # The engine's own template, because only it can be told not to write &amp; into plain text.
    text: str = get_template(f"emails/{name}.txt").template.render(Context(words, autoescape=False))  # type: ignore[attr-defined]
    html: str = get_template(f"emails/{name}.html").render(words)
    return RenderedEmail(wrap_text(text), inline_css(html))


def wrap_text(text: str, width: int = WIDTH) -> str:
    """Break long lines between words, and leave no more than two empty lines together.

    Further lines hang under the first word, or under what stands beside a mark: ``-  `` or ``P7   ``. A link is never
    broken, so it may be longer than a line.
    """
    lines = [broken for line in text.strip().splitlines() for broken in _broken(line.rstrip(), width)]
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)) + "\n"


def inline_css(html: str) -> str:
    """Write the rules of the style sheet into the elements, since email programs drop the sheet.

    A sheet marked ``data-css-inline="keep"``, such as the one for dark schemes, stays as it is. Nothing is fetched.
    """
    done: str = _inliner().inline(html)
    return done


def _broken(line: str, width: int) -> list[str]:
    if len(line) <= width:
        return [line]
    hang = _HANGS.match(line)
    indent = len(hang[0]) if hang else 0
    # The blanks after a mark would be squeezed by the wrapping: only what comes after them is wrapped.
    broken = textwrap.wrap(
        line[indent:], width - indent, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )
    return [line[:indent] + broken[0], *(" " * indent + more for more in broken[1:])]


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)
