"""Nothing about a person gets into a log line."""

import logging
from time import process_time

import pytest

from nelis.core.logs import RedactingFormatter, redact


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("Not Found: /search/?q=my+name", "Not Found: /search/?[query]"),
        ('"GET /search/?q=%00 HTTP/1.1" 200', '"GET /search/?[query] HTTP/1.1" 200'),
        ("Invalid HTTP_HOST header from 203.0.113.7.", "Invalid HTTP_HOST header from [address]."),
        ("from 2001:db8::7, again", "from [address], again"),
        ("from ::1", "from [address]"),
        (
            "Not Found: /admin/password_reset/confirm/MQ/c9x-0123456789abcdef/",
            "Not Found: /admin/password_reset/confirm/MQ/[key]/",
        ),
        ("Key (email)=(a.person+x@mail.example.org) exists", "Key (email)=([mail address]) exists"),
    ],
)
def test_addresses_and_queries_go(line: str, left: str):
    assert redact(line) == left


@pytest.mark.parametrize(
    "line",
    [
        "2019-07-04 10:15:30,123 INFO all well",
        "Django 5.2.19 started",
        "Is it there? Yes.",
        "File 'x.py', line 3, in slice[1:2:3]",
        "ratio 12:30:45",
    ],
)
def test_what_names_nobody_stays(line: str):
    assert redact(line) == line


def test_a_traceback_is_redacted_too():
    try:
        raise ValueError("no such subscriber: a.person@mail.example.org")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "x.py", 1, "failed", (), (ValueError, error, error.__traceback__)
        )
    entry = RedactingFormatter("{message}", style="{").format(record)
    assert "Traceback" in entry
    assert "a.person" not in entry


def test_a_request_leaves_no_query_in_the_log(client, canary_log):
    client.get("/no-such-page/?q=canary-1914", REMOTE_ADDR="203.0.113.9")
    lines = canary_log()
    assert "/no-such-page/" in lines
    assert "canary-1914" not in lines
    assert "203.0.113.9" not in lines


@pytest.fixture
def canary_log(db):
    """What the site's own formatter would write of everything logged meanwhile."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Keep()
    handler.setFormatter(RedactingFormatter("{levelname} {name} {message}", style="{"))
    root = logging.getLogger()
    root.addHandler(handler)
    level, root.level = root.level, logging.DEBUG
    yield lambda: "\n".join(lines)
    root.removeHandler(handler)
    root.level = level


@pytest.mark.parametrize("piece", ["a", "a@", "a.b", ":", "1:", "?", "a?", "1.1.", "a@b."])
def test_a_very_long_line_takes_no_time(piece):
    started = process_time()
    redact(piece * 100_000)
    assert process_time() - started < 5


def test_what_a_visitor_sent_begins_no_entry_of_its_own():
    record = logging.LogRecord(
        "x", logging.WARNING, "", 0, "Not Found: %s", ("/a\n2026-01-01 INFO forged\x1b[2J\u2028",), None
    )
    line = RedactingFormatter("{message}", style="{").format(record)
    assert line == r"Not Found: /a\n2026-01-01 INFO forged\x1b[2J\u2028"
