"""Addresses of the pages of one round, below those of its desk."""

from django.urls import include, path

from engagement.feedback.admin import (
    codes,
    coding,
    duplicates,
    exports,
    figures,
    inbox,
    paper,
    posters,
    report_urls,
    responses,
    wall,
)

urlpatterns = [
    # In the room.
    path("wall/<int:session>/", wall.Facilitator.as_view(), name="feedback_wall"),
    path("wall/<int:session>/turn/", wall.Turn.as_view(), name="feedback_wall_turn"),
    path("posters/", posters.Posters.as_view(), name="feedback_posters"),
    path("posters/print/", posters.PosterSheets.as_view(), name="feedback_poster_sheets"),
    path("posters/<int:session>/", posters.PosterSheets.as_view(), name="feedback_poster"),
    path("posters/<int:session>.svg", posters.PosterDrawing.as_view(), name="feedback_poster_svg"),
    path("posters/<int:session>/new-code/", posters.NewCode.as_view(), name="feedback_new_code"),
    path("paper/", paper.Sheets.as_view(), name="feedback_sheets"),
    path("paper/blank/", paper.BlankSheet.as_view(), name="feedback_sheet_blank"),
    path("paper/new/", paper.PaperSheet.as_view(), name="feedback_sheet_new"),
    path("paper/<int:response>/", paper.PaperSheet.as_view(), name="feedback_sheet"),
    path("paper/<int:response>/withdraw/", paper.PaperWithdrawal.as_view(), name="feedback_sheet_withdraw"),
    # Reading what came in.
    path("responses/", inbox.Inbox.as_view(), name="feedback_inbox"),
    path("responses/next/", coding.Next.as_view(), name="feedback_next"),
    path("responses/<int:number>/", responses.ResponsePage.as_view(), name="feedback_response"),
    path("counts/", figures.Answers.as_view(), name="feedback_answers"),
    path("codes/", codes.Codes.as_view(), name="feedback_codes"),
    path("codes/<int:number>/", codes.CodePage.as_view(), name="feedback_code"),
    path("coding/", coding.Coding.as_view(), name="feedback_coding"),
    path("agreement/", coding.Agreement.as_view(), name="feedback_agreement"),
    path("duplicates/", duplicates.Duplicates.as_view(), name="feedback_duplicates"),
    path("who/", figures.Representation.as_view(), name="feedback_representation"),
    path("files/", exports.Exports.as_view(), name="feedback_exports"),
    path("record/", figures.Record.as_view(), name="feedback_record"),
    # Saying what came of it.
    path("report/", include(report_urls)),
]
