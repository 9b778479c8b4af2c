"""Questions to the public, and rounds of them, in the admin."""

from engagement.feedback.admin.rounds import RoundActionView, RoundDashboardView, RoundViewSet
from engagement.feedback.admin.viewsets import QuestionSetViewSet

__all__ = ["QuestionSetViewSet", "RoundActionView", "RoundDashboardView", "RoundViewSet"]
