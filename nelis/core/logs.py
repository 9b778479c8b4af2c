"""Redact personal data from log lines."""

import logging
import re
from ipaddress import ip_address

__all__ = ["RedactingFormatter", "redact"]

# Only at the beginning of a word: tried at every letter, a very long word would take minutes.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# A question mark right after a word begins a query; before a blank it ends a sentence.
_QUERY = re.compile(r"(?<=\S)\?[^\s\"'<>)\]]+")
# Tokens and keys in a path: long, with letters and digits.
_KEY = re.compile(r"(?<=/)(?=[\w.:=-]{0,200}\d)(?=[\w.:=-]{0,200}[A-Za-z])[\w.:=-]{16,}")
# A line break in what somebody sent would begin an entry of their own.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_IP_CANDIDATE = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F.:]*)")


def redact(line: str) -> str:
    """Return ``line`` without email addresses, IP addresses, query strings, and tokens in paths."""
    line = _EMAIL.sub("[mail address]", line)
    line = _KEY.sub("[key]", line)
    line = _QUERY.sub("?[query]", line)
    return _IP_CANDIDATE.sub(_redact_ip, line)


def _redact_ip(match: re.Match[str]) -> str:
    """Redact the match if it is an IP address: a time of day looks much like one."""
    text = match[0].rstrip(".:") if not match[0].endswith("::") else match[0]
    try:
        ip_address(text)
    except ValueError:
        return match[0]
    return "[address]" + match[0][len(text) :]


class RedactingFormatter(logging.Formatter):
    """Format as usual, then redact the whole entry, its traceback included."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's own name
        """Escape control characters of the message, which may be a visitor's. A traceback keeps its lines."""
        return _CONTROL.sub(lambda match: ascii(match[0])[1:-1], super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
