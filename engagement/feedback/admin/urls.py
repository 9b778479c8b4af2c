"""Addresses of the pages of one round, below those of its desk."""

from django.urls import include, path

from engagement.feedback.admin import (
    codes,
    coding,
    duplicates,
    exports,
    paper_entry,
    posters,
    report_urls,
    response_list,
    responses,
    statistics,
    wall,
)

urlpatterns = [
    # In the room.
    path("wall/<int:session>/", wall.FacilitatorView.as_view(), name="feedback_wall"),
    path("wall/<int:session>/turn/", wall.WallActionView.as_view(), name="feedback_wall_action"),
    path("posters/", posters.PostersView.as_view(), name="feedback_posters"),
    path("posters/print/", posters.PrintPostersView.as_view(), name="feedback_posters_print"),
    path("posters/<int:session>/", posters.PrintPostersView.as_view(), name="feedback_poster_print"),
    path("posters/<int:session>.svg", posters.PosterQRCodeView.as_view(), name="feedback_poster_svg"),
    path("posters/<int:session>/new-code/", posters.ReplaceCodeView.as_view(), name="feedback_replace_code"),
    path("paper/", paper_entry.PaperFormsView.as_view(), name="feedback_paper_forms"),
    path("paper/blank/", paper_entry.BlankPaperFormView.as_view(), name="feedback_paper_form_blank"),
    path("paper/new/", paper_entry.PaperFormView.as_view(), name="feedback_paper_form_add"),
    path("paper/<int:response>/", paper_entry.PaperFormView.as_view(), name="feedback_paper_form"),
    path(
        "paper/<int:response>/withdraw/",
        paper_entry.PaperFormWithdrawView.as_view(),
        name="feedback_paper_form_withdraw",
    ),
    # Reading what came in.
    path("responses/", response_list.ResponseListView.as_view(), name="feedback_responses"),
    path("responses/next/", coding.NextResponseView.as_view(), name="feedback_next_response"),
    path("responses/<int:number>/", responses.ResponseView.as_view(), name="feedback_response"),
    path("counts/", statistics.StatisticsView.as_view(), name="feedback_statistics"),
    path("codes/", codes.CodeFrameView.as_view(), name="feedback_code_frame"),
    path("codes/<int:number>/", codes.CodeView.as_view(), name="feedback_code"),
    path("coding/", coding.CodingView.as_view(), name="feedback_coding"),
    path("agreement/", coding.AgreementView.as_view(), name="feedback_agreement"),
    path("duplicates/", duplicates.DuplicatesView.as_view(), name="feedback_duplicates"),
    path("who/", statistics.RepresentationView.as_view(), name="feedback_representation"),
    path("files/", exports.ExportsView.as_view(), name="feedback_exports"),
    path("record/", statistics.AuditLogView.as_view(), name="feedback_audit_log"),
    # Saying what came of it.
    path("report/", include(report_urls)),
]
