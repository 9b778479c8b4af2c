"""Redact personal data from log lines."""

import logging
import re
from ipaddress import ip_address

__all__ = ["RedactingFormatter", "redact"]

# Only at the beginning of a word: tried at every letter, a very long word would take minutes.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# A question mark right after a word begins a query; before a blank it ends a sentence.
_QUERY = re.compile(r"(?<=\S)\?[^\s\"'<>)\]]+")
_IP_CANDIDATE = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F.:]*)")


def redact(line: str) -> str:
    """Return ``line`` without email addresses, IP addresses and query strings."""
    line = _EMAIL.sub("[mail address]", line)
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

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
