"""The explorer: the strategy as a table of any two of its dimensions."""

from typing import Any, ClassVar

from django.http import HttpResponse, JsonResponse

from nelis.evidence.models import EvidencedIndexPage
from sectors.dimensions import DIMENSIONS, THEME_RELATIONS, dimension_values
from sectors.explorer import EACH_PROPOSITION, as_csv, as_json, build_matrix
from sectors.models.propositions import PropositionIndexPage, PropositionPage

__all__ = ["ExplorerPage"]

#: Dimensions to choose from; the others are for filters alone.
OFFERED = [name for name in DIMENSIONS if name not in ("project", "theme")]
FORMATS = ("csv", "json")


class ExplorerPage(EvidencedIndexPage):
    """Counts of propositions by two dimensions that the reader chooses. Only the introduction is edited."""

    kind = "Explorer"
    template = "pages/explorer.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1
    page_description = "Sets any two parts of the strategy against each other. One for the whole site."

    class Meta:
        verbose_name = "explorer"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        rows, columns = request.GET.get("rows") or EACH_PROPOSITION, request.GET.get("columns") or "challenge"
        basis = request.GET.get("basis", "")
        unknown = [
            (label, value[:60])
            for label, value, known in (
                ("Rows", rows, [EACH_PROPOSITION, *OFFERED]),
                ("Columns", columns, OFFERED),
                ("Links", basis, ["", "stated"]),
                ("Format", request.GET.get("format", ""), ["", *FORMATS]),
            )
            if value not in known
        ]
        rows = rows if rows in (EACH_PROPOSITION, *OFFERED) else EACH_PROPOSITION
        columns = columns if columns in OFFERED else "challenge"
        index = PropositionIndexPage.objects.live().first()
        pages = list(PropositionPage.objects.live().select_related(*THEME_RELATIONS).order_by("path"))
        context["matrix"] = build_matrix(
            pages,
            dimension_values(pages),
            rows,
            columns,
            stated_only=basis == "stated",
            list_url=index.get_url(request) if index else "",
        )
        context["unknown"] = unknown
        context["offered"] = [DIMENSIONS[name] for name in OFFERED]
        return context

    def serve(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The page, or the same table as CSV or JSON; status 404 when asked for a dimension that doesn't exist."""
        form = request.GET.get("format")
        if form not in FORMATS:
            response = super().serve(request, *args, **kwargs)
            response.status_code = 404 if response.context_data["unknown"] else 200
            return response
        context = self.get_context(request)
        matrix, status = context["matrix"], 404 if context["unknown"] else 200
        if form == "json":
            return JsonResponse(as_json(matrix), status=status)
        name = f"{matrix.rows}-by-{matrix.columns}.csv"
        return HttpResponse(
            as_csv(matrix),
            status=status,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
