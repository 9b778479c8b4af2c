"""List and form for sets of questions."""

from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest

from engagement.feedback.models import QuestionSet
from nelis.core.admin.viewsets import SiteViewSet, column

__all__ = ["QuestionSetViewSet"]


class QuestionSetViewSet(SiteViewSet):
    """Questions that belong together."""

    model = QuestionSet
    icon = "comment"
    menu_label = "Question sets"
    list_display = ["title", column("Key", "key", sort_key="key"), column("Questions", "question_count")]
    search_fields = ["title", "key", "questions__ref", "questions__text"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        return super().get_queryset(request).annotate(question_count=Count("questions"))
