"""Who may do what with the mailing list, with bulletins and with complaints.

People's data is seen by engagement officers and administrators alone. Whoever may approve a bulletin may not
approve one of their own; that is a rule in code, not a permission.
"""

from django.db import migrations

from nelis.core.grants import grant, make_permissions

CONTENT_EDITOR = "Content editor"
ANALYST = "Analyst"
ENGAGEMENT_OFFICER = "Engagement officer"
PUBLISHER = "Publisher"
ADMINISTRATOR = "Administrator"

PERSONAL = [
    "mailing_list.view_subscription",
    "mailing_list.add_subscription",
    "mailing_list.change_subscription",
    "mailing_list.delete_subscription",
    "mailing_list.view_suppression",
    "mailing_list.add_importbatch",
    "mailing_list.view_importbatch",
    "mailing_list.change_breaker",
    "complaints.view_complaint",
    "complaints.change_complaint",
    "post.view_servicemail",
    "post.change_servicemail",
]
WRITES = ["bulletins.view_bulletin", "bulletins.add_bulletin", "bulletins.change_bulletin"]
ON_TOPICS = ["mailing_list.add_topic", "mailing_list.change_topic"]
EVERYBODY = ["bulletins.view_bulletin", "mailing_list.view_topic"]

GRANTED = {
    CONTENT_EDITOR: [*EVERYBODY, *WRITES],
    ANALYST: EVERYBODY,
    ENGAGEMENT_OFFICER: [
        *EVERYBODY,
        *WRITES,
        *PERSONAL,
        *ON_TOPICS,
        "bulletins.approve_bulletin",
        "bulletins.send_bulletin",
    ],
    PUBLISHER: [*EVERYBODY, "bulletins.approve_bulletin"],
    ADMINISTRATOR: [
        *EVERYBODY,
        *WRITES,
        *PERSONAL,
        *ON_TOPICS,
        "mailing_list.delete_topic",
        "bulletins.delete_bulletin",
        "bulletins.approve_bulletin",
        "bulletins.send_bulletin",
    ],
}


def give(apps, schema_editor):
    make_permissions(apps, ["post", "mailing_list", "complaints", "bulletins"], schema_editor.connection.alias)
    Group = apps.get_model("auth", "Group")
    for name, permissions in GRANTED.items():
        grant(apps, Group.objects.get(name=name), permissions)


def take(apps, schema_editor):
    apps.get_model("auth", "Group").permissions.through.objects.filter(
        permission__content_type__app_label__in=["post", "mailing_list", "complaints", "bulletins"]
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0005_book"),
        ("post", "0001_initial"),
        ("mailing_list", "0001_initial"),
        ("complaints", "0001_initial"),
        ("bulletins", "0001_initial"),
    ]

    operations = [migrations.RunPython(give, take)]
