"""Nobody raises themselves or touches an account that may do more, by any address, field or bulk action."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from wagtail.contrib.settings.forms import SitePermissionForm
from wagtail.log_actions import LogContext
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, GroupSitePermission, Page, Site
from wagtail.users.forms import GroupForm
from wagtail.users.views.groups import get_permission_panel_classes

from nelis.core.models import User
from nelis.core.privileges import beyond, group_privileges

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ADMINISTRATOR, EDITOR = "Administrator", "Content editor"


def account(**changes):
    """What the form of an account sends."""
    form = {
        "username": "new-person",
        "email": "new@example.org",
        "first_name": "New",
        "last_name": "Person",
        "password1": "a very long secret",
        "password2": "a very long secret",
        "is_active": "on",
    }
    return form | changes


@pytest.fixture
def administrator(signed_in):
    return signed_in(ADMINISTRATOR)


@pytest.fixture
def root(person):
    return person(superuser=True, name="root")


@pytest.fixture
def higher_group():
    """One that gives what administrators don't have."""
    group = Group.objects.create(name="Higher")
    group.permissions.set(Permission.objects.filter(content_type__app_label="core", codename="delete_siteimage"))
    assert not Group.objects.get(name=ADMINISTRATOR).permissions.filter(codename="delete_siteimage").exists()
    return group


def test_administrators_may_give_every_group_of_ours(administrator):
    """Otherwise they couldn't do their work."""
    assert not beyond(administrator.person, group_privileges(Group.objects.all()))


def test_no_superuser_is_made(administrator):
    url = reverse("wagtailusers_users:add")
    assert b"is_superuser" not in administrator.get(url).content
    administrator.post(url, account(is_superuser="on"))
    assert User.objects.get(username="new-person").is_superuser is False


@pytest.mark.parametrize("whose", ["own", "other"])
def test_nobody_is_raised(administrator, person, whose):
    raised = administrator.person if whose == "own" else person(EDITOR, name="other")
    groups = [Group.objects.get(name=ADMINISTRATOR).pk]
    administrator.post(
        reverse("wagtailusers_users:edit", args=[raised.pk]),
        account(username=raised.username, is_superuser="on", groups=groups),
    )
    raised.refresh_from_db()
    assert raised.email == "new@example.org"
    assert raised.is_superuser is False


def test_nothing_is_saved_at_the_address_of_a_copy(administrator, person):
    """Wagtail's copy saves over the account that it shows."""
    other, root = person(EDITOR, name="other"), person(superuser=True, name="root")
    for copied in (other, root, administrator.person):
        url = f"/admin/users/copy/{copied.pk}/"
        assert administrator.get(url).status_code == 404
        administrator.post(url, account(username=copied.username, is_superuser="on"))
        copied.refresh_from_db()
        assert copied.email != "new@example.org"
        assert copied.is_superuser == (copied == root)


@pytest.mark.parametrize("higher", ["superuser", "group", "permission"])
@pytest.mark.parametrize("way", ["edit", "delete", "set_active_state", "assign_role", "bulk delete"])
def test_a_higher_account_is_out_of_reach(administrator, person, higher_group, way, higher):
    """A superuser's, and one that may do more by a group or a permission of its own; also one that is locked out."""
    for is_active in (True, False):
        target = person(EDITOR, name=f"target-{is_active}", superuser=higher == "superuser")
        if higher == "group":
            target.groups.add(higher_group)
        if higher == "permission":
            target.user_permissions.set(higher_group.permissions.all())
        User.objects.filter(pk=target.pk).update(is_active=is_active)
        before = User.objects.filter(pk=target.pk).values("email", "password", "is_active", "is_superuser", "groups")
        rows = list(before)
        if way in ("edit", "delete"):
            url = reverse(f"wagtailusers_users:{way}", args=[target.pk])
            assert administrator.get(url).url == reverse("wagtailadmin_home")
        else:
            url = reverse("wagtail_bulk_action", args=["core", "user", way.split()[-1]]) + f"?id={target.pk}"
        role = Group.objects.get(name="Analyst").pk
        administrator.post(url, account(username=target.username, mark_as_active=str(not is_active), role=role))
        assert list(before.all()) == rows


@pytest.mark.parametrize("way", ["add", "edit", "assign_role"])
def test_a_higher_group_is_not_given(administrator, person, higher_group, way):
    other = person(EDITOR, name="other")
    for receiver in (other, administrator.person):
        if way == "assign_role":
            url = reverse("wagtail_bulk_action", args=["core", "user", way]) + f"?id={receiver.pk}"
        else:
            url = reverse(f"wagtailusers_users:{way}", args=[receiver.pk] if way == "edit" else [])
        assert "Higher" not in administrator.get(url).content.decode()
        administrator.post(url, account(groups=[higher_group.pk], role=higher_group.pk))
    assert not User.objects.filter(groups=higher_group).exists()


def group_form(group, **changes):
    """What the form of a group sends when nothing is changed but ``changes``."""
    offered = GroupForm().fields["permissions"].queryset
    form = {"name": group.name, "permissions": [one.pk for one in offered.filter(group=group)]}
    for panel in get_permission_panel_classes():
        rows = panel(instance=group)
        prefix = rows.prefix
        if isinstance(rows, SitePermissionForm):
            form[f"{prefix}-sites"] = [site.pk for site in rows.initial["sites"]]
            continue
        form |= {f"{prefix}-TOTAL_FORMS": len(rows.forms), f"{prefix}-INITIAL_FORMS": len(rows.forms)}
        for number, row in enumerate(rows.forms):
            place = row.initial.get("page") or row.initial["collection"]
            name = "page" if "page" in row.initial else "collection"
            chosen = row.initial["permissions"]
            form |= {
                f"{prefix}-{number}-{name}": place.pk,
                f"{prefix}-{number}-permissions": [one.codename if name == "page" else one.pk for one in chosen],
            }
    return form | changes


@pytest.mark.parametrize("name", [ADMINISTRATOR, EDITOR])
def test_a_group_gets_nothing_that_the_giver_lacks(administrator, higher_group, name):
    group = Group.objects.get(name=name)
    url = reverse("wagtailusers_groups:edit", args=[group.pk])
    before = group_privileges([group])
    offered = Permission.objects.get(content_type__app_label="simple_translation", codename="submit_translation")
    form = group_form(group, name="Renamed")
    response = administrator.post(url, form | {"permissions": [*form["permissions"], offered.pk]})
    assert response.status_code == 200
    assert "You can’t give a group what you may not do yourself: Can submit translations." in response.content.decode()
    assert group_privileges([group]) == before
    assert not Group.objects.filter(name="Renamed").exists()
    # What they have themselves may be given.
    assert administrator.post(url, form).status_code == 302
    assert group_privileges([Group.objects.get(name="Renamed")]) == before


def test_a_permission_on_one_part_of_the_site_is_given_for_that_part_only(signed_in, sample_site):
    local = Group.objects.create(name="Local")
    home = Page.objects.get(depth=2)
    site = Site.objects.get()
    settings = Permission.objects.get(content_type__app_label="core", codename="change_sitesettings")
    GroupSitePermission.objects.create(group=local, site=site, permission=settings)
    publish = Permission.objects.get(content_type__app_label="wagtailcore", codename="publish_page")
    GroupPagePermission.objects.create(group=local, page=home, permission=publish)
    upload = Permission.objects.get(codename="add_image", content_type__app_label="wagtailimages")
    root = Collection.get_first_root_node()
    GroupCollectionPermission.objects.create(group=local, collection=root.add_child(name="One"), permission=upload)
    local.permissions.set(Permission.objects.filter(codename__in=["access_admin", "change_group", "add_group"]))
    client = signed_in("Local")
    url = reverse("wagtailusers_groups:edit", args=[local.pk])
    for prefix, field, low, high, value in (
        ("page_permissions", "page", home.get_first_child(), Page.objects.get(depth=1), "publish_page"),
        ("image_permissions", "collection", Collection.objects.get(name="One"), root, upload.pk),
    ):
        for place, status in ((high, 200), (low, 302)):
            form = group_form(local, **{f"{prefix}-0-{field}": place.pk, f"{prefix}-0-permissions": [value]})
            assert client.post(url, form).status_code == status, (prefix, place)
    other = Site.objects.create(hostname="other.example.org", root_page=home)
    for sites, status in (([site.pk, other.pk], 200), ([site.pk], 302)):
        form = group_form(local, **{"core_sitesettings_site_permissions-sites": sites})
        assert client.post(url, form).status_code == status, sites


def test_a_higher_group_is_neither_changed_nor_deleted(administrator, higher_group):
    for name in ("edit", "delete"):
        url = reverse(f"wagtailusers_groups:{name}", args=[higher_group.pk])
        assert administrator.get(url).url == reverse("wagtailadmin_home")
        administrator.post(url, {"name": "Lower"})
    assert Group.objects.filter(name="Higher").exists()


def test_superusers_may_all_of_it(signed_in, higher_group, person):
    root = signed_in(superuser=True, name="root")
    other = person(superuser=True, name="other")
    root.post(reverse("wagtailusers_users:add"), account(is_superuser="on", groups=[higher_group.pk]))
    made = User.objects.get(username="new-person")
    assert made.is_superuser
    assert list(made.groups.all()) == [higher_group]
    bulk = reverse("wagtail_bulk_action", args=["core", "user", "set_active_state"])
    root.post(f"{bulk}?id={other.pk}", {"mark_as_active": "False"})
    other.refresh_from_db()
    assert not other.is_active


class TestAtEveryOtherAddress:
    """Whatever an administrator's request runs into, it can't save more than the forms would let it."""

    @pytest.fixture(autouse=True)
    def request_of_an_administrator(self, person, root, higher_group):
        self.actor, self.other = person(ADMINISTRATOR), person(EDITOR, name="other")
        self.root, self.higher = root, higher_group
        with LogContext(user=self.actor):
            yield

    def refused(self, change):
        with pytest.raises(PermissionDenied), transaction.atomic():
            change()

    def test_accounts(self):
        self.refused(lambda: User.objects.create(username="x", is_superuser=True))
        self.other.is_superuser, self.root.is_superuser = True, False
        self.refused(self.other.save)
        self.refused(self.root.save)
        self.refused(self.root.delete)
        self.actor.email = "mine@example.org"
        self.actor.save()

    def test_groups_and_permissions(self):
        lacking = self.higher.permissions.get()
        self.refused(lambda: self.other.groups.add(self.higher))
        self.refused(lambda: self.higher.user_set.add(self.other))
        self.refused(lambda: self.other.user_permissions.add(lacking))
        self.refused(lambda: self.other.groups.get().permissions.add(lacking))
        self.refused(lambda: self.root.groups.set(Group.objects.filter(name=EDITOR)))
        self.refused(self.higher.permissions.clear)
        self.refused(self.higher.delete)
        self.other.groups.add(Group.objects.get(name="Analyst"))
        assert self.other.groups.count() == 2
