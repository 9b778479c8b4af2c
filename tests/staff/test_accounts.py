"""Accounts without typed passwords: invitation, a forgotten password, a lost phone, somebody who leaves."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from engagement.mail.message import Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mail.transactional import compose
from nelis.core.models import User
from tests.staff.links import follow_password_link

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def administrator(client):
    client.person = User.objects.create_user("boss", "boss@example.org", "a long password")
    client.person.groups.add(Group.objects.get(name="Administrator"))
    client.force_login(client.person)
    return client


@pytest.fixture
def officer():
    officer = User.objects.create_user("ada", "ada@example.org", "a long password")
    officer.groups.add(Group.objects.get(name="Engagement officer"))
    TOTP.activate(officer, generate_totp_secret())
    return officer


def test_an_invitation_in_the_place_of_a_password(administrator):
    url = reverse("wagtailusers_users:add")
    assert 'type="password"' not in administrator.get(url).text
    form = {"username": "new", "email": "new@example.org", "first_name": "New", "last_name": "Person"}
    administrator.post(url, form)
    user = User.objects.get(username="new")
    assert not user.has_usable_password()
    email = TransactionalEmail.objects.get(address="new@example.org")
    message = compose(email)
    assert isinstance(message, Message)
    browser = Client()
    follow_password_link(browser, message.text, "a new long secret")
    user.refresh_from_db()
    assert user.check_password("a new long secret")
    # It works once.
    follow_password_link(browser, message.text, "yet another long secret")
    user.refresh_from_db()
    assert user.check_password("a new long secret")


def test_nothing_is_mailed_to_an_account_that_is_gone_or_off(administrator):
    user = User.objects.create_user("new", "new@example.org")
    administrator.post(reverse("staff_invite", args=[user.pk]))
    email = TransactionalEmail.objects.get(address="new@example.org")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert isinstance(compose(email), Skip)


class TestForgottenPassword:
    def ask(self, client, address):
        return client.post(reverse("wagtailadmin_password_reset"), {"email": address})

    def test_known_and_unknown_addresses_are_answered_alike(self, client, officer, django_assert_num_queries):
        answers = []
        for address in ("ada@example.org", "nobody@example.org"):
            with django_assert_num_queries(2):
                answers.append(self.ask(client, address))
        assert answers[0].status_code == answers[1].status_code == 302
        assert answers[0].url == answers[1].url
        known, unknown = (compose(email) for email in TransactionalEmail.objects.order_by("pk"))
        assert isinstance(known, Message)
        assert known.to == "ada@example.org"
        assert isinstance(unknown, Skip)

    def test_asking_often_mails_once(self, client, officer):
        for _ in range(5):
            self.ask(client, "ada@example.org")
        assert TransactionalEmail.objects.count() == 1


def test_a_lost_phone(administrator, officer):
    browser = Client()
    browser.force_login(officer)
    url = reverse("staff_remove_second_factor", args=[officer.pk])
    assert "Remove the second factor" in administrator.get(url).text
    administrator.post(url)
    assert not Authenticator.objects.filter(user=officer).exists()


def test_off_boarding_in_one_step(administrator, officer):
    browser = Client()
    browser.post(reverse("account_login"), {"login": "ada", "password": "a long password"})
    browser.force_login(officer)
    administrator.post(reverse("staff_off_board", args=[officer.pk]), {"owner": administrator.person.pk})
    officer.refresh_from_db()
    assert not officer.is_active
    assert not officer.has_usable_password()
    assert not officer.groups.exists()
    assert not Authenticator.objects.filter(user=officer).exists()
    assert browser.get("/admin/").status_code == 302


def test_nobody_off_boards_themselves_or_somebody_higher(administrator):
    root = User.objects.create_superuser("root")
    for user in (administrator.person, root):
        for name in ("staff_off_board", "staff_remove_second_factor", "staff_invite"):
            if user == root or name == "staff_off_board":
                administrator.post(reverse(name, args=[user.pk]))
        user.refresh_from_db()
        assert user.is_active
    assert not TransactionalEmail.objects.exists()
