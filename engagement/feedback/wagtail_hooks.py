"""What feedback adds to the admin."""

from typing import Any

from django.urls import include, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from engagement.feedback.admin import RoundActionView, RoundDashboardView, RoundViewSet, urls

register_snippet(RoundViewSet)


# Wagtail lets nobody past these addresses who may not use the admin.
@hooks.register("register_admin_urls")
def desk_addresses() -> list[Any]:
    """The desk of a round, and its buttons."""
    return [
        path("feedback/<int:pk>/", RoundDashboardView.as_view(), name="feedback_dashboard"),
        path("feedback/<int:pk>/", include(urls)),
        path("feedback/<int:pk>/<slug:step>/", RoundActionView.as_view(), name="feedback_round_action"),
    ]
