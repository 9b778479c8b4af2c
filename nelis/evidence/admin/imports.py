"""Importing figures in the admin: choose a file, see what it would change, approve it."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from django.db.models import F, Max, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin import messages

from nelis.core.admin.views import StaffFormView, StaffView
from nelis.core.models import User
from nelis.evidence.admin.forms import FileForm, QuestionsForm, ReleaseForm
from nelis.evidence.imports.approval import (
    AlreadyImportedError,
    ImportRefusedError,
    Release,
    StaleImportError,
    approve,
    find_same_file,
)
from nelis.evidence.imports.comparing import Comparison, compare, held_series
from nelis.evidence.imports.reading import Choices, Reading, read_file
from nelis.evidence.imports.register import Register
from nelis.evidence.imports.staging import Staged, Staging
from nelis.evidence.models import Observation, Series, Source, Statistic, UploadedFigures, Vintage
from nelis.evidence.series_figures import statistics_of

PERMISSION = "evidence.add_vintage"
#: A file that nobody approves is deleted after so long.
UPLOADS_KEPT = timedelta(days=7)


class ImportView(StaffFormView):
    """Choose a file. What is held, and what was imported before, stands below."""

    permission = PERMISSION
    template_name = "admin/evidence/import.html"
    page_title = "Import figures"
    header_icon = "upload"
    form_class = FileForm
    submit_label = "Check the file"
    intro = "Nothing changes yet: you see first what the file would change."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        releases = Vintage.objects.select_related("imported_by").order_by("-imported_at")
        return super().get_context_data(**kwargs) | {"series": held_to(), "releases": releases[:20]}

    def form_valid(self, form: FileForm) -> HttpResponse:
        UploadedFigures.objects.filter(at__lt=timezone.now() - UPLOADS_KEPT).delete()
        file = form.cleaned_data["file"]
        uploaded = UploadedFigures.objects.create(
            file_name=file.name[:200], content=file.read(), by=cast(User, self.request.user)
        )
        return redirect("evidence_admin:review_import", uuid=uploaded.uuid)


@dataclass(slots=True)
class Review:
    """What was found in an uploaded file, and what it would change."""

    reading: Reading
    comparison: Comparison
    same: Vintage | None
    series: list[Series]
    statistics: list[Statistic]
    areas: dict[str, str]

    @property
    def extent(self) -> list[str]:
        """The first period and the last, and the areas that values are kept of, in words."""
        labels = [period.label for period in self.reading.ordered_periods]
        periods = " to ".join(dict.fromkeys([labels[0], labels[-1]])) if labels else ""
        areas = sorted({self.areas.get(area.code, area.code) for area in self.reading.areas.values() if area.code})
        return [part for part in (periods, ", ".join(areas)) if part]

    @property
    def first_rows(self) -> list[dict[str, Any]]:
        return [self._row(staged) for staged in self.comparison.first]

    @property
    def new_rows(self) -> list[dict[str, Any]]:
        return [self._row(staged) for staged in self.comparison.new_ones]

    @property
    def revised_rows(self) -> list[dict[str, Any]]:
        return [self._row(staged) for staged in self.comparison.revised_ones]

    def _row(self, staged: Staged) -> dict[str, Any]:
        group = next(group for group in self.reading.groups.values() if group.number == staged.group)
        return {
            "figure": group.indicator.name if group.indicator is not None else group.label,
            "area": self.areas.get(staged.area, staged.area),
            "staged": staged,
        }


class ReviewImportView(StaffView):
    """What a file holds, what is wrong with it, what it leaves open; and its approval."""

    permission = PERMISSION
    template_name = "admin/evidence/review_import.html"
    page_title = "Check the figures"
    header_icon = "upload"
    breadcrumb_parents = (("Import figures", "evidence_admin:import"),)

    @cached_property
    def uploaded(self) -> UploadedFigures:
        """The file, for whoever uploaded it."""
        return get_object_or_404(UploadedFigures, uuid=self.kwargs["uuid"], by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        with self.review() as review:
            problems = review.reading.problems
            asks = bool(problems.questions) and not problems.errors
            context = super().get_context_data(**kwargs) | {
                "uploaded": self.uploaded,
                "review": review,
                "can_approve": not (asks or problems.errors or review.same) and review.comparison.changes > 0,
            }
            if asks:
                context.setdefault("questions_form", QuestionsForm(review.reading))
            elif context["can_approve"]:
                context.setdefault("release_form", ReleaseForm(initial=self.suggested(review)))
            context["form"] = context.get("questions_form") or context.get("release_form")
            return context

    @contextmanager
    def review(self) -> Iterator[Review]:
        with Staging() as staging:
            register = Register.load()
            reading = read_file(io.BytesIO(bytes(self.uploaded.content)), staging, register, self.choices())
            comparison = compare(reading)
            series = [found for found in held_series(reading).values() if found is not None]
            statistics = list(statistics_of(series).select_related("geography"))
            yield Review(reading, comparison, find_same_file(reading), series, statistics, register.shown)

    def choices(self) -> Choices:
        return Choices(**self.uploaded.choices)

    def suggested(self, review: Review) -> dict[str, Any]:
        """What the form begins with: the publication of the series, and what was seen."""
        source = next((series.source_id for series in review.series), None)
        return {
            "label": self.uploaded.file_name.rsplit(".", 1)[0],
            "source": source or Source.objects.filter(indicators__isnull=False).values_list("pk", flat=True).first(),
            "signature": review.comparison.signature,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "discard" in request.POST:
            self.uploaded.delete()
            messages.success(request, "The file is deleted. Nothing was imported.")
            return redirect("evidence_admin:import")
        if "again" in request.POST:
            UploadedFigures.objects.filter(pk=self.uploaded.pk).update(choices={})
            return redirect("evidence_admin:review_import", uuid=self.uploaded.uuid)
        return self.answer() if "answer" in request.POST else self.approve()

    def answer(self) -> HttpResponse:
        """Keep what was answered, beside what was answered before, and read the file anew."""
        with self.review() as review:
            form = QuestionsForm(review.reading, data=self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(questions_form=form))
        answers = form.answers()
        before = self.uploaded.choices
        answers["indicators"] = {**before.get("indicators", {}), **answers["indicators"]}
        UploadedFigures.objects.filter(pk=self.uploaded.pk).update(choices={**before, **answers})
        return redirect("evidence_admin:review_import", uuid=self.uploaded.uuid)

    def approve(self) -> HttpResponse:
        form = ReleaseForm(self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(release_form=form))
        given = form.cleaned_data
        signature = given.pop("signature") or "none was seen"
        try:
            approved = approve(
                bytes(self.uploaded.content),
                self.uploaded.file_name,
                self.choices(),
                Release(**given),
                self.request.user,
                signature,
            )
        except StaleImportError as refusal:
            messages.error(self.request, f"{refusal} This is how it compares now.")
            # What was typed stays; what was seen is what is shown now.
            kept = self.request.POST.copy()
            kept.pop("signature", None)
            with self.review() as review:
                kept["signature"] = review.comparison.signature
            return self.render_to_response(self.get_context_data(release_form=ReleaseForm(kept)))
        except AlreadyImportedError as refusal:
            messages.warning(self.request, str(refusal))
            return redirect("evidence_admin:release", pk=refusal.vintage.pk)
        except ImportRefusedError as refusal:
            messages.error(self.request, f"Nothing was imported. {refusal}")
            return redirect("evidence_admin:review_import", uuid=self.uploaded.uuid)
        self.uploaded.delete()
        figures = f" {approved.statistics} figures of the site changed with it." if approved.statistics else ""
        messages.success(
            self.request,
            f"Imported: {approved.new:,} new, {approved.revised:,} revised, {approved.unchanged:,} unchanged.{figures}",
        )
        return redirect("evidence_admin:release", pk=approved.vintage.pk)


def held_to() -> Any:
    """Every supplied series with the last period it is held to and the release that gives it. One query."""
    standing = Observation.objects.filter(series=OuterRef("pk"), vintage__withdrawn_at__isnull=True)
    latest = standing.order_by("-period_end", F("vintage__released_on").desc(nulls_last=True))
    return (
        Series.objects.filter(origin=Series.Origin.SUPPLIED)
        .select_related("indicator", "area")
        .annotate(
            held_to=Subquery(latest.values("period_label")[:1]),
            release=Subquery(latest.values("vintage__label")[:1]),
            last_import=Max("observations__vintage__imported_at"),
        )
        .order_by("indicator__name", "area__name", "treatment")
    )
