"""The page on which staff decide which responses are of one person."""

from typing import Any

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404

from engagement.feedback.admin.base import AnalysisView, PostActionsMixin, posted_key
from engagement.feedback.analysis import duplicates
from engagement.feedback.models import Response

PER_PAGE = 50


class DuplicatesView(PostActionsMixin, AnalysisView):
    """The suspected duplicates, and those that were marked."""

    url_name = "feedback_duplicates"
    template_name = "admin/feedback/duplicates.html"
    page_title = "Duplicates"
    default_action = "decide"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(duplicates.suspected_duplicates(self.round), PER_PAGE).get_page(self.request.GET.get("page"))
        responses = Response.objects.in_bulk({key for pair in page.object_list for key in (pair.response, pair.first)})
        marked = self.round.responses.exclude(duplicate_of=None).select_related("duplicate_of").order_by("pk")
        return super().get_context_data(**kwargs) | {
            "page": page,
            "suspected": [(responses[pair.response], responses[pair.first], pair.reasons) for pair in page.object_list],
            "marked": marked[:PER_PAGE],
            "marked_count": marked.count(),
        }

    def get_success_url(self) -> str:
        return self.request.path

    def decide(self) -> str:
        """Decide whether two responses are of one person."""
        response = get_object_or_404(Response, round=self.round, pk=posted_key(self.request, "response"))
        first = get_object_or_404(Response, round=self.round, pk=posted_key(self.request, "first"))
        if self.request.POST.get("is_one") == "yes":
            duplicates.mark_duplicate(response, first, self.request.user)
            return f"{response} isn’t counted any more, because {first} is."
        duplicates.mark_distinct(response, first, self.request.user)
        return f"{response} and {first} both count."
