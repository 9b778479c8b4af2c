"""Questions to the public in the admin."""

from engagement.feedback.admin.viewsets import QuestionSetViewSet

__all__ = ["QuestionSetViewSet"]
