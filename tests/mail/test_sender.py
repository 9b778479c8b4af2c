"""Who mail comes from: the name, where replies go, and what is said where that isn't set."""

import pytest
from django.core import checks
from django.core.mail import EmailMessage

from engagement.mail.message import Message, build_envelope
from engagement.mail.render import render
from engagement.mail.transports.backends import backend_message
from nelis.settings.mail import with_name
from tests.mail.test_mime import AT, NAME

pytestmark = pytest.mark.once

MESSAGE = Message("reader@example.org", "Kites", "They fly.")


def found(**options):
    return {check.id for check in checks.run_checks(tags=["mail"], **options)}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("kites@example.org", "Exampleshire <kites@example.org>"),
        ("Kites <kites@example.org>", "Kites <kites@example.org>"),
        ('"Kites, and more" <kites@example.org>', '"Kites, and more" <kites@example.org>'),
        ("nobody", "nobody"),
        ("", ""),
    ],
)
def test_an_address_alone_gets_the_name_of_the_site(address, expected):
    assert with_name(address, "Exampleshire") == expected


def test_what_django_and_wagtail_send_has_the_name_too(mailoutbox):
    EmailMessage("Kites", "They fly.", to=["reader@example.org"]).send()
    assert mailoutbox[0].message()["From"] == "North East Local Industrial Strategy <bulletins@example.org>"


@pytest.mark.parametrize("address", ["", "kites@example.org"])
def test_replies_go_where_it_is_set_by_every_transport(settings, address):
    settings.REPLY_TO_ADDRESS = address
    envelope = build_envelope(MESSAGE, NAME, AT)
    assert (b"\r\nReply-To: kites@example.org\r\n" in envelope.data) == bool(address)
    assert backend_message(envelope).reply_to == ([address] if address else [])


def test_no_message_brings_a_reply_to_of_its_own():
    with pytest.raises(ValueError, match="can't bring"):
        build_envelope(Message("reader@example.org", "Kites", "x", "", {"Reply-To": "eve@example.org"}), NAME, AT)


@pytest.mark.parametrize("address", ["Kites <kites@example.org>", "kites", "kites@example.org, bells@example.org"])
def test_a_reply_address_that_is_none_is_an_error(settings, address):
    settings.REPLY_TO_ADDRESS = address
    assert "mail.E002" in found()
    settings.REPLY_TO_ADDRESS = "kites@example.org"
    assert "mail.E002" not in found()


def test_a_deployment_without_a_name_is_warned(settings):
    names = ("ORGANISATION_NAME", "ORGANISATION_CONTACT", "REPLY_TO_ADDRESS")
    for name in names:
        setattr(settings, name, "")
    warnings = checks.run_checks(tags=["mail"], include_deployment_checks=True)
    said = " ".join(check.msg for check in warnings if check.id == "mail.W002")
    assert all(name in said for name in names)
    for name in names:
        setattr(settings, name, "kites@example.org")
    assert "mail.W002" not in found(include_deployment_checks=True)


def test_a_mail_of_nobody_named_yet_says_which_site_it_is_of(settings):
    settings.ORGANISATION_NAME = settings.ORGANISATION_CONTACT = ""
    text = render("no_data_held", {"subject": "Kites"}).text
    assert text.endswith("North East Local Industrial Strategy\nhttp://testserver/\n")
