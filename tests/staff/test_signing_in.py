"""Signing in with two factors: nobody reaches a page of the admin with a password alone."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from nelis.core.models import User
from nelis.staff import throttling
from nelis.staff.models import FailedSignIn

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LOGIN, HOME = "/admin/login/", "/admin/"
PASSWORD = "a long password"


@pytest.fixture
def editor():
    return User.objects.create_superuser("ada", "ada@example.org", PASSWORD)


@pytest.fixture
def secret(editor):
    secret = generate_totp_secret()
    TOTP.activate(editor, secret)
    return secret


def code_of(secret, now, later=0):
    return format_hotp_value(hotp_value(secret, int(now // 30) + later))


@pytest.fixture
def clock(monkeypatch):
    """A time that stands still, so that no half minute ends amid a test."""
    now = 1_800_000_000
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: now)
    return now


def type_password(client, password=PASSWORD, name="ada"):
    return client.post(LOGIN, {"login": name, "password": password})


def test_a_code_after_the_password(client, secret, clock):
    assert type_password(client).url == reverse("mfa_authenticate")
    assert client.get(HOME).status_code == 302
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(secret, clock)}).status_code == 302
    assert client.get(HOME).status_code == 200


def test_a_recovery_code_works_once(client, editor, secret):
    code = RecoveryCodes.activate(editor).get_unused_codes()[0]
    for status in (200, 302):
        type_password(client)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert client.get(HOME).status_code == status
        client = Client()


def test_a_code_works_once_in_every_process(client, secret, clock):
    """What allauth remembers of used codes is in the memory of one process."""
    from django.core.cache import cache

    for status in (200, 302):
        type_password(client)
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret, clock)})
        assert client.get(HOME).status_code == status
        cache.clear()
        client = Client()
    # Nor one that is older than it.
    type_password(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret, clock, -1)})
    assert client.get(HOME).status_code == 302
    type_password(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret, clock, 1)})
    assert client.get(HOME).status_code == 200


def test_somebody_without_a_second_factor_is_led_to_set_one_up(client, editor, clock, monkeypatch):
    # A test's transaction is never committed, and what waits for it belongs in the request.
    monkeypatch.setattr("django.db.transaction.on_commit", lambda function: function())
    type_password(client)
    response = client.get("/admin/pages/", follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("mfa_index"))
    assert "Set up a second factor" in response.text
    page = client.get(reverse("mfa_activate_totp"))
    secret = re.search(r"<code>(\w+)</code>", page.text)[1]
    response = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret, clock)}, follow=True)
    assert "Recovery codes" in response.text
    assert len(re.findall(r"<li><code>", response.text)) == 10
    assert client.get(HOME).status_code == 200


@pytest.mark.parametrize("has_factor", [True, False])
def test_a_session_with_a_password_alone_opens_nothing(client, editor, has_factor):
    """However it came about: by a view that knows nothing of second factors, say."""
    if has_factor:
        TOTP.activate(editor, generate_totp_secret())
    client.force_password_only(editor)
    for url in (HOME, "/admin/pages/", reverse("wagtailadmin_account"), reverse("usersessions_list")):
        response = client.get(url)
        expected = "mfa_reauthenticate" if has_factor else "mfa_index"
        assert response.status_code == 302
        assert response.url.startswith(reverse(expected))
    if has_factor:
        # Nor is a second one set up past the first.
        assert client.get(reverse("mfa_activate_totp")).status_code == 302
        assert client.get(reverse("mfa_add_webauthn")).status_code == 302
    assert client.get(HOME, headers={"x-requested-with": "XMLHttpRequest"}).status_code == 403


def test_a_new_password_is_no_way_around(client, editor, secret):
    """The link in an email gives a password, and no session."""
    from django.contrib.auth.tokens import default_token_generator
    from django.utils.encoding import force_bytes
    from django.utils.http import urlsafe_base64_encode

    key = urlsafe_base64_encode(force_bytes(editor.pk))
    url = reverse("wagtailadmin_password_reset_confirm", args=[key, default_token_generator.make_token(editor)])
    form = client.get(url).url
    new = {"new_password1": "another long secret", "new_password2": "another long secret"}
    assert client.post(form, new).status_code == 302
    assert client.get(HOME).url.startswith(LOGIN)
    assert type_password(client, "another long secret").url == reverse("mfa_authenticate")


def test_the_last_second_factor_stays(client, editor, clock):
    TOTP.activate(editor, generate_totp_secret())
    client.force_login(editor)
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=editor).exists()


class TestGuessing:
    """The limits are in the database, so that all processes share them."""

    def test_passwords_of_one_account(self, client, editor, secret):
        for _ in range(throttling.PER_ACCOUNT):
            assert "isn’t right" in type_password(client, "wrong").text
        response = type_password(client)
        assert "Wait a quarter of an hour" in response.text
        assert FailedSignIn.objects.count() == throttling.PER_ACCOUNT
        FailedSignIn.objects.update(at=timezone.now() - throttling.WINDOW - timedelta(minutes=1))
        assert type_password(client).status_code == 302

    def test_names_that_nobody_has_are_counted_alike(self, client, editor):
        for _ in range(throttling.PER_ACCOUNT):
            type_password(client, name="nobody")
        assert "Wait a quarter of an hour" in type_password(client, name="nobody").text
        assert "isn’t right" in type_password(client, "wrong").text
        assert not FailedSignIn.objects.filter(account_hash__contains="nobody").exists()

    def test_from_one_network(self, client, editor, settings, monkeypatch):
        monkeypatch.setattr(throttling, "PER_NETWORK", 3)
        settings.CLIENT_ADDRESS_HEADER = "REMOTE_ADDR"
        for number in range(3):
            type_password(Client(REMOTE_ADDR=f"192.0.2.{number}"), name=f"name{number}")
        assert "Wait a quarter" in type_password(Client(REMOTE_ADDR="192.0.2.99")).text
        assert type_password(Client(REMOTE_ADDR="198.51.100.1")).status_code == 302

    def test_codes(self, client, editor, secret, clock):
        type_password(client)
        for _ in range(throttling.PER_ACCOUNT):
            client.post(reverse("mfa_authenticate"), {"code": "000000"})
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret, clock)})
        assert client.get(HOME).status_code == 302
        assert set(FailedSignIn.objects.values_list("step", flat=True)) == {FailedSignIn.Step.SECOND_FACTOR}

    def test_an_account_that_is_switched_off_looks_like_a_wrong_password(self, client, editor):
        User.objects.update(is_active=False)
        right, wrong = type_password(client), type_password(client, "wrong")
        assert right.status_code == wrong.status_code == 200
        assert "isn’t right" in right.text

    def test_administrators_see_what_failed(self, client, editor):
        type_password(client, "wrong")
        type_password(client, name="my secret password")
        client.force_login(editor)
        page = client.get(reverse("staff_failed_sign_ins")).text
        assert "ada" in page
        assert "my secret password" not in page


def test_no_settings_but_those_of_a_demonstration_do_without(settings):
    settings.SECOND_FACTOR_REQUIRED = False
    with pytest.raises(SystemCheckError, match="a password alone would open the admin"):
        call_command("check", tags=["security"])
    settings.DEMONSTRATION = True
    call_command("check", tags=["security"])


def test_the_demonstration_editor_needs_no_telephone(client, editor, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    type_password(client)
    assert client.get(HOME).status_code == 200
