"""Addresses of the screens for importing figures, below the admin's."""

from django.urls import path

from nelis.evidence.admin import imports, releases

app_name = "evidence_admin"

urlpatterns = [
    path("", imports.ImportView.as_view(), name="import"),
    path("<uuid:uuid>/", imports.ReviewImportView.as_view(), name="review_import"),
    path("releases/<int:pk>/", releases.ReleaseView.as_view(), name="release"),
    path("releases/<int:pk>/withdraw/", releases.WithdrawReleaseView.as_view(), name="withdraw_release"),
]
