"""What feedback adds to the admin."""

from typing import Any

from django.urls import path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from engagement.feedback import admin
from engagement.feedback.admin import Desk, RoundViewSet, Step

register_snippet(RoundViewSet)


# Wagtail lets nobody past these addresses who may not use the admin.
@hooks.register("register_admin_urls")
def desk_addresses() -> list[Any]:
    """The desk of a round, and its buttons."""
    return [
        path("feedback/<int:pk>/", Desk.as_view(), name="feedback_desk"),
        path("feedback/<int:pk>/posters/", admin.Posters.as_view(), name="feedback_posters"),
        path("feedback/<int:pk>/posters/print/", admin.PosterSheets.as_view(), name="feedback_poster_sheets"),
        path("feedback/<int:pk>/posters/<int:session>/", admin.PosterSheets.as_view(), name="feedback_poster"),
        path("feedback/<int:pk>/posters/<int:session>.svg", admin.PosterDrawing.as_view(), name="feedback_poster_svg"),
        path("feedback/<int:pk>/posters/<int:session>/new-code/", admin.NewCode.as_view(), name="feedback_new_code"),
        path("feedback/<int:pk>/paper/", admin.Sheets.as_view(), name="feedback_sheets"),
        path("feedback/<int:pk>/paper/blank/", admin.BlankSheet.as_view(), name="feedback_sheet_blank"),
        path("feedback/<int:pk>/paper/new/", admin.PaperSheet.as_view(), name="feedback_sheet_new"),
        path("feedback/<int:pk>/paper/<int:response>/", admin.PaperSheet.as_view(), name="feedback_sheet"),
        path(
            "feedback/<int:pk>/paper/<int:response>/withdraw/",
            admin.PaperWithdrawal.as_view(),
            name="feedback_sheet_withdraw",
        ),
        path("feedback/<int:pk>/<slug:step>/", Step.as_view(), name="feedback_step"),
    ]
