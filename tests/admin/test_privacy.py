"""Everything published is public: nobody can close a page or a collection to some, at any address."""

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.urls import URLPattern, get_resolver, reverse
from wagtail.models import Collection, PageViewRestriction
from wagtail.models.view_restrictions import BaseViewRestriction

from nelis.core.privacy import RESTRICTIONS, check_nothing_is_restricted
from nelis.home.models import HomePage, StandardPage
from sectors.models import SectorPage
from tests.admin.test_pages import add_url


def patterns(resolver, prefix=""):
    """Every URL pattern below ``resolver``, with its route."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry
        else:
            yield from patterns(entry, route)


#: Every address at which Wagtail sets privacy, by the module of its view.
ADDRESSES = {route for route, entry in patterns(get_resolver()) if "privacy" in entry.callback.__module__}
CLOSED = {"restriction_type": "login", "password": "", "groups": []}


def test_every_kind_of_restriction_is_known():
    assert {model for model in apps.get_models() if issubclass(model, BaseViewRestriction)} == set(RESTRICTIONS)


@pytest.mark.parametrize("route", sorted(ADDRESSES))
def test_no_address_sets_privacy(sample_site, signed_in, route):
    collection = Collection.get_first_root_node().add_child(name="Papers")
    pks = {"page_id": sample_site.pages[SectorPage].pk, "collection_id": collection.pk}
    address = "/" + route
    for name, pk in pks.items():
        address = address.replace(f"<int:{name}>", str(pk))
    for client in (signed_in("Administrator"), signed_in(name="root", superuser=True)):
        assert client.get(address).status_code == 404
        assert client.post(address, CLOSED).status_code == 404
    assert not any(model.objects.exists() for model in RESTRICTIONS)


def test_there_are_such_addresses():
    assert {"admin/pages/<int:page_id>/privacy/", "admin/collections/<int:collection_id>/privacy/"} <= ADDRESSES


def test_no_button_offers_it(sample_site, signed_in):
    administrator = signed_in("Administrator")
    collection = Collection.get_first_root_node().add_child(name="Papers")
    home = sample_site.pages[HomePage]
    for address in (
        reverse("wagtailadmin_pages:edit", args=[home.pk]),
        reverse("wagtailadmin_explore", args=[home.pk]),
        add_url(home, StandardPage),
        reverse("wagtailadmin_collections:edit", args=[collection.pk]),
    ):
        response = administrator.get(address)
        assert response.status_code == 200
        # Wagtail's dialog stays in the page of an editor; nothing opens it, and its address isn't there.
        assert 'dialog-show="set-privacy"' not in response.content.decode()


@pytest.mark.parametrize("model", RESTRICTIONS)
def test_no_program_can_close_anything(sample_site, model):
    closed = {"page": sample_site.pages[HomePage], "collection": Collection.get_first_root_node()}
    with pytest.raises(PermissionDenied):
        model.objects.create(restriction_type="login", **{RESTRICTIONS[model]: closed[RESTRICTIONS[model]]})


@pytest.mark.pg
def test_a_database_with_a_restriction_is_not_put_in_use(sample_site, client):
    assert check_nothing_is_restricted(databases=["default"]) == []
    closed = PageViewRestriction(page=sample_site.pages[SectorPage], restriction_type="login")
    PageViewRestriction.objects.bulk_create([closed])
    (error,) = check_nothing_is_restricted(databases=["default"])
    assert "Sectorpage" in error.msg
    with pytest.raises(SystemCheckError):
        call_command("check", databases=["default"])
    # Nor is it a fault for readers.
    assert client.get(sample_site.pages[SectorPage].url).status_code == 200
