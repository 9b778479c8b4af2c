"""What production asks for before it starts.

Settings are read once in a process, so most of these read the settings modules anew, and those that need a whole site
start a process of their own.
"""

import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from nelis.settings import environment

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    **{name: sha256(name.encode()).hexdigest() for name in ("SECRET_KEY", "ADDRESS_KEY", "LINK_KEYS")},
    "ALLOWED_HOSTS": "www.example.org, example.org",
    "BASE_URL": "https://www.example.org",
}


Read = Callable[..., dict[str, Any]]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Read the production settings anew, with only the variables that are given."""

    def read_with(**variables: str) -> dict[str, Any]:
        monkeypatch.setattr(environment, "_variables", variables)
        monkeypatch.delitem(sys.modules, "nelis.settings.base", raising=False)
        return runpy.run_module("nelis.settings.production")

    return read_with


def refusal(read: Read, **variables: str) -> str:
    """Why the site doesn't start."""
    with pytest.raises(ImproperlyConfigured) as refused:
        read(**variables)
    return str(refused.value)


def start(code: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Start the site on production settings with only these variables, and run ``code`` with ``s`` as its settings."""
    variables = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "nelis.settings.production", **variables}
    program = f"import django; django.setup(); from django.conf import settings as s; {code}"
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=variables, capture_output=True, text=True)


def test_it_starts_with_what_it_needs():
    done = start("print(s.DEBUG, s.ALLOWED_HOSTS, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)", **GOOD)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "False ['www.example.org', 'example.org'] __Host-session __Host-csrf"


@pytest.mark.parametrize("missing", GOOD)
def test_it_refuses_to_start_and_names_what_is_missing(read: Read, missing: str):
    why = refusal(read, **{name: value for name, value in GOOD.items() if name != missing})
    assert f"{missing} is not set" in why
    for other in GOOD.keys() - {missing}:
        assert f"{other} is" not in why


def test_it_names_everything_that_is_missing_at_once():
    done = start()
    assert done.returncode != 0
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
        ("BASE_URL", "https://", "BASE_URL should be an https"),
        ("BASE_URL", "https://www.example.org/strategy", "BASE_URL should be https:// and the name"),
        ("BASE_URL", "https://name:word@www.example.org", "BASE_URL should be https:// and the name"),
        ("BASE_URL", "https://elsewhere.example.net", "BASE_URL should be at one of the names in ALLOWED_HOSTS"),
    ],
)
def test_it_refuses_what_is_weak(read: Read, name: str, value: str, why: str):
    refused = refusal(read, **GOOD | {name: value})
    assert why in refused
    if "KEY" in name:
        assert value not in refused


def test_a_proxy_header_is_believed_only_when_named(read: Read):
    assert "SECURE_PROXY_SSL_HEADER" not in read(**GOOD)
    named = read(**GOOD, PROXY_SSL_HEADER="X-Forwarded-Proto")
    assert named["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_no_demonstration_account_can_be_made():
    variables = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "nelis.settings.production", **GOOD}
    done = subprocess.run(
        [sys.executable, "manage.py", "demo_editor"], cwd=ROOT, env=variables, capture_output=True, text=True
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


@pytest.mark.slow
@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_provider_starts_with_what_it_needs(provider: str):
    done = start(OPENED, **GOOD, **PROVIDERS[provider], **SECRET, MAIL_PROVIDER=provider)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"anymail.backends.{provider} 200"


def test_a_provider_names_what_it_lacks(read: Read):
    why = refusal(read, **GOOD, MAIL_PROVIDER="mailgun")
    for name in PROVIDERS["mailgun"]:
        assert f"{name} is not set" in why
    postmark = GOOD | PROVIDERS["postmark"] | {"MAIL_PROVIDER": "postmark"}
    assert "WEBHOOK_SECRET is not set" in refusal(read, **postmark)
    assert "WEBHOOK_SECRET should be a name" in refusal(read, **postmark, WEBHOOK_SECRET="short")
    assert "MAIL_PROVIDER should be" in refusal(read, **GOOD, MAIL_PROVIDER="pigeon")


def test_mail_goes_by_smtp_unless_told_otherwise(read: Read):
    settings = read(**GOOD)
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert settings["MAIL_PROVIDER"] == "smtp"


@pytest.mark.parametrize("header", ["", "X-Client-Address"])
def test_the_check_for_deployment_says_when_nobody_is_limited(header: str):
    variables = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "nelis.settings.production", **GOOD}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--tag", "security"],
        cwd=ROOT,
        env=variables | {"PROXY_ADDRESS_HEADER": header},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert ("mail.W001" in done.stderr) is not bool(header)


def test_no_runner_starts_with_a_sender_that_is_none():
    variables = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "nelis.settings.production", **GOOD}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--tag", "mail"],
        cwd=ROOT,
        env=variables | {"DEFAULT_FROM_EMAIL": "Nobody, Nowhere"},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "mail.E001" in done.stderr
