"""Who may open each address of the admin, and who may change something there. The first line that fits counts.

Whoever isn't named is sent away. Names are those of the URL configuration, or the route of an address without one; a
star stands for anything. Superusers may everything.
"""

from fnmatch import fnmatchcase
from typing import Any

from wagtail.snippets.models import get_snippet_models

EDITOR, ANALYST, OFFICER = "Content editor", "Analyst", "Engagement officer"
PUBLISHER, ADMINISTRATOR = "Publisher", "Administrator"
ROLES = (EDITOR, ANALYST, OFFICER, PUBLISHER, ADMINISTRATOR)

STAFF = set(ROLES)
ANYBODY = STAFF | {"anonymous", "nobody"}
SUPERUSERS: set[str] = set()
ADMINISTRATORS = {ADMINISTRATOR}
OFFICERS = {OFFICER, ADMINISTRATOR}
WRITERS = {EDITOR, OFFICER, ADMINISTRATOR}
READERS = {ANALYST, OFFICER, ADMINISTRATOR}
PUBLISHERS = {PUBLISHER, ADMINISTRATOR}
UPLOADERS = {EDITOR, ANALYST, OFFICER, ADMINISTRATOR}
#: In the first step of a review.
CHECKERS = {ANALYST}

#: Who may add and change each kind of snippet. Everybody may look at all of them, administrators may delete them.
ADDS = {
    "evidence.source": {EDITOR, ANALYST, ADMINISTRATOR},
    "evidence.statistic": {ANALYST, ADMINISTRATOR},
    "evidence.finding": {EDITOR, ANALYST, ADMINISTRATOR},
    "evidence.geoarea": {ANALYST, ADMINISTRATOR},
    "evidence.indicator": {ANALYST, ADMINISTRATOR},
    "evidence.series": {ANALYST, ADMINISTRATOR},
    "evidence.seriesbreak": {ANALYST, ADMINISTRATOR},
    "sectors.organisation": WRITERS,
    "sectors.place": {EDITOR, ADMINISTRATOR},
    "sectors.contact": WRITERS,
    "home.governancebody": ADMINISTRATORS,
    "home.timelineevent": {EDITOR, ADMINISTRATOR},
    "home.faq": WRITERS,
    "core.glossaryterm": {EDITOR, ADMINISTRATOR},
    "feedback.questionset": OFFICERS,
    "feedback.feedbackround": OFFICERS,
    "bulletins.bulletin": WRITERS,
    "mailing_list.topic": OFFICERS,
}
#: What has no drafts changes the site at once.
UNREVIEWED = (
    *("evidence.geoarea", "evidence.indicator", "evidence.series", "evidence.seriesbreak"),
    *("sectors.place", "home.governancebody", "feedback.questionset"),
)
CHANGES = {name: ADMINISTRATORS if name in UNREVIEWED else who | {PUBLISHER} for name, who in ADDS.items()}
CHANGES["feedback.feedbackround"] = OFFICERS
# Who approves a bulletin has nothing to write in it.
CHANGES["bulletins.bulletin"] = ADDS["bulletins.bulletin"]
CHANGES["mailing_list.topic"] = ADDS["mailing_list.topic"]

#: The addresses of a kind of snippet: who may open them. "adds" and "changes" are those named above.
OF_A_SNIPPET: dict[str, Any] = {
    "list": STAFF,
    "list_results": STAFF,
    "inspect": STAFF,
    "add": "adds",
    "copy": "adds",
    "preview_on_add": "adds",
    "delete": ADMINISTRATORS,
    "unpublish": ADMINISTRATORS,
    "revisions_unschedule": ADMINISTRATORS,
    # While it is in review, those who review it; and nobody but superusers unlocks what somebody else locked.
    "lock": CHECKERS,
    "unlock": SUPERUSERS,
    "workflow_action": CHECKERS,
    "collect_workflow_action_data": CHECKERS,
    "workflow_preview": CHECKERS,
    "confirm_workflow_cancellation": STAFF,
    "edit": "changes or reviews",
    "revisions_revert": "changes or reviews",
    "history": "adds or changes",
    "history_results": "adds or changes",
    "*": "changes",
}
OF_A_CHOOSER: dict[str, Any] = {"create": "adds", "*": STAFF}

#: Every other address, with who may open it and, where it differs, who may change something.
WHO_MAY: dict[str, Any] = {
    # Before and after signing in.
    "account_login": {"anonymous"},
    "account_logout": STAFF | {"nobody"},
    "account_reauthenticate": STAFF | {"nobody"},
    "mfa_login_webauthn": SUPERUSERS,
    # In the midst of signing in, or of nobody who has one: sent on, or not found.
    "mfa_authenticate": SUPERUSERS,
    "mfa_*": STAFF | {"nobody"},
    "usersessions_list": STAFF,
    "wagtailadmin_login": {"anonymous"},
    "wagtailadmin_logout": STAFF,
    "wagtailadmin_password_reset*": ANYBODY,
    "wagtailadmin_sprite": ANYBODY,
    "wagtailadmin_javascript_catalog": ANYBODY,
    "wagtailadmin_home": STAFF,
    "admin/account/": STAFF,
    "wagtailadmin_account": STAFF,
    "wagtailadmin_dismissibles": STAFF,
    "admin/^.*/$": STAFF,
    # Not offered: not found, whoever asks.
    "admin/pages/<int:page_id>/privacy/": SUPERUSERS,
    "admin/collections/<int:collection_id>/privacy/": SUPERUSERS,
    "wagtailadmin_pages:set_privacy": SUPERUSERS,
    "wagtailadmin_collections:set_privacy": SUPERUSERS,
    "admin/failwhale/": SUPERUSERS,
    "admin/test404/": SUPERUSERS,
    "wagtailadmin_error_test": SUPERUSERS,
    "simple_translation:*": SUPERUSERS,
    "wagtailimages:url_generator*": ADMINISTRATORS,
    # Pages. Who may change one opens its forms; what they send is asked for again.
    "admin/pages/<int:page_id>/edit/": STAFF,
    "wagtailadmin_explore*": (STAFF, SUPERUSERS),
    "wagtailadmin_pages:add": WRITERS,
    "wagtailadmin_pages:add_subpage": WRITERS,
    "wagtailadmin_pages:preview_on_add": WRITERS,
    "wagtailadmin_pages:delete": PUBLISHERS,
    "wagtailadmin_pages:move": PUBLISHERS,
    "wagtailadmin_pages:move_confirm": (STAFF, PUBLISHERS),
    "wagtailadmin_pages:copy": (STAFF, WRITERS),
    # The page of the walk is a draft in review.
    "wagtailadmin_pages:unpublish": SUPERUSERS,
    "wagtailadmin_pages:set_page_position": ADMINISTRATORS,
    "wagtailadmin_pages:revisions_unschedule": ADMINISTRATORS,
    "wagtailadmin_pages:convert_alias": ADMINISTRATORS,
    "wagtailadmin_pages:lock": CHECKERS,
    "wagtailadmin_pages:unlock": SUPERUSERS,
    "wagtailadmin_pages:workflow_action": CHECKERS,
    "wagtailadmin_pages:collect_workflow_action_data": CHECKERS,
    "wagtailadmin_pages:workflow_preview": CHECKERS,
    "wagtailadmin_pages:confirm_workflow_cancellation": STAFF,
    "wagtailadmin_pages:edit": STAFF,
    "wagtailadmin_pages:preview_on_edit": STAFF,
    "wagtailadmin_pages:revisions_revert": STAFF,
    "wagtailadmin_pages:*": (STAFF, SUPERUSERS),
    "wagtailadmin_choose_page*": (STAFF, SUPERUSERS),
    "wagtailadmin_tag_*": (STAFF, SUPERUSERS),
    "wagtailadmin_block_preview": (STAFF, SUPERUSERS),
    "wagtailadmin_editing_sessions:*": STAFF,
    "wagtailadmin_api:pages:action": (STAFF, ADMINISTRATORS),
    "wagtailadmin_api:*": (STAFF, SUPERUSERS),
    # Many at once. Everybody sees the page, which leaves out what they may not.
    "wagtail_bulk_action:core.user:*": ADMINISTRATORS,
    "wagtail_bulk_action:wagtailcore.page:delete": (STAFF, PUBLISHERS),
    "wagtail_bulk_action:wagtailcore.page:move": (STAFF, PUBLISHERS),
    "wagtail_bulk_action:*": (STAFF, ADMINISTRATORS),
    # Files. Whoever uploaded one may correct it, too.
    "wagtailimages:index*": WRITERS,
    "wagtailimages:add*": WRITERS,
    "wagtailimages_chooser:create": WRITERS,
    "wagtailimages_chooser:*": (STAFF, SUPERUSERS),
    "wagtailimages:*": ADMINISTRATORS,
    "wagtaildocs:index*": UPLOADERS,
    "wagtaildocs:add*": UPLOADERS,
    "wagtaildocs_chooser:create": UPLOADERS,
    "wagtaildocs_chooser:*": (STAFF, SUPERUSERS),
    "wagtaildocs:*": ADMINISTRATORS,
    "wagtailadmin_collections:*": ADMINISTRATORS,
    # How the site is run.
    "wagtailadmin_workflows:task_cho*": (STAFF, ADMINISTRATORS),
    "wagtailadmin_workflows:*": ADMINISTRATORS,
    "wagtailadmin_reports:locked_pages*": (PUBLISHERS, SUPERUSERS),
    "wagtailadmin_reports:*": (STAFF, SUPERUSERS),
    "wagtailredirects:*": ADMINISTRATORS,
    "admin/settings/<slug:app_name>/<slug:model_name>/<int:pk>/": ADMINISTRATORS,
    "wagtailsettings:*": ADMINISTRATORS,
    "wagtailsites:*": ADMINISTRATORS,
    "wagtailusers_users:*": ADMINISTRATORS,
    "staff_find": (STAFF, SUPERUSERS),
    "staff_end_review": ADMINISTRATORS,
    "staff_*": ADMINISTRATORS,
    "wagtailusers_groups:*": ADMINISTRATORS,
    "wagtailsnippets:index": STAFF,
    "gaps": (STAFF, SUPERUSERS),
    # Figures: everybody sees the releases, analysts import them.
    "evidence_admin:release": (STAFF, SUPERUSERS),
    "evidence_admin:*": {ANALYST, ADMINISTRATOR},
    # People's data is seen by no more people than need it.
    "email_delivery": OFFICERS,
    "sent_email*": OFFICERS,
    "mailing_list_admin:*": OFFICERS,
    "complaints_admin:*": OFFICERS,
    # Bulletins: everybody sees them, publishers approve.
    "bulletin_send_now": OFFICERS,
    "bulletin_action": {EDITOR, OFFICER, PUBLISHER, ADMINISTRATOR},
    "bulletin_send_test": STAFF,
    "bulletin_*": (STAFF, SUPERUSERS),
    # Rounds. Who reads answers needn't be one who sees who gave them.
    "feedback_dashboard": (STAFF, SUPERUSERS),
    "feedback_poster*": (STAFF, SUPERUSERS),
    **{
        f"feedback_{name}": READERS
        for name in (
            *("responses", "response", "next_response", "statistics", "code_frame", "code", "coding", "agreement"),
            *("duplicates", "representation", "exports", "audit_log"),
        )
    },
    **{
        f"feedback_{name}": OFFICERS
        for name in (
            *("wall", "wall_action", "replace_code", "paper_forms", "paper_form*", "report", "report_*"),
            *("theme", "theme_add", "official_response", "official_response_add", "quotations", "round_action"),
            *("copy", "take_questions"),
        )
    },
}


def rule_of(address: Any) -> tuple[set[str], set[str]] | None:
    """Return who may open an address, and who may change something there; None for one that nobody has classified."""
    namespace, _, view = address.name.rpartition(":")
    for model in get_snippet_models():
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        tables = {f"wagtailsnippets_{label}": OF_A_SNIPPET, f"wagtailsnippetchoosers_{label}": OF_A_CHOOSER}
        if namespace in tables:
            rule = _first(tables[namespace], view)
            adds, changes = ADDS[model._meta.label_lower], CHANGES[model._meta.label_lower]
            reviews = CHECKERS if PUBLISHER in changes else set()
            named = {
                "adds": adds,
                "changes": changes,
                "adds or changes": adds | changes,
                "changes or reviews": changes | reviews,
            }
            return _pair(named[rule] if isinstance(rule, str) else rule)
    found = _first(WHO_MAY, address.name)
    return None if found is None else _pair(found)


def _first(table: dict[str, Any], name: str) -> Any:
    return next((rule for pattern, rule in table.items() if fnmatchcase(name, pattern)), None)


def _pair(rule: Any) -> tuple[set[str], set[str]]:
    return rule if isinstance(rule, tuple) else (rule, rule)


def may_open(address: Any) -> set[str]:
    """Return who may open an address."""
    rule = rule_of(address)
    return rule[0] if rule else set()


def may_change(address: Any) -> set[str]:
    """Return who may change something at an address."""
    rule = rule_of(address)
    return rule[1] if rule else set()
