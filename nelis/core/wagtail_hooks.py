"""What the site changes in Wagtail for every app: reviews, bulk publishing, deleting, rich text, the admin's look."""

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
from wagtail.models import Page, WorkflowMixin

from nelis.core.admin.accounts import BULK_ACTIONS
from nelis.core.admin.panels import SiteOperatorPanel
from nelis.core.admin.taking_down import ask_why, write_down
from nelis.core.deletion import in_use_message
from nelis.core.models import ChangeNote
from nelis.core.models.change_log import latest_note
from nelis.core.page_addresses import has_fixed_address
from nelis.core.richtext import LivePageLinkHandler
from nelis.core.workflow import restart_review_if_changed, validation_message

#: The actions on many pages after which readers find them no more.
TAKING_DOWN = ("unpublish", "delete")


# After Wagtail's own registration, so that these count.
for bulk_action in BULK_ACTIONS:
    hooks.register("register_bulk_action", bulk_action, order=10)


@hooks.register("after_edit_page")
@hooks.register("after_edit_snippet")
def restart_review_after_edit(request: HttpRequest, obj: Any) -> None:
    """Restart the review of an object whose content was changed in the middle of it."""
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
    """Refuse to bulk publish drafts with gaps or without a change note: no form has validated them."""
    if action_type != "publish":
        return None
    drafts = list(objects)
    if request.POST.get("include_descendants"):
        drafts += [child for page in objects for child in page.get_descendants().not_live().specific()]
    refused = [
        (draft, why)
        for draft in drafts
        if (why := validation_message(draft.get_latest_revision_as_object()) or missing_note_message(draft))
    ]
    for draft, why in refused:
        messages.error(request, f"“{draft}” can’t be published as it is. {why}")
    return redirect(get_valid_next_url_from_request(request) or "wagtailadmin_home") if refused else None


@hooks.register("before_move_page")
def block_moving(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Refuse to move a page to which links lead that no editor sees."""
    return refuse_moving(request, [page])


@hooks.register("before_bulk_action")
def block_bulk_moving(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """The same for many pages at once."""
    return refuse_moving(request, objects) if action_type == "move" else None


def refuse_moving(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    """Return to the list with a message if one of ``pages`` has a fixed address; None otherwise."""
    for page in pages:
        if has_fixed_address(page):
            why = "links of the site itself, citations and mails lead to its address"
            messages.error(request, f"“{page.title}” can’t be moved: {why}.")
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


# After what refuses it: nobody is asked why something is deleted that must stay.
@hooks.register("before_unpublish_page", order=10)
@hooks.register("before_unpublish", order=10)
def ask_why_unpublished(request: HttpRequest, obj: Any) -> HttpResponse | None:
    """Ask for a reason, or for a page to lead readers to."""
    return ask_why(request, [obj])


@hooks.register("before_delete_page", order=10)
@hooks.register("before_delete_snippet", order=10)
def ask_why_deleted(request: HttpRequest, deleted: Any) -> HttpResponse | None:
    """The same for what is deleted: a page, or snippets."""
    return ask_why(request, [deleted] if isinstance(deleted, Page) else deleted, is_deleted=True)


@hooks.register("before_bulk_action", order=10)
def ask_why_many(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> HttpResponse | None:
    """The same for many pages at once. For snippets, Wagtail calls the hook above."""
    pages = [obj for obj in objects if isinstance(obj, Page)]
    return ask_why(request, pages, is_deleted=action_type == "delete") if action_type in TAKING_DOWN else None


@hooks.register("after_unpublish_page")
@hooks.register("after_unpublish")
@hooks.register("after_delete_page")
@hooks.register("after_delete_snippet")
def write_down_why(request: HttpRequest, obj: Any) -> None:
    """Write the answer into the change log, and make the redirects."""
    write_down(request)


@hooks.register("after_bulk_action")
def write_down_why_many(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> None:
    """The same for many pages at once."""
    if action_type in TAKING_DOWN:
        write_down(request)


@hooks.register("before_delete_snippet")
def refuse_to_delete_snippets(request: HttpRequest, instances: Iterable[Any]) -> HttpResponse | None:
    """Say what depends on a snippet instead of asking whether it is to be deleted, one by one and in bulk."""
    for instance in instances:
        if message := in_use_message(instance):
            messages.error(request, message)
            return redirect(instance.snippet_viewset.get_url_name("list"))
    return None


@hooks.register("before_delete_user")
def refuse_to_delete_account(request: HttpRequest, account: Any) -> HttpResponse | None:
    """The same for an account."""
    if message := in_use_message(account):
        messages.error(request, message)
        return redirect("wagtailusers_users:edit", account.pk)
    return None


@hooks.register("before_delete_page")
def refuse_to_delete_first_page(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Keep the first page of a site, with which the site would go."""
    if not any(root.is_descendant_of(page) or root.pk == page.pk for root in site_root_pages()):
        return None
    messages.error(request, f"“{page}” can’t be deleted: it is the home page, or the home page is below it.")
    return redirect("wagtailadmin_explore", page.pk)


@hooks.register("before_bulk_action")
def refuse_to_bulk_delete_first_page(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """The same for a choice of pages."""
    pages = [obj for obj in objects if isinstance(obj, Page)] if action_type == "delete" else []
    return next((refusal for page in pages if (refusal := refuse_to_delete_first_page(request, page))), None)


def site_root_pages() -> Iterable[Page]:
    """Return the pages that sites begin with."""
    return Page.objects.filter(sites_rooted_here__isnull=False).distinct()


def missing_note_message(draft: Any) -> str:
    """Return why a change can't be published without a note to readers; empty when it can."""
    if not (draft.live and draft.has_unpublished_changes):
        return ""
    note = latest_note(draft, draft.live_revision_id, draft.latest_revision_id)
    if note and (note.note or note.kind == ChangeNote.Kind.MINOR):
        return ""
    return "Open it and say what changed: readers are told."


# After Wagtail's own registration, so that this one counts.
@hooks.register("register_rich_text_features", order=10)
def register_page_links(features: Any) -> None:
    """Look up all links to pages at once."""
    features.register_link_type(LivePageLinkHandler)


@hooks.register("construct_homepage_panels")
def add_site_operator_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Put the warning on the first page of the admin."""
    panels.append(SiteOperatorPanel(request))


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    """Add the site's colours to the admin, and the style of our own pages in it."""
    sheets = ((static(f"css/{name}.css"),) for name in ("admin", "admin-feedback"))
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', sheets)


@hooks.register("insert_global_admin_js")
def admin_js() -> str:
    """Count words and characters below long boxes, and read files into boxes for cells, wherever they are."""
    scripts = ((static(f"js/{name}.js"),) for name in ("counter", "cells"))
    return format_html_join("\n", '<script type="module" src="{}"></script>', scripts)


class ContentChecks(ContentCheckerItem):
    """Wagtail's content checks without the one for paragraphs that look like headings.

    Statistics are short paragraphs in large type, so every page would show errors that no editor can mend.
    """

    axe_run_only = [rule for rule in ContentCheckerItem.axe_run_only if rule != "p-as-heading"]


@hooks.register("construct_wagtail_userbar")
def replace_content_checks(request: HttpRequest, items: list[Any], page: Any) -> None:
    """Put our content checks in the place of Wagtail's."""
    items[:] = [
        ContentChecks(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item for item in items
    ]
