"""Who may do what, and how things get published.

Five groups, one workflow of two steps. Only administrators may publish past the workflow; that is
docs/decisions/0020. Wagtail's own example groups and workflow go: they would let moderators publish alone.
"""

from django.db import migrations

from nelis.core.permissions import (
    grant_permissions,
    grant_collection_permissions,
    grant_page_permissions,
    ensure_permissions,
)

CONTENT_EDITOR = "Content editor"
ANALYST = "Analyst"
ENGAGEMENT_OFFICER = "Engagement officer"
PUBLISHER = "Publisher"
ADMINISTRATOR = "Administrator"

#: Things with drafts, which the workflow publishes.
REVIEWED = [
    "core.glossaryterm",
    "evidence.finding",
    "evidence.source",
    "evidence.statistic",
    "home.faq",
    "home.timelineevent",
    "sectors.contact",
    "sectors.organisation",
]
#: Things without drafts: saving them changes public pages at once.
UNREVIEWED = ["evidence.geoarea", "feedback.questionset", "home.governancebody", "sectors.place"]
LOCKABLE = ["evidence.finding", "evidence.statistic"]

#: What each group adds to and changes among the reviewed things.
WRITES = {
    CONTENT_EDITOR: [thing for thing in REVIEWED if thing != "evidence.statistic"],
    ANALYST: ["evidence.finding", "evidence.source", "evidence.statistic"],
    ENGAGEMENT_OFFICER: ["home.faq", "sectors.contact", "sectors.organisation"],
    PUBLISHER: [],
    ADMINISTRATOR: REVIEWED,
}
#: What each group adds among the unreviewed things. Adding shows nothing until something refers to it.
ADDS = {
    CONTENT_EDITOR: ["sectors.place"],
    ANALYST: ["evidence.geoarea"],
    ENGAGEMENT_OFFICER: ["feedback.questionset"],
    PUBLISHER: [],
    ADMINISTRATOR: UNREVIEWED,
}
ON_PAGES = {
    CONTENT_EDITOR: ["add", "change"],
    ANALYST: ["change"],
    ENGAGEMENT_OFFICER: ["add", "change"],
    PUBLISHER: ["change", "lock", "unlock"],
    ADMINISTRATOR: ["add", "change", "publish", "bulk_delete", "lock", "unlock"],
}
CHOOSES = ["wagtailimages.choose_image", "wagtaildocs.choose_document"]
UPLOADS = ["wagtailimages.add_image", "wagtaildocs.add_document"]
ON_FILES = {
    CONTENT_EDITOR: [*CHOOSES, *UPLOADS],
    ANALYST: [*CHOOSES, "wagtaildocs.add_document"],
    ENGAGEMENT_OFFICER: [*CHOOSES, *UPLOADS],
    PUBLISHER: CHOOSES,
    ADMINISTRATOR: [
        *CHOOSES,
        *UPLOADS,
        "wagtailimages.change_image",
        "wagtailimages.delete_image",
        "wagtaildocs.change_document",
        "wagtaildocs.delete_document",
        "wagtailcore.add_collection",
        "wagtailcore.change_collection",
        "wagtailcore.delete_collection",
    ],
}
#: What each group does with the mailing list, bulletins, complaints and feedback. People's data and answers are seen by
#: engagement officers and administrators alone; analysts read answers without their authors. That nobody approves a
#: bulletin of their own is a rule in code, not a permission.
PERSONAL_DATA = [
    "mailing_list.view_subscription",
    "mailing_list.add_subscription",
    "mailing_list.change_subscription",
    "mailing_list.delete_subscription",
    "mailing_list.view_suppression",
    "mailing_list.add_importbatch",
    "mailing_list.view_importbatch",
    "mailing_list.change_circuitbreaker",
    "complaints.view_complaint",
    "complaints.change_complaint",
    "mail.view_transactionalemail",
    "mail.change_transactionalemail",
]
BULLETINS = ["bulletins.add_bulletin", "bulletins.change_bulletin"]
TOPICS = ["mailing_list.add_topic", "mailing_list.change_topic"]
ROUNDS = [
    "feedback.add_feedbackround",
    "feedback.change_feedbackround",
    "feedback.run_feedbackround",
    "feedback.read_responses",
    "feedback.read_respondents",
    "feedback.report_feedbackround",
]
APPROVES = "bulletins.approve_bulletin"
SENDS = "bulletins.send_bulletin"
FOR_EVERYBODY = ["bulletins.view_bulletin", "mailing_list.view_topic", "feedback.view_feedbackround"]
ON_ENGAGEMENT = {
    CONTENT_EDITOR: BULLETINS,
    ANALYST: ["feedback.read_responses"],
    ENGAGEMENT_OFFICER: [*BULLETINS, *PERSONAL_DATA, *TOPICS, *ROUNDS, APPROVES, SENDS],
    PUBLISHER: [APPROVES],
    ADMINISTRATOR: [
        *BULLETINS,
        *PERSONAL_DATA,
        *TOPICS,
        *ROUNDS,
        APPROVES,
        SENDS,
        "mailing_list.delete_topic",
        "bulletins.delete_bulletin",
        "feedback.delete_feedbackround",
    ],
}
FOR_ADMINISTRATORS = [
    "core.change_sitesettings",
    *(f"core.{action}_user" for action in ("add", "change", "delete")),
    *(f"auth.{action}_group" for action in ("add", "change", "delete")),
    *(f"wagtailredirects.{action}_redirect" for action in ("add", "change", "delete")),
    *(
        f"wagtailcore.{action}_{thing}"
        for action in ("add", "change", "delete")
        for thing in ("site", "workflow", "task")
    ),
]

ANALYST_CHECK = "Figures checked by an analyst"
PUBLISHER_APPROVAL = "Approved by a publisher"
WORKFLOW = "Figures checked, then published"

APP_LABELS = [
    "core",
    "evidence",
    "progress",
    "sectors",
    "mail",
    "complaints",
    "mailing_list",
    "bulletins",
    "feedback",
    "home",
]
WAGTAIL_LABELS = [
    "auth",
    "wagtailcore",
    "wagtailadmin",
    "wagtailimages",
    "wagtaildocs",
    "wagtailredirects",
]


def to_do(action, thing):
    label, model = thing.split(".")
    return f"{label}.{action}_{model}"


def create(apps, schema_editor):
    ensure_permissions(apps, [*WAGTAIL_LABELS, *APP_LABELS], schema_editor.connection.alias)
    remove_examples(apps)
    create_groups(apps)
    create_workflow(apps)


def remove_examples(apps):
    apps.get_model("auth", "Group").objects.filter(name__in=["Editors", "Moderators"]).delete()
    apps.get_model("wagtailcore", "Workflow").objects.filter(name="Moderators approval").delete()
    apps.get_model("wagtailcore", "GroupApprovalTask").objects.filter(name="Moderators approval").delete()


def create_groups(apps):
    Group = apps.get_model("auth", "Group")
    for name in (CONTENT_EDITOR, ANALYST, ENGAGEMENT_OFFICER, PUBLISHER, ADMINISTRATOR):
        group, _ = Group.objects.get_or_create(name=name)
        grant_permissions(apps, group, ["wagtailadmin.access_admin"])
        grant_permissions(apps, group, (to_do("view", thing) for thing in [*REVIEWED, *UNREVIEWED]))
        for action in ("add", "change"):
            grant_permissions(apps, group, (to_do(action, thing) for thing in WRITES[name]))
        grant_permissions(apps, group, (to_do("add", thing) for thing in ADDS[name]))
        grant_page_permissions(apps, group, ON_PAGES[name])
        grant_collection_permissions(apps, group, ON_FILES[name])
        grant_permissions(apps, group, [*FOR_EVERYBODY, *ON_ENGAGEMENT[name]])
    publisher = Group.objects.get(name=PUBLISHER)
    grant_permissions(apps, publisher, (to_do("change", thing) for thing in REVIEWED))
    administrator = Group.objects.get(name=ADMINISTRATOR)
    grant_permissions(apps, administrator, FOR_ADMINISTRATORS)
    grant_permissions(apps, administrator, (to_do("publish", thing) for thing in REVIEWED))
    grant_permissions(apps, administrator, (to_do("change", thing) for thing in UNREVIEWED))
    grant_permissions(apps, administrator, (to_do("delete", thing) for thing in [*REVIEWED, *UNREVIEWED]))
    for group in (publisher, administrator):
        for action in ("lock", "unlock"):
            grant_permissions(apps, group, (to_do(action, thing) for thing in LOCKABLE))


def create_workflow(apps):
    Group = apps.get_model("auth", "Group")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Task = apps.get_model("core", "IndependentApprovalTask")
    WorkflowTask = apps.get_model("wagtailcore", "WorkflowTask")
    task_type, _ = ContentType.objects.get_or_create(app_label="core", model="independentapprovaltask")
    workflow = apps.get_model("wagtailcore", "Workflow").objects.create(name=WORKFLOW)
    for order, (name, group) in enumerate([(ANALYST_CHECK, ANALYST), (PUBLISHER_APPROVAL, PUBLISHER)]):
        task = Task.objects.create(name=name, content_type=task_type)
        task.groups.add(Group.objects.get(name=group))
        WorkflowTask.objects.create(workflow=workflow, task_id=task.pk, sort_order=order)
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    apps.get_model("wagtailcore", "WorkflowPage").objects.update_or_create(page=root, defaults={"workflow": workflow})
    for thing in REVIEWED:
        label, model = thing.split(".")
        apps.get_model("wagtailcore", "WorkflowContentType").objects.update_or_create(
            content_type=ContentType.objects.get(app_label=label, model=model),
            defaults={"workflow": workflow},
        )


def remove(apps, schema_editor):
    apps.get_model("wagtailcore", "Workflow").objects.filter(name=WORKFLOW).delete()
    apps.get_model("core", "IndependentApprovalTask").objects.filter(
        name__in=[ANALYST_CHECK, PUBLISHER_APPROVAL]
    ).delete()
    apps.get_model("auth", "Group").objects.filter(
        name__in=[CONTENT_EDITOR, ANALYST, ENGAGEMENT_OFFICER, PUBLISHER, ADMINISTRATOR]
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("core", "0002_initial"),
        ("evidence", "0001_initial"),
        ("progress", "0001_initial"),
        ("sectors", "0001_initial"),
        ("mail", "0001_initial"),
        ("complaints", "0001_initial"),
        ("mailing_list", "0001_initial"),
        ("bulletins", "0001_initial"),
        ("feedback", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]

    operations = [migrations.RunPython(create, remove)]
