"""What the admin does differently here: around saving, in what it checks, in how it looks."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.html import format_html_join
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import WorkflowMixin

from nelis.core.change_log import pending_note
from nelis.core.models import ChangeNote
from nelis.core.workflow import restart_review_if_changed, validation_message


@hooks.register("after_edit_page")
@hooks.register("after_edit_snippet")
def restart_review_after_edit(request: HttpRequest, obj: Any) -> None:
    """A change in the middle of a review is reviewed too, from the first step on."""
    if isinstance(obj, WorkflowMixin) and restart_review_if_changed(obj, request.user):
        messages.warning(
            request,
            "Your changes are saved. Because the content changed, the review begins again, "
            "and somebody else must approve it.",
        )


@hooks.register("before_bulk_action")
def block_incomplete_bulk_publish(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Drafts may have gaps. Publishing many at once passes no form that would say so."""
    if action_type != "publish":
        return None
    drafts = list(objects)
    if request.POST.get("include_descendants"):
        drafts += [below for page in objects for below in page.get_descendants().not_live().specific()]
    refused = [
        (draft, validation_message(draft.get_latest_revision_as_object()) or missing_note_message(draft))
        for draft in drafts
    ]
    refused = [(draft, why) for draft, why in refused if why]
    for draft, why in refused:
        messages.error(request, f"“{draft}” can’t be published as it is. {why}")
    return redirect(get_valid_next_url_from_request(request) or "wagtailadmin_home") if refused else None


def missing_note_message(draft: Any) -> str:
    """Why a change can't be published without a word to readers; empty when it can."""
    if not (draft.live and draft.has_unpublished_changes):
        return ""
    note = pending_note(draft)
    if note and (note.note or note.kind == ChangeNote.Kind.MINOR):
        return ""
    return "Open it and say what changed: readers are told."


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    """The admin in the site's colours, and the look of our own pages in it."""
    sheets = ((static(f"css/{name}.css"),) for name in ("admin", "admin_feedback"))
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', sheets)


class ContentChecks(ContentCheckerItem):
    """What the checker looks at while an editor writes.

    Without the rule that takes a short paragraph in large letters for a heading in disguise: our figures
    are just that, so every page would show faults that nobody can mend.
    """

    axe_run_only = [rule for rule in ContentCheckerItem.axe_run_only if rule != "p-as-heading"]


@hooks.register("construct_wagtail_userbar")
def replace_content_checks(request: HttpRequest, items: list[Any], page: Any) -> None:
    """Our choice of checks in the place of Wagtail's."""
    items[:] = [
        ContentChecks(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item for item in items
    ]
