"""Topics in the admin."""

from engagement.mailing_list.models import Topic
from nelis.core.admin.viewsets import SiteViewSet, column

__all__ = ["TopicViewSet"]


class TopicViewSet(SiteViewSet):
    """What people can choose to hear about."""

    model = Topic
    icon = "mail"
    menu_label = "Mailing list topics"
    list_select_related = ("page",)
    list_display = [
        "name",
        column("Group", "get_group_display", sort_key="group"),
        column("About", "page"),
        column("Can be chosen", lambda topic: "Yes" if topic.is_open else "No", sort_key="is_open"),
    ]
    list_filter = ["group", "is_open"]
    search_fields = ["name", "slug", "hint"]
    inspect_view_fields = ["name", "slug", "group", "hint", "page", "order", "is_open"]
