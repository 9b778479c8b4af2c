"""Email addresses: their normal form, and the keyed hash that stands for one once it is erased."""

import hmac
from hashlib import sha256

from django.conf import settings
from email_validator import EmailNotValidError, validate_email

__all__ = ["address_hash", "clean_address", "domain_of"]


def clean_address(raw: str) -> str:
    """Normalise an address: no blanks around it, its domain in lower case and in ASCII.

    Raises ValueError, with a message for the person who typed it, if no email could be sent there.
    """
    typed = raw.strip()
    if not typed:
        raise ValueError("Enter your email address")
    if any(ord(character) < 32 or ord(character) == 127 for character in typed):
        raise ValueError("Take the line breaks and other control characters out of the email address")
    try:
        found = validate_email(typed, check_deliverability=False, allow_smtputf8=True, strict=True)
    except EmailNotValidError:
        raise ValueError("Enter an email address in the right form, such as name@example.org") from None
    if found.ascii_email is None:
        raise ValueError(
            "We can’t send to an address with letters beyond a to z before the @. Enter another address if you have one"
        )
    return str(found.ascii_email)


def domain_of(address: str) -> str:
    """The part after the @, in lower case."""
    return address.rpartition("@")[2].lower()


def address_hash(address: str) -> str:
    """The keyed hash of an address, 64 hexadecimal digits, whatever its case.

    HMAC-SHA256 with ``ADDRESS_KEY``, so that nobody without the key can try addresses against it.
    """
    return hmac.new(settings.ADDRESS_KEY.encode(), address.strip().casefold().encode(), sha256).hexdigest()
