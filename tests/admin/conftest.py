"""A small site to edit, and somebody in each role to edit it."""

from copy import deepcopy

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from nelis.core.models import User
from tests.admin.sample_site import SampleSite


@pytest.fixture(scope="module")
def sample_site_once(django_db_setup, django_db_blocker):
    """The small site, made once for all tests of a module, which each start from it afresh."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield SampleSite.build()
        transaction.set_rollback(True)
    cache.clear()


@pytest.fixture
def sample_site(sample_site_once, db):
    """Pages, figures and sources to work on."""
    return deepcopy(sample_site_once)


@pytest.fixture
def person(db):
    """Makes somebody in the named groups. ``person("Analyst", name="anna")``."""

    def make(*groups, name=None, superuser=False):
        name = name or "-".join(groups).lower().replace(" ", "-") or "nobody"
        user = User.objects.create_user(name, f"{name}@example.org", "a long password", is_superuser=superuser)
        user.groups.set(Group.objects.filter(name__in=groups))
        assert user.groups.count() == len(groups)
        return user

    return make


@pytest.fixture
def signed_in(person):
    """A client signed in as somebody in the named groups; the person is ``client.person``."""

    def make(*groups, **kwargs):
        client = Client()
        client.person = person(*groups, **kwargs)
        client.force_login(client.person)
        return client

    return make
