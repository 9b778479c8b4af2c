"""Responses that may be of one person, for staff to decide."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from engagement.feedback.admin.base import AnalysisView, posted_key
from engagement.feedback.analysis import duplicates
from engagement.feedback.analysis.permissions import RefusedError
from engagement.feedback.models import Response
from nelis.core.listing import page_number

__all__ = ["DuplicatesView"]

PER_PAGE = 50


class DuplicatesView(AnalysisView):
    """What is suspected, and what was marked."""

    name = "feedback_duplicates"
    template_name = "admin/feedback/duplicates.html"
    page_title = "Duplicates"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pages = Paginator(duplicates.suspected_duplicates(self.round), PER_PAGE)
        number, _ = page_number(self.request.GET.get("page"), pages.num_pages)
        page = pages.page(number)
        both = {key for one in page.object_list for key in (one.response, one.first)}
        found = Response.objects.in_bulk(both)
        marked = self.round.responses.exclude(duplicate_of=None).select_related("duplicate_of").order_by("pk")
        return super().get_context_data(**kwargs) | {
            "page": page,
            "suspected": [(found[one.response], found[one.first], one.reasons) for one in page.object_list],
            "marked": marked[:PER_PAGE],
            "marked_count": marked.count(),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Decide on two of them."""
        response = get_object_or_404(Response, round=self.round, pk=posted_key(request, "response"))
        first = get_object_or_404(Response, round=self.round, pk=posted_key(request, "first"))
        try:
            if request.POST.get("is_one") == "yes":
                duplicates.mark_duplicate(response, first, request.user)
                messages.success(request, f"{response} isn’t counted any more, because {first} is.")
            else:
                duplicates.mark_distinct(response, first, request.user)
                messages.success(request, f"{response} and {first} both count.")
        except RefusedError as error:
            messages.error(request, str(error))
        return redirect(reverse("feedback_duplicates", args=[self.round.pk]))
