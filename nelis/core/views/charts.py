"""Charts to take away: the figures as CSV, the drawing as SVG and PNG, and its specification."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from nelis.core.charts.cache import standalone_svg
from nelis.core.csv_export import csv_response
from nelis.core.models import DrawnChart

#: The formats by the ending of their address.
FORMATS = {"csv": "text/csv", "svg": "image/svg+xml", "png": "image/png", "json": "application/json"}


@require_safe
def chart_file(request: HttpRequest, name: str, ending: str) -> HttpResponseBase:
    """Send a public chart as a file, as it was last drawn; 404 for charts that are for staff alone."""
    drawn = DrawnChart.objects.filter(name=name, is_public=True, drawn_at__isnull=False)
    if ending != "png":
        drawn = drawn.defer("png")
    chart = drawn.order_by("-requested_at").first()
    if chart is None or ending not in FORMATS:
        raise Http404(f"There is no chart {name} as {ending}.")
    file_name = f"{name}.{ending}"
    if ending == "csv":
        return csv_response(file_name, chart.description["columns"], chart.description["rows"])
    if ending == "svg":
        content: bytes | str = standalone_svg(chart.wide, chart.description)
    elif ending == "png":
        content = bytes(chart.png)
    else:
        about = {"title": chart.description["title"], "description": chart.description["summary"]}
        content = json.dumps(chart.wide_spec | about, ensure_ascii=False, indent=2)
    response = HttpResponse(content, content_type=FORMATS[ending])
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
