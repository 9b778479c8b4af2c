"""Feedback rounds in the admin."""

from engagement.feedback.admin.rounds import QuestionSetViewSet, RoundDashboardView, RoundStateView, RoundViewSet

__all__ = ["QuestionSetViewSet", "RoundDashboardView", "RoundStateView", "RoundViewSet"]
