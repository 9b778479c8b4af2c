"""What groups hold, and what comes of it. Who is let in where: ``test_every_address.py``."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page
from wagtail.snippets.models import get_snippet_models

from engagement.mailing_list.models import CircuitBreaker
from nelis.core.models import SiteSettings
from nelis.home.models import HomePage, StandardPage
from tests.admin.who_may import ADDS, ADMINISTRATOR, CHANGES, EDITOR, OFFICER, ROLES

# Forms and their words: what the database does with them is tried by the tests of the workflow and of changes.
pytestmark = pytest.mark.once

EVERYBODY = set(ROLES)


def let_in(response):
    """Whether the page was shown. Wagtail sends people without permission back to the front."""
    if response.status_code == 302:
        assert response.url in (reverse("wagtailadmin_home"), reverse("wagtailadmin_login")), response.url
        return False
    assert response.status_code in (200, 403)
    return response.status_code == 200


def who(signed_in, ask):
    return {role for role in ROLES if let_in(ask(signed_in(role)))}


def test_these_are_the_groups(db):
    assert set(Group.objects.values_list("name", flat=True)) == EVERYBODY


def test_nobody_is_let_in_without_a_group(db, signed_in, client):
    assert client.get(reverse("wagtailadmin_home")).status_code == 302
    assert signed_in(name="visitor").get(reverse("wagtailadmin_home")).status_code == 302


def test_nobody_else_lets_confirmations_go_out(db, signed_in):
    breaker = CircuitBreaker.objects.create(tripped_at=timezone.now())
    network = CircuitBreaker.objects.create(network_hash="a network", tripped_at=timezone.now())
    for role in ROLES:
        client = signed_in(role)
        client.post(reverse("mailing_list_admin:reset_circuit_breaker"))
        client.post(reverse("mailing_list_admin:reset_network", args=[network.pk]))
        network.refresh_from_db()
        assert (network.tripped_at is None) == (role in {OFFICER, ADMINISTRATOR}), role
        response = client.get(reverse("mailing_list_admin:discard_network", args=[network.pk]))
        assert let_in(response) == (role in {OFFICER, ADMINISTRATOR}), role
        breaker.refresh_from_db()
        assert (breaker.tripped_at is None) == (role in {OFFICER, ADMINISTRATOR}), role
        CircuitBreaker.objects.update(tripped_at=timezone.now())


def test_every_snippet_is_in_the_matrix():
    assert {model._meta.label_lower for model in get_snippet_models()} == set(ADDS) == set(CHANGES)


def permissions_of(role, model):
    """What a role may do with a kind of snippet: add, change and so on."""
    held = Group.objects.get(name=role).permissions.filter(content_type__app_label=model._meta.app_label)
    names = held.values_list("codename", flat=True)
    return {name.partition("_")[0] for name in names if name.partition("_")[2] == model._meta.model_name}


@pytest.mark.parametrize("label", ADDS)
def test_snippets(db, label):
    model = next(model for model in get_snippet_models() if model._meta.label_lower == label)
    for role in ROLES:
        may = permissions_of(role, model)
        assert ("add" in may) == (role in ADDS[label]), role
        assert ("change" in may) == (role in CHANGES[label]), role
        assert ("delete" in may) == (role == ADMINISTRATOR), role
        assert "view" in may, role
        has_drafts = issubclass(model, DraftStateMixin)
        assert ("publish" in may) == (has_drafts and role == ADMINISTRATOR), role


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("edit", EVERYBODY),
        ("history", EVERYBODY),
        ("copy", EVERYBODY),
        ("delete", {ADMINISTRATOR}),
        ("unpublish", {ADMINISTRATOR}),
        ("move", {ADMINISTRATOR}),
    ],
)
def test_a_published_page(sample_site, signed_in, action, expected):
    page = sample_site.make(StandardPage)
    url = reverse(f"wagtailadmin_pages:{action}", args=[page.pk])
    assert who(signed_in, lambda client: client.get(url)) == expected


@pytest.mark.parametrize("role", ROLES)
def test_a_copy_is_a_new_page_and_a_draft(sample_site, signed_in, role):
    """The form is shown to whoever edits the page; copying takes the right to add."""
    page = sample_site.make(StandardPage)
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    form = {
        "new_title": "Copy",
        "new_slug": "copy",
        "new_parent_page": sample_site.pages[HomePage].pk,
        "publish_copies": "on",
    }
    signed_in(role).post(url, form)
    copy = StandardPage.objects.filter(slug="copy").first()
    assert (copy is not None) == (role in {EDITOR, OFFICER, ADMINISTRATOR})
    assert copy is None or not copy.live


def test_pages_below(sample_site, signed_in):
    url = reverse("wagtailadmin_pages:add", args=["home", "standardpage", sample_site.pages[HomePage].pk])
    assert who(signed_in, lambda client: client.get(url)) == {EDITOR, OFFICER, ADMINISTRATOR}


def test_publishing_many_at_once(sample_site, signed_in):
    """The bulk action asks for the same permission as the button."""
    page = sample_site.make(StandardPage, live=False)
    Page.objects.filter(pk=page.pk).update(live=False)
    for role in ROLES:
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        signed_in(role).post(f"{url}?id={page.pk}", {"next": "/admin/"})
        assert Page.objects.get(pk=page.pk).live == (role == ADMINISTRATOR), role


def test_the_site_settings(sample_site, signed_in):
    site = SiteSettings.for_site(sample_site.pages[HomePage].get_site())
    url = reverse("wagtailsettings:edit", args=["core", "sitesettings", site.site_id])
    assert who(signed_in, lambda client: client.get(url)) == {ADMINISTRATOR}
