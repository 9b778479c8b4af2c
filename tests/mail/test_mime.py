"""Mail byte by byte, and read back by Python's own parser."""

import email
import email.policy
import re
import string
import uuid
from datetime import UTC, datetime

import pytest
from django.core.mail import EmailMultiAlternatives
from hypothesis import example, given
from hypothesis import strategies as st

from engagement.mail.message import Message, MessageTemplate, build_envelope, message_id, uuid_from_message_id
from engagement.mail.transports.smtp import encode_content

NAME = uuid.UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
AT = datetime(2026, 11, 22, 15, 4, 5, tzinfo=UTC)

FROM = "North East Local Industrial Strategy <bulletins@example.org>"

WHOLE = """\
From: North East Local Industrial Strategy <bulletins@example.org>
To: reader@example.org
Date: Sun, 22 Nov 2026 15:04:05 +0000
Message-ID: <0f8fad5b-d9cb-469f-a165-70867728950e@testserver>
Subject: =?utf-8?b?Q2Fmw6k=?=
Auto-Submitted: auto-generated
List-Unsubscribe: <https://www.example.org/leave/abc=def/>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_0f8fad5bd9cb469fa16570867728950e"

--=_0f8fad5bd9cb469fa16570867728950e
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

Caf=C3=A9 =3D good.
To leave:=20=
https://www.example.org/leave/abc=3Ddef/=

--=_0f8fad5bd9cb469fa16570867728950e
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

<a href=3D"=
https://www.example.org/leave/abc=3Ddef/=
">Leave</a>
--=_0f8fad5bd9cb469fa16570867728950e--
"""


def test_every_byte():
    template = MessageTemplate(
        "Café",
        "Café = good.\nTo leave: ⟦leave⟧",
        '<a href="⟦leave⟧">Leave</a>',
        {"Auto-Submitted": "auto-generated", "List-Unsubscribe": "<⟦leave⟧>"},
    )
    message = template.fill("reader@example.org", {"leave": "https://www.example.org/leave/abc=def/"})
    assert build_envelope(message, NAME, AT).data.decode() == WHOLE.replace("\n", "\r\n")
    # The same message without a template reads the same.
    plain = Message(message.to, message.subject, message.text, message.html, message.headers)
    assert read(build_envelope(plain, NAME, AT).data) == read(build_envelope(message, NAME, AT).data)


def test_its_name_is_the_same_each_time():
    assert message_id(NAME) == f"<{NAME}@testserver>"
    assert uuid_from_message_id(message_id(NAME)) == NAME
    assert uuid_from_message_id(f"{NAME}@elsewhere.example.org") == NAME
    assert uuid_from_message_id("<CAF-1@mail.example.org>") is None


def read(data):
    """Subject, recipients, text and HTML, as an email program sees them."""
    parsed = email.message_from_bytes(data, policy=email.policy.default)
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    contents = [part.get_content().replace("\r\n", "\n") if part else "" for part in (text, html)]
    return [str(parsed["Subject"]), str(parsed["From"]), str(parsed["To"]), *contents]


def well_formed(data):
    """What every server may insist on."""
    assert data.isascii()
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", data) is None
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    body = data.partition(b"\r\n\r\n")[2].split(b"\r\n")
    assert max(map(len, body)) <= 76
    return lines


# Everything people write, and what they don't: no lone surrogates, which no encoding has.
ANYTHING = st.text(st.characters(exclude_categories=("Cs",)), max_size=400)
WRITTEN = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200)
VALUE = st.text(string.digits + string.ascii_letters + string.punctuation, min_size=1, max_size=300)


def as_lines(text):
    """Line ends are the one thing that email changes."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(subject=WRITTEN, text=ANYTHING, html=ANYTHING)
@example(subject="", text=".\n..\n.x\nFrom here\n\n", html="")
@example(subject="a" * 1200, text="a" * 2000, html="é" * 500)
@example(subject="=?utf-8?q?Looks_encoded?=", text="=", html=" ")
@example(subject=" blanks  within ", text="trailing \t\nblanks ", html="\x00")
def test_what_is_written_is_what_is_read(subject, text, html):
    data = build_envelope(Message("reader@example.org", subject, text, html), NAME, AT).data
    well_formed(data)
    seen = read(data)
    assert seen[1:3] == [FROM, "reader@example.org"]
    assert plain_part(data) == as_lines(text)
    assert html_part(data) == as_lines(html)
    assert header(data, "Subject") == subject


def parts(data):
    parsed = email.message_from_bytes(data)
    return [part for part in parsed.walk() if not part.is_multipart()]


def plain_part(data):
    return as_lines(parts(data)[0].get_payload(decode=True).decode())


def html_part(data):
    others = parts(data)[1:]
    return as_lines(others[0].get_payload(decode=True).decode()) if others else ""


def header(data, name):
    """A header, unfolded and decoded, with every blank."""
    raw = email.message_from_bytes(data)[name].replace("\r\n", "")
    return str(email.header.make_header(email.header.decode_header(raw)))


@given(pieces=st.lists(ANYTHING.filter(lambda text: "⟦" not in text), min_size=2, max_size=5), value=VALUE)
@example(pieces=["", ""], value="=" * 100)
@example(pieces=["a\n", "\nb"], value="." * 80)
@example(pieces=["x ", " y"], value="=3D")
@example(pieces=["x\r", "\ny"], value="v")
def test_a_template_reads_as_if_it_had_been_written_out(pieces, value):
    text = "⟦here⟧".join(pieces)
    template = MessageTemplate("Subject", text, "<p>" + text, {"List-Unsubscribe": "<⟦here⟧>"})
    message = template.fill("reader@example.org", {"here": value})
    data = build_envelope(message, NAME, AT).data
    well_formed(data)
    expected = value.join(as_lines(piece) for piece in pieces)
    assert as_lines(message.text) == as_lines(text.replace("⟦here⟧", value))
    assert plain_part(data) == expected
    assert html_part(data) == "<p>" + expected
    assert message.headers == {"List-Unsubscribe": f"<{value}>"}


@given(
    subject=WRITTEN.map(str.strip).filter(lambda text: "=?" not in text and text.isprintable()),
    text=ANYTHING.filter(bool),
)
def test_it_says_what_django_would_say(subject, text):
    message = Message("reader@example.org", subject, text, "<p>Ü</p>", {"Auto-Submitted": "auto-generated"})
    theirs = EmailMultiAlternatives(subject, text, FROM, [message.to], headers=message.headers)
    theirs.attach_alternative(message.html, "text/html")
    ours = build_envelope(message, NAME, AT).data
    raw = theirs.message().as_bytes()
    assert plain_part(ours) == as_lines(parts(raw)[0].get_payload(decode=True).decode())
    assert html_part(ours) == html_part(raw)
    for name in ("From", "To", "Auto-Submitted"):
        assert header(ours, name) == header(raw, name)
    parsed, other = email.message_from_bytes(ours), email.message_from_bytes(raw)
    assert [part.get_content_type() for part in parsed.walk()] == [part.get_content_type() for part in other.walk()]


@pytest.mark.parametrize("bad", ["a\r\nBcc: b@example.org", "a\nb", "a\rb", "a\x00b", "a\x0bb", "a\x85b"])
def test_no_header_is_smuggled_in(bad):
    with pytest.raises(ValueError, match="control"):
        build_envelope(Message("a@example.org", bad, ""), NAME, AT)
    with pytest.raises(ValueError, match="control"):
        build_envelope(Message("a@example.org", "x", "", "", {"List-Id": bad}), NAME, AT)
    for address in (bad, f"{bad}@example.org", f"a@{bad}"):
        with pytest.raises(ValueError, match="address"):
            build_envelope(Message(address, "x", ""), NAME, AT)
    with pytest.raises(ValueError, match="printable"):
        MessageTemplate("x", "⟦here⟧", "", {}).fill("a@example.org", {"here": bad})


@pytest.mark.parametrize(
    "name", ["Bcc", "to", "From", "Message-ID", "Content-Type", "MIME-Version", "X: y\r\nBcc", "", "Ü", "Sender"]
)
def test_what_the_mail_app_sets_no_message_brings(name):
    with pytest.raises(ValueError, match="header"):
        build_envelope(Message("a@example.org", "x", "", "", {name: "b@example.org"}), NAME, AT)


def test_a_place_without_a_value_is_no_mail():
    with pytest.raises(KeyError):
        MessageTemplate("x", "⟦here⟧", "", {}).fill("a@example.org", {})


def test_what_looks_like_a_place_in_a_message_to_one_stays():
    data = build_envelope(Message("a@example.org", "x ⟦y⟧", "⟦leave⟧"), NAME, AT).data
    assert plain_part(data) == "⟦leave⟧"


@given(text=ANYTHING)
def test_no_line_ends_the_mail_early(text):
    """Dots are doubled on the line, as the server expects, and the end is the end."""
    data = build_envelope(Message("a@example.org", "x", text), NAME, AT).data
    sent = encode_content(data)
    assert sent.endswith(b"\r\n.\r\n")
    assert b"\r\n.\r\n" not in sent[:-5]
    assert sent[:-3].replace(b"\r\n..", b"\r\n.").startswith(data)


def test_the_sender_may_have_a_name(settings):
    settings.DEFAULT_FROM_EMAIL = '"Bülletins, North East" <bulletins@example.org>'
    envelope = build_envelope(Message("a@example.org", "x", "y"), NAME, AT)
    assert envelope.sender == "bulletins@example.org"
    assert envelope.data.startswith(b"From: =?utf-8?")
