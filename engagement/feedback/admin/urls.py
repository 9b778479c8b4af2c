"""URLs of the pages of one round, below that of its dashboard."""

from django.urls import path

from engagement.feedback.admin import (
    coding,
    duplicates,
    exports,
    paper_entry,
    posters,
    report,
    report_editing,
    responses,
    round_building,
    statistics,
    wall,
)

urlpatterns = [
    # Building it.
    path("copy/", round_building.CopyRoundView.as_view(), name="feedback_copy"),
    path("questions/", round_building.TakeQuestionsView.as_view(), name="feedback_take_questions"),
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
    # Reading and coding what came in.
    path("responses/", responses.ResponseListView.as_view(), name="feedback_responses"),
    path("responses/next/", coding.NextResponseView.as_view(), name="feedback_next_response"),
    path("responses/<int:number>/", responses.ResponseView.as_view(), name="feedback_response"),
    path("counts/", statistics.StatisticsView.as_view(), name="feedback_statistics"),
    path("codes/", coding.CodeFrameView.as_view(), name="feedback_code_frame"),
    path("codes/<int:number>/", coding.CodeView.as_view(), name="feedback_code"),
    path("coding/", coding.CodingView.as_view(), name="feedback_coding"),
    path("agreement/", coding.AgreementView.as_view(), name="feedback_agreement"),
    path("duplicates/", duplicates.DuplicatesView.as_view(), name="feedback_duplicates"),
    path("who/", statistics.RepresentationView.as_view(), name="feedback_representation"),
    path("files/", exports.ExportsView.as_view(), name="feedback_exports"),
    path("record/", statistics.AuditLogView.as_view(), name="feedback_audit_log"),
    # Reporting back.
    path("report/", report.ReportDashboardView.as_view(), name="feedback_report"),
    path("report/preview/", report.ReportPreviewView.as_view(), name="feedback_report_preview"),
    path("report/act/", report.ReportActionView.as_view(), name="feedback_report_action"),
    path("report/theme/", report_editing.ThemeView.as_view(), name="feedback_theme_add"),
    path("report/theme/<int:number>/", report_editing.ThemeView.as_view(), name="feedback_theme"),
    path("report/response/", report_editing.OfficialResponseView.as_view(), name="feedback_official_response_add"),
    path(
        "report/response/<int:number>/",
        report_editing.OfficialResponseView.as_view(),
        name="feedback_official_response",
    ),
    path("report/quotations/", report_editing.QuotationsView.as_view(), name="feedback_quotations"),
]
