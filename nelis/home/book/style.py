"""The one style sheet of the book, which it carries inside it, and the policy that lets a browser use that one."""

from base64 import b64encode
from functools import cache
from hashlib import sha256

from django.conf import settings

from nelis.core.middleware.security_headers import PREVIEW_POLICY, policy_text
from nelis.core.staticfiles import strip_css

__all__ = ["book_csp", "book_css"]

#: Colours and sizes are the site's; the rest is the book's own.
SHEETS = ("tokens.css", "accents.css", "book.css")


@cache
def book_css() -> str:
    """The text of the ``style`` element, the same in every book. Holds nothing that could end the element."""
    folder = settings.BASE_DIR / "static" / "css"
    return strip_css("\n".join((folder / name).read_text(encoding="utf-8") for name in SHEETS))


def book_csp(*, preview: bool = False) -> str:
    """The content security policy of the book: nothing at all but its own style, known by its hash.

    With ``preview``, what the admin's frame needs besides.
    """
    allowed = f"'sha256-{b64encode(sha256(book_css().encode()).digest()).decode()}'"
    if preview:
        return policy_text(PREVIEW_POLICY | {"style-src": f"'self' {allowed}"})
    return policy_text(
        {
            "default-src": "'none'",
            "style-src": allowed,
            "img-src": "data:",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
        }
    )
