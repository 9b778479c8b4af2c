"""URLs of the mailing list in the admin."""

from django.urls import path

from engagement.mailing_list.admin import imports, overview, subscription_detail, subscription_list, suppressions

app_name = "mailing_list_admin"

urlpatterns = [
    path("", overview.OverviewView.as_view(), name="overview"),
    path("breaker/", overview.ResetCircuitBreakerView.as_view(), name="reset_circuit_breaker"),
    path("breaker/<int:pk>/", overview.ResetNetworkView.as_view(), name="reset_network"),
    path("breaker/<int:pk>/discard/", overview.DiscardNetworkView.as_view(), name="discard_network"),
    path("suppressed/", suppressions.SuppressionsView.as_view(), name="suppressions"),
    path("suppressed/never/", suppressions.SuppressAddressView.as_view(), name="suppress_address"),
    path("suppressed/lift/", suppressions.LiftSuppressionView.as_view(), name="lift_suppression"),
    path("subscriptions/", subscription_list.SubscriptionListView.as_view(), name="subscriptions"),
    path(
        "subscriptions/results/",
        subscription_list.SubscriptionListView.as_view(results_only=True),
        name="subscriptions_results",
    ),
    path("subscriptions/export/", subscription_list.SubscriptionExportView.as_view(), name="export"),
    path("subscriptions/add/", subscription_detail.AddSubscriberView.as_view(), name="add"),
    path("subscriptions/<int:pk>/", subscription_detail.SubscriptionDetailView.as_view(), name="subscription"),
    path("subscriptions/<int:pk>/end/", subscription_detail.EndView.as_view(), name="end"),
    path("subscriptions/<int:pk>/pause/", subscription_detail.PauseView.as_view(), name="pause"),
    path("subscriptions/<int:pk>/suppress/", subscription_detail.SuppressView.as_view(), name="suppress"),
    path("subscriptions/<int:pk>/erase/", subscription_detail.EraseView.as_view(), name="erase"),
    path("import/", imports.ImportView.as_view(), name="import"),
    path("import/sample/", imports.ImportSampleView.as_view(), name="import_sample"),
    path("import/<uuid:uuid>/", imports.ImportPreviewView.as_view(), name="import_preview"),
]
