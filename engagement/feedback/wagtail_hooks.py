"""What feedback adds to the admin."""

from typing import Any

from django.urls import include, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from engagement.feedback.admin import RoundDashboardView, RoundStateView, RoundViewSet, urls

register_snippet(RoundViewSet)


# Wagtail shows these URLs only to those who may use the admin.
@hooks.register("register_admin_urls")
def register_round_urls() -> list[Any]:
    """Register the dashboard of a round, its buttons, and all pages below it."""
    return [
        path("feedback/<int:pk>/", RoundDashboardView.as_view(), name="feedback_dashboard"),
        path("feedback/<int:pk>/", include(urls)),
        path("feedback/<int:pk>/<slug:step>/", RoundStateView.as_view(), name="feedback_round_action"),
    ]
