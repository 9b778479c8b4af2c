"""Taking answers away as files, the list of who did, and what is in such files that was withdrawn since."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from wagtail.admin import messages

from engagement.feedback.admin.base import AnalysisView, posted_key
from engagement.feedback.admin.forms import ExportForm
from engagement.feedback.analysis import coding_workflow, export_log
from engagement.feedback.analysis.export import as_csv, as_json, as_xlsx, build_sheet
from engagement.feedback.models import Export

__all__ = ["ExportsView"]

#: Files listed on the page.
EXPORTS_SHOWN = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportsView(AnalysisView):
    """The form, and the list. The file is made while it is sent; that it was made is written down first."""

    name = "feedback_exports"
    template_name = "admin/feedback/exports.html"
    page_title = "Files"
    header_icon = "download"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "form": kwargs.get("form") or ExportForm(sees_who=self.sees_who),
            "exports": self.round.exports.select_related("by")[:EXPORTS_SHOWN],
            "sees_all": self.sees_all,
            "held": export_log.stale_exports(self.round),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A file, or a word about one."""
        if request.POST.get("do") == "clear":
            return self.clear()
        form = ExportForm(request.POST, sees_who=self.sees_who)
        if not form.is_valid():
            return self.wrong(form=form)
        codes = self.sees_all
        return export_response(
            export_log.record_export(self.round, form.cleaned_data, request.user, codes=codes), codes=codes
        )

    @property
    def sees_all(self) -> bool:
        """Whether everybody's codes may be in a file."""
        return coding_workflow.may_see_all_codes(self.round, self.request.user)

    def clear(self) -> HttpResponse:
        """What was withdrawn is out of all copies of one file."""
        export = get_object_or_404(self.round.exports, pk=posted_key(self.request, "export"))
        export_log.mark_copies_cleared(export, self.request.user)
        messages.success(self.request, "Written down: nothing that was withdrawn until now is in a copy of that file.")
        return redirect("feedback_exports", self.round.pk)


def export_response(export: Export, *, codes: bool = True) -> StreamingHttpResponse | FileResponse:
    """The file itself."""
    table = build_sheet(export.round, export.shape, personal=export.is_personal, full=export.is_full, codes=codes)
    name = f"{export.round.slug}-{export.shape}-{timezone.localtime(export.at):%Y-%m-%d-%H%M}.{export.format}"
    if export.format == Export.Format.XLSX:
        return FileResponse(as_xlsx(table, "Answers"), as_attachment=True, filename=name, content_type=XLSX)
    lines, kind = (
        (as_csv(table), "text/csv") if export.format == Export.Format.CSV else (as_json(table), "application/json")
    )
    response = StreamingHttpResponse(lines, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
