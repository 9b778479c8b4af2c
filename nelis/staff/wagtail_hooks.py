"""Where the admin offers what is about accounts: buttons of users, a report, links in one's own account."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea
from wagtail.admin.widgets.button import Button

from nelis.core.admin.views import PermissionMenuItem
from nelis.core.privileges import may_manage
from nelis.staff.admin.accounts import (
    FailedSignInsView,
    InviteView,
    OffBoardView,
    RemoveSecondFactorView,
    invite,
)
from nelis.staff.admin.find import FindView
from nelis.staff.admin.reviews import EndReviewItem, EndReviewView, EndSnippetReviewItem
from nelis.staff.dashboard.operation import AccountsPart, MailPart, RoundsPart, ScheduledPart
from nelis.staff.dashboard.parts import GuardedPanel
from nelis.staff.dashboard.reviews import DraftsPart, HandedInPart, WaitingPart


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Add the screens about accounts that Wagtail hasn’t."""
    return [
        path("users/<int:pk>/invite/", InviteView.as_view(), name="staff_invite"),
        path("users/<int:pk>/second-factor/", RemoveSecondFactorView.as_view(), name="staff_remove_second_factor"),
        path("users/<int:pk>/off-board/", OffBoardView.as_view(), name="staff_off_board"),
        path("reviews/<int:pk>/end/", EndReviewView.as_view(), name="staff_end_review"),
        path("find/", FindView.as_view(), name="staff_find"),
        path("reports/failed-sign-ins/", FailedSignInsView.as_view(), name="staff_failed_sign_ins"),
    ]


@hooks.register("register_admin_search_area")
def search_everything() -> SearchArea:
    """Lead from every search of the admin to the one of everything."""
    return SearchArea("Everything", reverse("staff_find"), name="everything", icon_name="search", order=1)


@hooks.register("register_admin_menu_item")
def find_item() -> MenuItem:
    """“Find anything” in the menu, first."""
    return MenuItem("Find anything", reverse("staff_find"), name="find", icon_name="search", order=50)


@hooks.register("register_reports_menu_item")
def failed_sign_ins_item() -> PermissionMenuItem:
    """Add the report of sign-ins that failed."""
    return PermissionMenuItem(
        "Failed sign-ins", "staff_failed_sign_ins", "core.change_user", icon_name="warning", order=1200
    )


@hooks.register("register_page_action_menu_item")
def end_page_review() -> EndReviewItem:
    """Let whoever may publish past a review end it, from the form of a page."""
    return EndReviewItem()


@hooks.register("register_snippet_action_menu_item")
def end_snippet_review(model: type) -> EndSnippetReviewItem:
    """The same from the form of a snippet."""
    return EndSnippetReviewItem()


@hooks.register("after_create_user")
def invite_new_user(request: HttpRequest, user: Any) -> None:
    """Mail an invitation to somebody for whom an account was just made. Nobody else ever knows the password."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    invite(user)
    messages.success(request, f"An invitation is on its way to {user.email}.")


@hooks.register("register_user_listing_buttons")
def account_buttons(user: Any, request_user: Any) -> Iterator[Button]:
    """Lead to what is done about an account."""
    if not may_manage(request_user, user):
        return
    yield Button(
        "Remove the second factor", reverse("staff_remove_second_factor", args=[user.pk]), icon_name="key", priority=40
    )
    if user.is_active and not user.last_login:
        yield Button("Invite again", reverse("staff_invite", args=[user.pk]), icon_name="mail", priority=30)
    if user != request_user and user.is_active:
        yield Button("Off-board", reverse("staff_off_board", args=[user.pk]), icon_name="logout", priority=50)


@hooks.register("register_account_menu_item")
def second_factor_item(request: HttpRequest) -> dict[str, str]:
    """Lead from one’s account to the second factors."""
    return {
        "url": reverse("mfa_index"),
        "label": "Second factors",
        "help_text": "The app or the passkeys with which you sign in, and recovery codes",
    }


@hooks.register("register_account_menu_item")
def sessions_item(request: HttpRequest) -> dict[str, str]:
    """Lead from one’s account to one’s sessions."""
    return {
        "url": reverse("usersessions_list"),
        "label": "Where you are signed in",
        "help_text": "Your sessions on this and other machines, and how to end them",
    }


#: In the order of the page. Wagtail's two lists of work in review go: one's own things stood in both.
PARTS = (WaitingPart, HandedInPart, DraftsPart, RoundsPart, ScheduledPart, MailPart, AccountsPart)
REPLACED = ("workflow_objects_to_moderate", "user_objects_in_workflow_moderation")


# After all others, so that their panels are guarded, too.
@hooks.register("construct_homepage_panels", order=1000)
def dashboard(request: HttpRequest, panels: list[Any]) -> None:
    """Put what waits for whoever looks in front, and keep a fault of one part to that part."""
    kept = [panel for panel in panels if getattr(panel, "name", "") not in REPLACED]
    panels[:] = [GuardedPanel(panel) for panel in (*(part(request) for part in PARTS), *kept)]
