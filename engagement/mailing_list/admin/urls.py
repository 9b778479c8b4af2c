"""Addresses of the mailing list in the admin."""

from django.urls import path

from engagement.mailing_list.admin import adding, importing, keeping_out, listing, overview, person

app_name = "mailing_list_admin"

urlpatterns = [
    path("", overview.OverviewView.as_view(), name="overview"),
    path("breaker/", overview.ResetBreakerView.as_view(), name="reset_breaker"),
    path("suppressed/", overview.SuppressionsView.as_view(), name="suppressions"),
    path("suppressed/never/", keeping_out.NeverView.as_view(), name="never"),
    path("suppressed/lift/", keeping_out.LiftView.as_view(), name="lift"),
    path("subscriptions/", listing.ListingView.as_view(), name="subscriptions"),
    path("subscriptions/results/", listing.ListingView.as_view(results_only=True), name="subscriptions_results"),
    path("subscriptions/export/", listing.ExportView.as_view(), name="export"),
    path("subscriptions/add/", adding.AddView.as_view(), name="add"),
    path("subscriptions/<int:pk>/", person.PersonView.as_view(), name="subscription"),
    path("subscriptions/<int:pk>/end/", person.EndView.as_view(), name="end"),
    path("subscriptions/<int:pk>/pause/", person.PauseView.as_view(), name="pause"),
    path("subscriptions/<int:pk>/suppress/", person.SuppressView.as_view(), name="suppress"),
    path("subscriptions/<int:pk>/erase/", person.EraseView.as_view(), name="erase"),
    path("import/", importing.ImportView.as_view(), name="import"),
    path("import/sample/", importing.SampleView.as_view(), name="import_sample"),
    path("import/<uuid:uuid>/", importing.PreviewView.as_view(), name="import_preview"),
]
