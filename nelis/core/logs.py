"""Log lines that say what happened and not to whom."""

import logging
import re
from ipaddress import ip_address

__all__ = ["RedactingFormatter", "redact"]

# Begins only where a word does: tried at every letter, a very long word would take minutes.
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Directly after a word, a question mark begins a query; before a blank it ends a sentence.
_QUERY = re.compile(r"(?<=\S)\?[^\s\"'<>)\]]+")
_MAYBE_ADDRESS = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F.:]*)")


def redact(line: str) -> str:
    """``line`` without mail addresses, network addresses and query strings."""
    line = _MAIL.sub("[mail address]", line)
    line = _QUERY.sub("?[query]", line)
    return _MAYBE_ADDRESS.sub(_hidden_address, line)


def _hidden_address(match: re.Match[str]) -> str:
    """A time of day looks much like an address: only what really is one goes."""
    text = match[0].rstrip(".:") if not match[0].endswith("::") else match[0]
    try:
        ip_address(text)
    except ValueError:
        return match[0]
    return "[address]" + match[0][len(text) :]


class RedactingFormatter(logging.Formatter):
    """Formats as usual, then redacts the whole entry, its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
