"""Sessions of staff end by themselves or by a button, and nothing that was typed goes with them."""

import re

import pytest
from allauth.usersessions.models import UserSession
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from nelis.core.models import User
from nelis.staff import sessions

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOME = "/admin/"
LOGIN = "/admin/login/"


@pytest.fixture
def editor():
    return User.objects.create_superuser("ada", "ada@example.org", "a long password")


@pytest.fixture
def signed_in(client, editor):
    client.force_login(editor)
    return client


def age(client, **seconds):
    """Make the session as old as that."""
    session = client.session
    for name, ago in seconds.items():
        session[name] -= ago
    session.save()


def test_idle_for_too_long(signed_in, settings):
    age(signed_in, active_at=settings.SESSION_IDLE_SECONDS - 60)
    assert signed_in.get(HOME).status_code == 200
    # That request was activity.
    age(signed_in, active_at=settings.SESSION_IDLE_SECONDS - 60)
    assert signed_in.get(HOME).status_code == 200
    age(signed_in, active_at=settings.SESSION_IDLE_SECONDS + 60)
    response = signed_in.get(HOME)
    assert response.url.startswith(LOGIN)
    assert "You were signed out" in signed_in.get(response.url).text


def test_a_page_that_is_left_open_is_no_activity(signed_in, settings):
    age(signed_in, active_at=settings.SESSION_IDLE_SECONDS - 90)
    before = signed_in.session[sessions.ACTIVE_AT]
    signed_in.post(reverse("wagtailadmin_editing_sessions:release", args=[1]))
    assert signed_in.session[sessions.ACTIVE_AT] == before


def test_a_working_day_is_over(signed_in, settings):
    age(signed_in, signed_in_at=settings.SESSION_COOKIE_AGE + 60)
    assert signed_in.get(HOME).url.startswith(LOGIN)


def test_what_was_typed_is_kept_by_the_page(signed_in, settings):
    url = reverse("wagtailadmin_account")
    age(signed_in, active_at=settings.SESSION_IDLE_SECONDS + 60)
    typed = {"name_email-first_name": "Ada <b>", "note": "\nTwo\nlines", "password": "secret"}
    response = signed_in.post(url, typed)
    assert response.status_code == 403
    page = BeautifulSoup(response.text, "html.parser")
    form = page.find("form", action=url)
    kept = {box["name"]: box["value"] for box in form.find_all("input") if "csrf" not in box["name"]}
    assert kept == {"name_email-first_name": "Ada <b>", "note": "\nTwo\nlines"}
    assert "unsafe-inline" not in response["Content-Security-Policy"]


def test_a_token_from_before_signing_in_again_loses_nothing(editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    own = {"origin": "http://testserver"}
    url = reverse("wagtailadmin_account")
    response = client.post(url, {"note": "typed", "csrfmiddlewaretoken": "of-yesterday"}, headers=own)
    assert response.status_code == 403
    assert "Send it again" in response.text
    assert 'value="typed"' in response.text
    # What comes from elsewhere, or hides where it comes from, gets no such button.
    for headers in ({}, {"origin": "https://evil.example.org"}):
        response = client.post(url, {"note": "typed"}, headers=headers)
        assert response.status_code == 403
        assert "typed" not in response.text


class TestOwnSessions:
    @pytest.fixture
    def elsewhere(self, editor):
        client = Client()
        client.force_login(editor)
        return client

    @pytest.fixture
    def both(self, signed_in, elsewhere, editor):
        for client in (signed_in, elsewhere):
            UserSession.objects.create(user=editor, ip="192.0.2.0", session_key=client.session.session_key)
        return signed_in, elsewhere

    @pytest.mark.parametrize("which", ["one", "all"])
    def test_another_is_ended(self, both, which):
        here, elsewhere = both
        page = here.get(reverse("usersessions_list")).text
        assert len(re.findall("End this session", page)) == 1
        other = UserSession.objects.get(session_key=elsewhere.session.session_key)
        here.post(reverse("usersessions_list"), {"session": other.pk} if which == "one" else {})
        assert here.get(HOME).status_code == 200
        assert elsewhere.get(HOME).status_code == 302

    def test_ones_own(self, both):
        here, elsewhere = both
        own = UserSession.objects.get(session_key=here.session.session_key)
        here.post(reverse("usersessions_list"), {"session": own.pk})
        assert here.get(HOME).status_code == 302
        assert elsewhere.get(HOME).status_code == 200

    def test_nobody_elses(self, both):
        assert both
        stranger = Client()
        stranger.force_login(User.objects.create_superuser("bob"))
        for session in UserSession.objects.all():
            stranger.post(reverse("usersessions_list"), {"session": session.pk})
        assert UserSession.objects.count() == 2
