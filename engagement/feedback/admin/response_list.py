"""The inbox: all responses of a round, narrowed and searched, a page at a time."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count

from engagement.feedback.admin.base import AnalysisView
from engagement.feedback.analysis import coding_workflow
from engagement.feedback.analysis.response_filters import ResponseFilterForm, filter_responses
from engagement.feedback.models import Response
from nelis.core.listing import page_number

__all__ = ["ResponseListView"]

PER_PAGE = 50


class ResponseListView(AnalysisView):
    """The list. The number of queries doesn't depend on how many there are."""

    name = "feedback_responses"
    template_name = "admin/feedback/response_list.html"
    page_title = "Responses"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        form = ResponseFilterForm(self.round, self.asked, self.request.GET or {}, sees_who=self.sees_who)
        form.is_valid()
        pages = Paginator(filter_responses(form, user), PER_PAGE)
        number, _ = page_number(self.request.GET.get("page"), pages.num_pages)
        page = pages.page(number)
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(**kwargs) | {
            "form": form,
            "page": page,
            "rows": response_rows([one.pk for one in page.object_list], user),
            "query": query.urlencode(),
            "is_narrowed": any(query.values()),
        }


def response_rows(keys: list[int], by: Any) -> list[Any]:
    """What the list shows of responses, in their order. Three queries, however many there are."""
    fetched = Response.objects.filter(pk__in=keys).select_related("session", "duplicate_of").order_by("pk")
    shown: list[Any] = list(fetched.annotate(readers=Count("completed_codings")))
    mine = set(Response.objects.filter(pk__in=keys, completed_codings__by=by).values_list("pk", flat=True))
    written = set(coding_workflow.with_text(Response.objects.filter(pk__in=keys)).values_list("pk", flat=True))
    for one in shown:
        one.is_mine, one.is_written = one.pk in mine, one.pk in written
    return shown
