"""Addresses of the reporting desk, below those of the round's desk."""

from django.urls import path

from engagement.feedback.admin import report, report_writing

urlpatterns = [
    path("", report.ReportDesk.as_view(), name="feedback_report"),
    path("preview/", report.Preview.as_view(), name="feedback_report_preview"),
    path("act/", report.Act.as_view(), name="feedback_report_act"),
    path("theme/", report_writing.ThemeView.as_view(), name="feedback_theme_add"),
    path("theme/<int:number>/", report_writing.ThemeView.as_view(), name="feedback_theme"),
    path("response/", report_writing.OfficialView.as_view(), name="feedback_official_add"),
    path("response/<int:number>/", report_writing.OfficialView.as_view(), name="feedback_official"),
    path("quotations/", report_writing.Quote.as_view(), name="feedback_quote"),
]
