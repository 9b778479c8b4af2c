"""Requests that are cut off on the way, or name an encoding that no page of ours has."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from nelis.core.wsgi import CompleteBody, checked_application, force_utf8

FORM = "application/x-www-form-urlencoded"


class TestWholeBody:
    def test_a_whole_one_is_read_in_pieces(self):
        body = CompleteBody(BytesIO(b"one\ntwo\nthree and what comes after"), 13)
        assert (body.read(2), body.readline(), body.readline(3), body.readline(50)) == (b"on", b"e\n", b"two", b"\n")
        assert (body.read(), body.read(), body.read(5), body.readline()) == (b"three", b"", b"", b"")

    @pytest.mark.parametrize("read", ["read", "readline"])
    @pytest.mark.parametrize("size", [-1, 100])
    def test_one_that_ends_too_soon_is_none(self, read: str, size: int):
        with pytest.raises(OSError, match="cut off"):
            getattr(CompleteBody(BytesIO(b"one"), 4), read)(size)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (FORM, FORM),
        (f"{FORM}; charset=UTF-8", FORM),
        (f"{FORM}; charset=hex", FORM),
        ('multipart/form-data; boundary=B; charset="unicode_escape"', 'multipart/form-data; boundary="B"'),
        ("multipart/form-data; boundary=B", "multipart/form-data; boundary=B"),
        ("text/plain; charset*=bogus''x", "application/octet-stream"),
        ("text/plain; other*=bogus''x", "application/octet-stream"),
        ("", ""),
    ],
)
def test_no_other_encoding_is_taken(given: str, taken: str):
    assert force_utf8(given) == taken


@pytest.fixture
def connected(db: None) -> Iterator[None]:
    """The connection stays open with the test's transaction in it, as Django's own test client leaves it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def asked(method: str = "POST", body: bytes = b"", **environ: Any) -> str:
    """The status that the site answers a raw request with."""
    from nelis.wsgi import application

    said: list[str] = []
    request = {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/join/",
        "QUERY_STRING": "k=%41",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    answer = application(request | environ, lambda status, headers, info=None: said.append(status))
    b"".join(answer)
    return said[0][:3]


@pytest.mark.once
@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize(
    "charset", ["hex", "base64", "utf-7", "unicode_escape", "idna", "punycode", "x\x00y", "*=a''b"]
)
@pytest.mark.parametrize("kind", [FORM, "text/plain", "multipart/form-data; boundary=B"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_whatever_encoding_is_named_there_is_a_page(kind: str, charset: str, method: str):
    part = b'--B\r\nContent-Disposition: form-data; name="code"\r\n\r\n\\ud800\r\n--B--\r\n'
    body = part if "B" in kind else b"code=%41%ed%a0%80"
    named = f"{kind}; charset{'' if charset.startswith('*') else '='}{charset}"
    assert asked(method, body, CONTENT_TYPE=named) in {"200", "302", "404"}


@pytest.mark.once
@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=B"])
def test_what_is_cut_off_is_refused_without_a_line_in_the_log(kind: str, caplog: pytest.LogCaptureFixture):
    assert asked(body=b"code=KT", CONTENT_TYPE=kind, CONTENT_LENGTH="20") == "400"
    assert not [line for line in caplog.records if line.levelname == "ERROR"]


def test_a_length_that_is_none_is_left_to_the_server():
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.update(environ)
        return []

    for length in ("", "x", "²", "-1"):
        body = BytesIO(b"")
        checked_application(application)({"CONTENT_LENGTH": length, "wsgi.input": body}, None)
        assert seen["wsgi.input"] is body
