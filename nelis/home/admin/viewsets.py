"""Lists and forms for what several pages draw on."""

from wagtail.snippets.views.snippets import SnippetViewSetGroup

from engagement.feedback.admin import QuestionSetViewSet
from nelis.core.admin.viewsets import GlossaryViewSet, SiteViewSet, column
from nelis.home.models import FAQ, GovernanceBody, TimelineEvent

__all__ = ["ReferenceGroup"]


class GovernanceBodyViewSet(SiteViewSet):
    """Who decides, advises, is consulted."""

    model = GovernanceBody
    icon = "clipboard-list"
    list_display = [
        "name",
        column("Tier", "get_tier_display", sort_key="tier"),
        column("How sure", "get_confidence_display", sort_key="confidence"),
    ]
    list_filter = ["tier", "confidence"]
    search_fields = ["name", "role", "chair"]


class TimelineEventViewSet(SiteViewSet):
    """What happened and what is planned."""

    model = TimelineEvent
    icon = "calendar-alt"
    menu_label = "Timeline"
    list_display = [
        "ref",
        column("Title", "title", sort_key="title"),
        column("Track", "get_track_display", sort_key="track"),
        column("Most likely", "best_estimate"),
        column("How sure", "get_confidence_display", sort_key="confidence"),
        column("Status", "get_status_display", sort_key="status"),
    ]
    list_filter = ["track", "kind", "confidence", "status", "live"]
    search_fields = ["ref", "title", "note"]
    inspect_view_fields = [
        *("ref", "title", "track", "kind", "best_estimate", "start", "end", "precision", "confidence"),
        *("status", "note", "related_page", "source"),
    ]


class FAQViewSet(SiteViewSet):
    """Questions people ask."""

    model = FAQ
    icon = "help"
    menu_label = "Questions and answers"
    list_display = ["question", column("Category", "category", sort_key="category")]
    list_filter = ["category", "live"]
    search_fields = ["question", "answer", "category"]
    inspect_view_fields = ["question", "answer", "category", "source", "slug"]


class ReferenceGroup(SnippetViewSetGroup):
    """The menu “Reference”."""

    items = (
        GovernanceBodyViewSet,
        TimelineEventViewSet,
        FAQViewSet,
        GlossaryViewSet,
        QuestionSetViewSet,
    )
    menu_label = "Reference"
    menu_icon = "list-ul"
    menu_order = 230
