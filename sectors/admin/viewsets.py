"""Lists and forms for organisations, places and contacts."""

from wagtail.snippets.views.snippets import SnippetViewSetGroup

from nelis.core.admin.viewsets import SiteViewSet, column
from sectors.models import Contact, Organisation, Place

__all__ = ["DirectoryGroup"]


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
