"""Nobody deletes a colleague's draft: its only author does, and whoever publishes or administers the site."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from nelis.home.models import HomePage, StandardPage
from tests.admin.sample_site import resent

pytestmark = pytest.mark.once

EDITOR, ANALYST, OFFICER = "Content editor", "Analyst", "Engagement officer"
PUBLISHER, ADMINISTRATOR = "Publisher", "Administrator"
ROLES = (EDITOR, ANALYST, OFFICER, PUBLISHER, ADMINISTRATOR)


@pytest.fixture
def draft(sample_site, person):
    """Makes a draft that somebody wrote."""
    colleague = person(EDITOR, name="colleague")

    def make(owner=None, above=None, **fields):
        page = StandardPage(title="Kites", slug="kites", summary="Of kites.", live=False, owner=owner or colleague)
        above = above or sample_site.pages[HomePage]
        type(above).objects.get(pk=above.pk).add_child(instance=page)
        page.save_revision(user=page.owner)
        StandardPage.objects.filter(pk=page.pk).update(**fields)
        return page

    return make


def press(client, page, way):
    """Delete ``page`` in one of the ways that the admin has, or move it, which asks for the same right."""
    pk = page.pk
    if way == "form":
        client.post(reverse("wagtailadmin_pages:delete", args=[pk]))
    elif way == "bulk":
        client.post(reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"]) + f"?id={pk}")
    elif way == "api":
        client.post(reverse("wagtailadmin_api:pages:action", args=[pk, "delete"]))
    else:
        above = Page.objects.get(depth=2).get_children().type(StandardPage).first()
        client.post(reverse("wagtailadmin_pages:move_confirm", args=[pk, above.pk]))
        return Page.objects.get(pk=pk).get_parent().pk == above.pk
    return not Page.objects.filter(pk=pk).exists()


WAYS = ("form", "bulk", "api")


@pytest.mark.parametrize("way", WAYS)
def test_a_colleagues_draft(draft, signed_in, way):
    page = draft()
    for role in ROLES:
        is_gone = press(signed_in(role), page, way)
        assert is_gone == (role in (PUBLISHER, ADMINISTRATOR)), role
        page = draft() if is_gone else page


@pytest.mark.parametrize("way", WAYS)
def test_what_was_published_once_takes_the_right_to_publish(draft, signed_in, person, way):
    """It has readers, and links to it; that it is off the site just now makes no difference."""
    for role in ROLES:
        client = signed_in(role)
        page = draft(owner=client.person, first_published_at="2026-01-01T00:00:00Z")
        assert press(client, page, way) == (role == ADMINISTRATOR), role
        Page.objects.filter(pk=page.pk).first() and Page.objects.get(pk=page.pk).delete()


@pytest.mark.parametrize("way", WAYS)
def test_an_author_deletes_a_draft_of_their_own(draft, signed_in, way):
    editor = signed_in(EDITOR)
    assert press(editor, draft(owner=editor.person), way)


@pytest.mark.parametrize("way", WAYS)
def test_but_not_once_a_colleague_wrote_in_it(draft, signed_in, way):
    editor, publisher = signed_in(EDITOR), signed_in(PUBLISHER)
    page = draft(owner=editor.person)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = resent(signed_in(OFFICER), edit) | {"body-count": "0"}
    signed_in(ANALYST).post(edit, form | {"summary": "Of kites and their tails."})
    assert page.revisions.count() == 2
    assert not press(editor, page, way)
    assert press(publisher, page, way)


def test_with_drafts_of_others_below_it(draft, signed_in):
    """Those would go with it."""
    publisher = signed_in(PUBLISHER)
    above = draft(owner=publisher.person)
    below = draft(above=above)
    assert not press(signed_in(EDITOR), above, "form")
    Page.objects.filter(pk=below.pk).update(first_published_at="2026-01-01T00:00:00Z")
    assert not press(publisher, above, "form")
    Page.objects.filter(pk=below.pk).update(first_published_at=None)
    assert press(publisher, above, "form")


def test_moving_it_takes_the_same_right(draft, sample_site, signed_in):
    sample_site.make(StandardPage)
    page = draft()
    for role in (EDITOR, ANALYST, OFFICER):
        assert not press(signed_in(role), page, "move"), role
    assert press(signed_in(ADMINISTRATOR), page, "move")


def test_the_button_is_not_offered(draft, signed_in):
    edit = reverse("wagtailadmin_pages:edit", args=[draft().pk])
    for role in (EDITOR, PUBLISHER):
        shown = signed_in(role).get(edit).content.decode()
        assert ("/delete/" in shown) == (role == PUBLISHER), role
