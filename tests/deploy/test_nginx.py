"""nginx in front of the site, as deploy/ has it: its own answers, its cache, its logs."""

import re

import pytest

from tests.deploy.conftest import HOST, Front

pytestmark = pytest.mark.once
TOKEN = "c9xk2f-0123456789abcdef0123456789abcdef"


def is_ours(response, *, secure=True):
    """Whether the site's headers are on it, once each."""
    sent = [name.lower() for name, _ in response.getheaders()]
    expected = ["content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy"]
    expected += ["strict-transport-security"] if secure else []
    return [name for name in expected if sent.count(name) != 1]


def test_a_page_comes_through_and_is_kept(front: Front):
    first = front.ask("/propositions/")
    again = front.ask("/propositions/", If_None_Match=first.headers["ETag"])
    assert (first.status, again.status) == (200, 304)
    assert not is_ours(first)
    assert f"https://{HOST}/propositions/".encode() in first.content
    assert "X-Accel-Expires" not in first.headers


@pytest.mark.parametrize(
    ("ask", "status", "words"),
    [
        ({"path": "/media/images/none.png"}, 404, "Page not found"),
        ({"path": "/media/images/kite.png", "method": "POST"}, 405, "problem with the request"),
        ({"path": "/join/", "method": "POST", "body": b"x" * (26 * 1024 * 1024)}, 413, "too large"),
        ({"path": "/?" + "x" * 9000}, 414, "problem with the request"),
        ({"path": "/", "X_Long": "x" * 9000}, 400, "problem with the request"),
        ({"path": "/%zz"}, 400, "problem with the request"),
    ],
)
def test_what_nginx_answers_itself_looks_like_the_site(front: Front, ask, status, words):
    response = front.ask(**ask)
    assert response.status == status
    assert words in response.content.decode()
    assert "nginx" not in response.content.decode()
    assert not is_ours(response)


def test_http_leads_to_the_sites_own_name_only(front: Front):
    response = front.ask("/timeline/?page=2", secure=False)
    assert (response.status, response.headers["Location"]) == (301, f"https://{HOST}/timeline/?page=2")
    assert not is_ours(response, secure=False)
    with pytest.raises(ConnectionError):
        front.ask("/", secure=False, Host="evil.example")


@pytest.mark.parametrize("length", [1000, 7900])
def test_long_query_strings_are_answered_by_the_site(front: Front, length):
    assert front.ask("/propositions/?made-up=" + "x" * length).status == 200


@pytest.mark.parametrize("path", ["/propositions/", "/nowhere/", "/join/"])
def test_large_bodies_that_nobody_reads_are_no_failure_of_the_site(front: Front, path):
    response = front.ask(path, "POST", b"x" * (20 * 1024 * 1024), Content_Type="application/octet-stream")
    assert response.status in (200, 400, 403, 404, 405)
    assert not is_ours(response)


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "Script-Name", "X-Forwarded-Host", "X-Forwarded-Prefix", "Path-Info"])
def test_no_header_of_a_visitor_says_where_the_site_is(front: Front, name):
    connection = front.connect()
    connection.putrequest("GET", "/evidence/", skip_host=True)
    for header, value in (("Host", HOST), (name, "/elsewhere")):
        connection.putheader(header, value)
    connection.endheaders()
    response = connection.getresponse()
    assert response.status == 200
    assert b"elsewhere" not in response.read()
    connection.close()


def test_kept_pages_are_read_while_the_site_is_away(front: Front):
    known = front.ask("/sectors/")
    style = re.search(r'href="(/static/[^"]+\.css)"', known.content.decode())
    assert front.ask(style[1]).status == 200
    front.stop_site()
    try:
        assert front.ask("/sectors/").content == known.content
        away = front.ask("/search/?q=never")
        assert (away.status, "temporarily unavailable" in away.content.decode()) == (502, True)
        assert not is_ours(away)
        assert away.headers["Retry-After"]
        sent = front.ask("/join/", "POST", b"email=x")
        assert "temporarily unavailable" in sent.content.decode()
    finally:
        front.start_site()
    assert front.ask("/search/?q=battery").status == 200


def test_the_logs_hold_nothing_of_visitors(front: Front):
    front.ask(f"/admin/password_reset/confirm/MQ/{TOKEN}/")
    front.ask(f"/join/{TOKEN}/?q=a-name")
    front.ask("/somebody@example.org/")
    front.ask("/x%0A2026-01-01%20INFO%20forged/")
    front.ask("/")
    logs = front.logs()
    assert " GET / 200 " in logs
    for personal in (TOKEN, "a-name", "somebody", "127.0.0.1:", "\n2026-01-01 INFO forged"):
        assert personal not in logs
