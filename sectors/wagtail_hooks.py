"""What the strategy adds to the admin: the menu “Directory”, the list of gaps, and pages that must stay."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from nelis.core.admin.viewsets import SiteViewSet, column
from sectors.admin_views import GAPS_URL_NAME, GapsPanel, GapsView
from sectors.models import Contact, Organisation, Place, PropositionVersion


class OrganisationViewSet(SiteViewSet):
    """Bodies that have a part in the strategy."""

    model = Organisation
    icon = "group"
    list_select_related = ("parent",)
    list_display = [
        "name",
        column("Short name", "short_name", sort_key="short_name"),
        column("Kind", "get_kind_display", sort_key="kind"),
        column("Part of", "parent"),
    ]
    list_filter = ["kind", "live"]
    search_fields = ["name", "short_name", "aliases", "summary"]
    inspect_view_fields = [
        *("name", "short_name", "slug", "kind", "parent", "aliases", "summary", "places", "url"),
        *("as_of", "source"),
    ]


class PlaceViewSet(SiteViewSet):
    """Places named in the strategy."""

    model = Place
    icon = "globe"
    list_display = [
        "name",
        column("Kind", "get_kind_display", sort_key="kind"),
        column("Official code", "gss_code", sort_key="gss_code"),
    ]
    list_filter = ["kind"]
    search_fields = ["name", "gss_code"]


class ContactViewSet(SiteViewSet):
    """People to ask."""

    model = Contact
    icon = "user"
    list_select_related = ("organisation",)
    list_display = [
        "name",
        column("Role", "role", sort_key="role"),
        column("Organisation", "organisation"),
        column("Email", lambda contact: contact.email or "not held"),
    ]
    list_filter = ["live"]
    search_fields = ["name", "role", "remit"]
    inspect_view_fields = ["name", "slug", "role", "organisation", "email", "remit", "note"]


class DirectoryGroup(SnippetViewSetGroup):
    """The menu “Directory”."""

    items = (OrganisationViewSet, PlaceViewSet, ContactViewSet)
    menu_label = "Directory"
    menu_icon = "group"
    menu_order = 220


register_snippet(DirectoryGroup)


# Wagtail lets nobody past these addresses who may not use the admin.
@hooks.register("register_admin_urls")
def register_gaps_url() -> list[Any]:
    """The work queue."""
    return [path("gaps/", GapsView.as_view(), name=GAPS_URL_NAME)]


@hooks.register("register_admin_menu_item")
def register_gaps_menu_item() -> MenuItem:
    """In the menu, after what the gaps are closed with."""
    return MenuItem("Gaps", reverse(GAPS_URL_NAME), name="gaps", icon_name="warning", order=230)


@hooks.register("construct_homepage_panels")
def add_gaps_panel(request: HttpRequest, panels: list[Any]) -> None:
    """On the first page."""
    panels.append(GapsPanel(request))


@hooks.register("before_delete_page")
def refuse_deletion(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Deleting a page deletes what is below it too."""
    return redirect_if_versioned(request, [page])


@hooks.register("before_bulk_action")
def refuse_bulk_deletion(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """The same for a choice of pages."""
    pages = [instance for instance in objects if isinstance(instance, Page)]
    return redirect_if_versioned(request, pages) if action_type == "delete" and pages else None


def redirect_if_versioned(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    """Back to the first of ``pages`` with the reason why they must stay; None when they needn't."""
    pages = list(pages)
    for page in pages:
        below = PropositionVersion.objects.filter(proposition__path__startswith=page.path)
        refs = list(below.order_by("proposition__path").values_list("proposition__ref", flat=True).distinct())
        if refs:
            what = f"{', '.join(refs)} {'has' if len(refs) == 1 else 'have'} public versions"
            why = f"“{page.title}” can’t be deleted: {what}, which are kept for good."
            messages.error(request, f"{why} Unpublish it to take it off the site.")
            return redirect("wagtailadmin_explore", pages[0].get_parent().pk)
    return None
