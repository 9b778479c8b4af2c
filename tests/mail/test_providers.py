"""What goes to each provider's interface, as far as that can be seen without one."""

import json
import uuid

import pytest
import requests
from django.core.mail import get_connection
from django.utils import timezone

from engagement.mail.message import Message, build_envelope
from engagement.mail.models import DeliveryState
from engagement.mail.transports.backends import BackendTransport
from nelis.settings import environment, mail

pytestmark = pytest.mark.once

#: How each is told that neither opens nor clicks are to be tracked. Brevo knows no word for it: see deploy/README.md.
UNTRACKED = {
    "mailgun": {"o:tracking-opens": "no", "o:tracking-clicks": "no"},
    "postmark": {"TrackOpens": False, "TrackLinks": "None"},
    "brevo": {},
    "sendgrid": {
        "tracking_settings": {"open_tracking": {"enable": False}, "click_tracking": {"enable": False}},
    },
    "mailjet": {"Globals": {"TrackOpens": "disabled", "TrackClicks": "disabled"}},
    "sparkpost": {"options": {"open_tracking": False, "click_tracking": False}},
}


@pytest.fixture
def sent(settings, monkeypatch):
    """Send a message by a provider whose answer never comes; what it was asked to send."""

    def send(provider):
        known = mail.PROVIDERS[provider]
        # The settings of tests read no other variables.
        monkeypatch.setattr(environment, "_variables", dict.fromkeys(known.required, "of-the-tests"))
        settings.EMAIL_BACKEND, settings.ANYMAIL = mail.backend(provider), mail.anymail(provider)
        requests_made = []

        def request(self, *args, **options):
            requests_made.append(options)
            raise requests.ReadTimeout

        monkeypatch.setattr(requests.Session, "request", request)
        links = {"List-Unsubscribe": "<https://www.example.org/leave/>"}
        message = Message("reader@example.org", "Kites", "They fly.\n", "<p>They fly.</p>", links)
        outcome = BackendTransport().send(
            build_envelope(message, uuid.uuid4(), timezone.now()), lambda: True, lambda: None
        )
        return outcome, requests_made

    return send


def contains(wanted, options):
    """Whether all that is wanted, however deep, is in ``options``."""
    if isinstance(wanted, dict):
        return isinstance(options, dict) and all(contains(value, options.get(name)) for name, value in wanted.items())
    return wanted == options or options == [wanted]


# anymail's authors can't try it with SendGrid any more, and say so.
@pytest.mark.filterwarnings(
    "ignore:django-anymail has dropped official support:anymail.exceptions.AnymailNotSupportedWarning"
)
@pytest.mark.parametrize("provider", mail.PROVIDERS)
def test_nobody_is_tracked_and_no_link_is_rewritten(sent, provider):
    """Whatever the account at the provider says. And none of them finds an email of ours impossible."""
    outcome, requests_made = sent(provider)
    assert (outcome.state, outcome.reason) == (DeliveryState.UNKNOWN, "no-answer"), outcome
    assert len(requests_made) == 1
    data = requests_made[0]["data"]
    data = json.loads(data) if isinstance(data, str | bytes) else data
    assert contains(UNTRACKED[provider], data), data


def test_where_a_mail_cannot_say_it_the_account_must():
    """The guide for those who run the site names it."""
    assert [name for name, known in mail.PROVIDERS.items() if not known.accepts_tracking_options] == ["brevo"]
    assert set(UNTRACKED) == set(mail.PROVIDERS)


def test_by_smtp_there_is_nothing_to_say(settings):
    settings.ANYMAIL = mail.anymail(mail.SMTP)
    assert mail.backend(mail.SMTP).endswith("smtp.EmailBackend")
    assert "SEND_DEFAULTS" not in settings.ANYMAIL
    assert get_connection()
