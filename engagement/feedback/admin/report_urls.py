"""Addresses of the reporting desk, below those of the round's desk."""

from django.urls import path

from engagement.feedback.admin import report, report_editing

urlpatterns = [
    path("", report.ReportDashboardView.as_view(), name="feedback_report"),
    path("preview/", report.ReportPreviewView.as_view(), name="feedback_report_preview"),
    path("act/", report.ReportActionView.as_view(), name="feedback_report_action"),
    path("theme/", report_editing.ThemeView.as_view(), name="feedback_theme_add"),
    path("theme/<int:number>/", report_editing.ThemeView.as_view(), name="feedback_theme"),
    path("response/", report_editing.OfficialResponseView.as_view(), name="feedback_official_response_add"),
    path("response/<int:number>/", report_editing.OfficialResponseView.as_view(), name="feedback_official_response"),
    path("quotations/", report_editing.QuotationsView.as_view(), name="feedback_quotations"),
]
