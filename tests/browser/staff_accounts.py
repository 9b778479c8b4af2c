"""Accounts of staff on a served site."""

from django.contrib.auth.models import Group

from nelis.core.models import User

PASSWORD = "a long password"


def make_staff(name: str, *groups: str) -> None:
    """Make a member of staff in the groups of those names."""
    user = User.objects.create_user(name, f"{name}@example.org", PASSWORD, first_name=name.capitalize())
    user.groups.set(Group.objects.filter(name__in=groups))
    assert user.groups.count() == len(groups)
