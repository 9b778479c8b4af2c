"""What production asks for before it starts. In processes of their own: settings are read once."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    **{name: sha256(name.encode()).hexdigest() for name in ("SECRET_KEY", "ADDRESS_KEY", "LINK_KEYS")},
    "ALLOWED_HOSTS": "www.example.org, example.org",
    "BASE_URL": "https://www.example.org",
}


def start(code: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Start the site on production settings with only these variables, and run ``code`` with ``s`` as its settings."""
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "nelis.settings.production", **variables}
    program = f"import django; django.setup(); from django.conf import settings as s; {code}"
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True)


def test_it_starts_with_what_it_needs():
    done = start("print(s.DEBUG, s.ALLOWED_HOSTS, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)", **GOOD)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "False ['www.example.org', 'example.org'] __Host-session __Host-csrf"


@pytest.mark.parametrize("missing", GOOD)
def test_it_refuses_to_start_and_names_what_is_missing(missing: str):
    done = start(**{name: value for name, value in GOOD.items() if name != missing})
    assert done.returncode != 0
    assert f"{missing} is not set" in done.stderr
    for other in GOOD.keys() - {missing}:
        assert f"{other} is" not in done.stderr


def test_it_names_everything_that_is_missing_at_once():
    done = start()
    for name in GOOD:
        assert f"{name} is not set" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY has 5 characters"),
        ("SECRET_KEY", "ab" * 40, "SECRET_KEY repeats itself"),
        ("SECRET_KEY", f"django-insecure-{'x7Kq2mPz9L' * 5}", "SECRET_KEY contains “insecure”"),
        ("ADDRESS_KEY", "short", "ADDRESS_KEY has 5 characters"),
        ("ADDRESS_KEY", GOOD["SECRET_KEY"], "ADDRESS_KEY must be another key"),
        ("LINK_KEYS", f"{GOOD['LINK_KEYS']},short", "LINK_KEYS has 5 characters"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS must name"),
        ("BASE_URL", "http://www.example.org", "BASE_URL should be an https"),
    ],
)
def test_it_refuses_what_is_weak(name: str, value: str, why: str):
    done = start(**GOOD | {name: value})
    assert done.returncode != 0
    assert why in done.stderr
    if "KEY" in name:
        assert value not in done.stderr


def test_a_proxy_header_is_believed_only_when_named():
    show = "print(getattr(s, 'SECURE_PROXY_SSL_HEADER', None))"
    assert start(show, **GOOD).stdout.strip() == "None"
    named = start(show, **GOOD, PROXY_SSL_HEADER="X-Forwarded-Proto")
    assert named.stdout.strip() == "('HTTP_X_FORWARDED_PROTO', 'https')"


def test_no_demonstration_account_can_be_made():
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "nelis.settings.production", **GOOD}
    done = subprocess.run(
        [sys.executable, "manage.py", "demo_editor"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "createsuperuser" in done.stderr


PROVIDERS = {
    "mailgun": {
        "MAILGUN_API_KEY": "key",
        "MAILGUN_SENDER_DOMAIN": "mail.example.org",
        "MAILGUN_WEBHOOK_SIGNING_KEY": "another",
    },
    "postmark": {"POSTMARK_SERVER_TOKEN": "token"},
    "brevo": {"BREVO_API_KEY": "key"},
    "sendgrid": {"SENDGRID_API_KEY": "key"},
    "mailjet": {"MAILJET_API_KEY": "key", "MAILJET_SECRET_KEY": "another"},
    "sparkpost": {"SPARKPOST_API_KEY": "key"},
}
SECRET = {"WEBHOOK_SECRET": "provider:a-long-and-random-one"}
OPENED = """
from django.core.mail import get_connection
from django.urls import reverse
from django.test import Client
print(type(get_connection()).__module__, Client().head(reverse("provider_events", args=[s.MAIL_PROVIDER]),
    secure=True, headers={"host": "www.example.org"}).status_code)
"""


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_provider_starts_with_what_it_needs(provider: str):
    done = start(OPENED, **GOOD, **PROVIDERS[provider], **SECRET, MAIL_PROVIDER=provider)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"anymail.backends.{provider} 200"


def test_a_provider_names_what_it_lacks():
    done = start(**GOOD, MAIL_PROVIDER="mailgun")
    assert done.returncode != 0
    for name in PROVIDERS["mailgun"]:
        assert f"{name} is not set" in done.stderr
    done = start(**GOOD, **PROVIDERS["postmark"], MAIL_PROVIDER="postmark")
    assert "WEBHOOK_SECRET is not set" in done.stderr
    done = start(**GOOD, **PROVIDERS["postmark"], MAIL_PROVIDER="postmark", WEBHOOK_SECRET="short")
    assert "WEBHOOK_SECRET should be a name" in done.stderr
    assert "MAIL_PROVIDER should be" in start(**GOOD, MAIL_PROVIDER="pigeon").stderr


def test_mail_goes_by_smtp_unless_told_otherwise():
    done = start("print(s.EMAIL_BACKEND, s.MAIL_PROVIDER)", **GOOD)
    assert done.stdout.strip() == "django.core.mail.backends.smtp.EmailBackend smtp"


@pytest.mark.parametrize("header", ["", "X-Client-Address"])
def test_the_check_for_deployment_says_when_nobody_is_limited(header: str):
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "nelis.settings.production", **GOOD}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--tag", "security"],
        cwd=ROOT,
        env=environment | {"PROXY_ADDRESS_HEADER": header},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert ("mail.W001" in done.stderr) is not bool(header)


def test_no_runner_starts_with_a_sender_that_is_none():
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "nelis.settings.production", **GOOD}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--tag", "mail"],
        cwd=ROOT,
        env=environment | {"DEFAULT_FROM_EMAIL": "Nobody, Nowhere"},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "mail.E001" in done.stderr
