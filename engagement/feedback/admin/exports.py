"""Exporting responses as files: the form, the list of who took which, and which still hold what was withdrawn."""

from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from engagement.feedback.admin.base import AnalysisView, PostActionsMixin, posted_key
from engagement.feedback.admin.forms import ExportForm
from engagement.feedback.analysis import coding_workflow, export_log
from engagement.feedback.analysis.export import as_csv, as_json, as_xlsx, build_sheet
from engagement.feedback.models import Export

EXPORTS_SHOWN = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportsView(PostActionsMixin, AnalysisView):
    """The form and the list. The file is made while it is sent; that it was made is logged first."""

    url_name = "feedback_exports"
    template_name = "admin/feedback/exports.html"
    page_title = "Exports"
    header_icon = "download"
    actions = ("export", "clear")
    default_action = "export"

    @property
    def sees_all(self) -> bool:
        """Whether everybody's codes may be in a file."""
        return coding_workflow.may_see_all_codes(self.round, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "form": kwargs.get("form") or ExportForm(sees_respondents=self.sees_respondents),
            "exports": self.round.exports.select_related("by")[:EXPORTS_SHOWN],
            "sees_all": self.sees_all,
            "stale_exports": export_log.stale_exports(self.round),
        }

    def export(self) -> Any:
        """Log an export, and send it."""
        form = ExportForm(self.request.POST, sees_respondents=self.sees_respondents)
        if not form.is_valid():
            return self.render_invalid(form=form)
        codes = self.sees_all
        export = export_log.record_export(self.round, form.cleaned_data, self.request.user, codes=codes)
        return export_response(export, codes=codes)

    def clear(self) -> str:
        """Record that what was withdrawn is out of all copies of one file."""
        export = get_object_or_404(self.round.exports, pk=posted_key(self.request, "export"))
        export_log.mark_copies_cleared(export, self.request.user)
        return "Written down: nothing that was withdrawn until now is in a copy of that file."


def export_response(export: Export, *, codes: bool = True) -> StreamingHttpResponse | FileResponse:
    """Send the file itself."""
    sheet = build_sheet(export.round, export.shape, personal=export.is_personal, full=export.is_full, codes=codes)
    name = f"{export.round.slug}-{export.shape}-{timezone.localtime(export.at):%Y-%m-%d-%H%M}.{export.format}"
    if export.format == Export.Format.XLSX:
        return FileResponse(as_xlsx(sheet, "Answers"), as_attachment=True, filename=name, content_type=XLSX)
    is_csv = export.format == Export.Format.CSV
    lines, content_type = (as_csv(sheet), "text/csv") if is_csv else (as_json(sheet), "application/json")
    response = StreamingHttpResponse(lines, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
