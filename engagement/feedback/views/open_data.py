"""The open data of a round that was reported back: a page with the code book, and the files."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from engagement.feedback.analysis.export import as_json
from engagement.feedback.reporting.open_data import COLUMNS, codebook_questions, open_data_files
from engagement.feedback.views.results import get_reported_round
from nelis.core.csv_export import csv_response

__all__ = ["open_data", "open_data_file"]


@require_safe
def open_data(request: HttpRequest, slug: str) -> HttpResponse:
    """What there is, what its columns mean, what was asked, and what is hidden."""
    asked = get_reported_round(slug)
    book = [(name, COLUMNS[name]) for name in open_data_files(asked)]
    context = {"round": asked, "book": book, "questions": codebook_questions(asked)}
    return render(request, "feedback/open_data.html", context)


@require_safe
def open_data_file(request: HttpRequest, slug: str, name: str, kind: str) -> HttpResponseBase:
    """One of the files, as CSV or JSON."""
    asked = get_reported_round(slug)
    make = open_data_files(asked).get(name)
    if make is None or kind not in ("csv", "json"):
        raise Http404("There is no such file.")
    sheet, called = make(asked), f"{asked.slug}-{name}.{kind}"
    if kind == "csv":
        return csv_response(called, sheet.header, sheet.rows)
    response = StreamingHttpResponse(as_json(sheet), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{called}"'
    response["Cache-Control"] = "no-store"
    return response
