"""Questions to the public, and rounds of them, in the admin."""

from engagement.feedback.admin.rounds import Desk, RoundViewSet, Step
from engagement.feedback.admin.viewsets import QuestionSetViewSet

__all__ = ["Desk", "QuestionSetViewSet", "RoundViewSet", "Step"]
