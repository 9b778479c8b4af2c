"""The key of a response, its reference, and the code to come back with."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from hashlib import sha256

from engagement.mail.signing import is_valid_signature, sign

__all__ = [
    "ALPHABET",
    "code_of_bytes",
    "hash_code",
    "is_valid_key",
    "new_client_key",
    "new_reference",
    "normalise_code",
    "return_code",
]

#: Crockford's base 32: no letter that looks like a digit, none that turns codes into words one would rather not see.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: What people type instead.
LOOKALIKES = str.maketrans("OILU", "011V")
_RANDOM, _SIGNED = 14, 10
PURPOSE = "response"


def new_client_key() -> str:
    """A new signed key for a response: 32 characters that fit in a URL. Nothing is stored for it yet."""
    random = secrets.token_bytes(_RANDOM)
    return urlsafe_b64encode(random + sign(PURPOSE, random, _SIGNED)).decode()


def is_valid_key(key: str) -> bool:
    """Whether ``key`` was signed here. A key that somebody made up never reaches the database."""
    try:
        raw = urlsafe_b64decode(key.encode("ascii"))
    except (NotBase64, UnicodeEncodeError, ValueError):
        return False
    random, signature = raw[:_RANDOM], raw[_RANDOM:]
    # The same bytes can be written in other ways: only one of them is the key.
    is_canonical = urlsafe_b64encode(raw).decode() == key
    return is_canonical and len(raw) == _RANDOM + _SIGNED and is_valid_signature(PURPOSE, random, signature, _SIGNED)


def new_reference(groups: int = 2) -> str:
    """A code to read out and type: groups of four characters, 20 bits each, such as K7QM-4T2X."""
    return _in_groups(secrets.randbits(20 * groups), groups)


def return_code(client_key: str) -> str:
    """The code that leads back to the answers of a key, three groups of four: always the same one.

    So it stays good when the page that shows it is loaded again, or sent twice.
    """
    return _in_groups(int.from_bytes(sign("return", client_key.encode(), 8), "big"), 3)


def code_of_bytes(raw: bytes) -> str:
    """Five bytes as two groups of four characters."""
    return _in_groups(int.from_bytes(raw, "big"), 2)


def normalise_code(typed: str) -> str:
    """A typed code as it was made: upper case, without blanks and dashes, lookalikes corrected."""
    kept = "".join(character for character in typed.upper() if character.isalnum())
    return kept.translate(LOOKALIKES)[:40]


def hash_code(code: str) -> str:
    """The hash of a code: all that is kept of one that opens something."""
    return sha256(normalise_code(code).encode()).hexdigest()


def _in_groups(bits: int, groups: int) -> str:
    """Five bits a character, the lowest first, four characters a group."""
    return "-".join("".join(ALPHABET[bits >> 20 * group + 5 * n & 31] for n in range(4)) for group in range(groups))
