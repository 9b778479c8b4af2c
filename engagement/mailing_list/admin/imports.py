"""Importing subscribers in the admin: upload a file, check it, apply it."""

from hashlib import sha256
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import View
from wagtail.admin import messages

from engagement.mailing_list.admin.forms import UploadForm
from engagement.mailing_list.importing import COLUMNS, MAX_BYTES, MAX_ROWS, ListChangedError, apply_import, validate
from engagement.mailing_list.models import ImportBatch, Topic, UploadedList
from nelis.core.admin.views import StaffFormView, StaffView, StaffViewMixin
from nelis.core.csv_export import csv_response
from nelis.core.models import User

PERMISSION = "mailing_list.add_importbatch"


class ImportView(StaffFormView):
    """Upload a file. It is kept for a day at most, so that what is checked is what is imported."""

    permission = PERMISSION
    template_name = "admin/mailing_list/import.html"
    page_title = "Import subscribers"
    header_icon = "upload"
    breadcrumb_parents = (("Mailing list", "mailing_list_admin:overview"),)
    form_class = UploadForm
    submit_label = "Check the file"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "columns": COLUMNS,
            "largest": MAX_BYTES // 1024 // 1024,
            "most": MAX_ROWS,
            "topics": Topic.objects.all(),
            "imports": ImportBatch.objects.select_related("by")[:20],
        }

    def form_valid(self, form: UploadForm) -> HttpResponse:
        file = form.cleaned_data["file"]
        if file.size > MAX_BYTES:
            form.add_error("file", f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Divide it")
            return self.form_invalid(form)
        content = file.read()
        uploaded = UploadedList.objects.create(
            file_name=file.name[:200],
            sha256=sha256(content).hexdigest(),
            content=content,
            by=cast(User, self.request.user),
        )
        return redirect("mailing_list_admin:import_preview", uuid=uploaded.uuid)


class ImportPreviewView(StaffView):
    """Show what a file comes to, and apply or delete it."""

    permission = PERMISSION
    template_name = "admin/mailing_list/import_preview.html"
    page_title = "Check the import"
    header_icon = "upload"
    breadcrumb_parents = (*ImportView.breadcrumb_parents, ("Import subscribers", "mailing_list_admin:import"))

    def uploaded(self) -> UploadedList:
        """The file, for whoever uploaded it."""
        return get_object_or_404(UploadedList, uuid=self.kwargs["uuid"], by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        uploaded = self.uploaded()
        result = validate(bytes(uploaded.content))
        before = ImportBatch.objects.filter(sha256=uploaded.sha256).select_related("by").first()
        return super().get_context_data(**kwargs) | {"uploaded": uploaded, "result": result, "before": before}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        uploaded = self.uploaded()
        if "discard" in request.POST:
            uploaded.delete()
            messages.success(request, "The file is deleted. Nobody was added.")
            return redirect("mailing_list_admin:import")
        try:
            batch = apply_import(uploaded, request.user, expected=(self.number("adds"), self.number("leaves_out")))
        except ListChangedError:
            messages.error(
                request, "Nobody was added: the list has changed since you looked. This is how it stands now."
            )
            return redirect("mailing_list_admin:import_preview", uuid=uploaded.uuid)
        messages.success(request, f"Imported: {batch.added:,} added, {sum(batch.skipped.values()):,} left out.")
        return redirect("mailing_list_admin:overview")

    def number(self, name: str) -> int:
        """A number in the form; -1, which nothing is equal to, for anything else."""
        sent = self.request.POST.get(name, "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else -1


class ImportSampleView(StaffViewMixin, View):
    """Download a file to start from: the columns, and one row that shows how each is written."""

    permission = PERMISSION

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        topics = "|".join(Topic.objects.values_list("slug", flat=True)[:2])
        row = ("name@example.org", "", "", topics, "monthly", "2018-05-25", "Folder M12, sheet 40")
        return csv_response("mailing-list-sample.csv", COLUMNS, [row])
