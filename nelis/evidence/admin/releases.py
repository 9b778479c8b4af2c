"""A release in the admin: what it gave, and its withdrawal."""

from typing import Any

from django.db.models import Count, Max, Min
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from nelis.core.admin.views import ActionFormView, StaffView
from nelis.evidence.admin.forms import WithdrawalForm
from nelis.evidence.admin.imports import ImportView
from nelis.evidence.imports.approval import withdraw
from nelis.evidence.models import Series, Vintage


class ReleaseView(StaffView):
    """What a release gave, series by series, who imported it, and whether it stands."""

    permission = "evidence.view_vintage"
    template_name = "admin/evidence/release.html"
    header_icon = "history"
    breadcrumb_parents = (("Import figures", "evidence_admin:import"),)

    @cached_property
    def vintage(self) -> Vintage:
        found = Vintage.objects.select_related("source", "imported_by", "withdrawn_by")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def get_page_title(self) -> str:
        return self.vintage.label

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given = (
            Series.objects.filter(observations__vintage=self.vintage)
            .select_related("indicator", "area")
            .annotate(
                values_given=Count("observations"),
                first=Min("observations__period_start"),
                last=Max("observations__period_end"),
            )
            .order_by("indicator__name", "area__name")
        )
        return super().get_context_data(**kwargs) | {"vintage": self.vintage, "given": given}


class WithdrawReleaseView(ActionFormView):
    """Withdraw a release, with a reason that readers see."""

    permission = "evidence.change_vintage"
    model = Vintage
    form_class = WithdrawalForm
    page_title = "Withdraw a release"
    header_icon = "warning"
    breadcrumb_parents = ImportView.breadcrumb_parents
    submit_label = "Withdraw it"
    is_destructive = True
    success_message = "It is withdrawn. For each period the release before it counts again."

    @property
    def intro(self) -> str:  # type: ignore[override]  # says which
        return f"“{self.object}” won’t count any more. Its page stays and says why."

    def get_success_url(self) -> str:
        return reverse("evidence_admin:release", args=[self.object.pk])

    def perform(self, **data: Any) -> bool:
        return withdraw(self.object, self.request.user, data["reason"])
