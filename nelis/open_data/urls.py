"""The addresses of the open data and of the API. They stay: files and citations lead to them."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from nelis.open_data import views
from nelis.open_data.api import api, not_found
from nelis.open_data.documentation import documentation

urlpatterns = [
    path("data/", views.open_data, name="open_data"),
    path("data/catalogue.jsonld", views.catalogue_file, name="catalogue_file"),
    path("data/strategy.json", views.strategy_file, name="strategy_file"),
    path("data/strategy.schema.json", views.strategy_schema, name="strategy_schema"),
    path("data/strategy-stratml-part-<int:part>.xml", views.stratml_file, name="stratml_file"),
    path("data/figures.csv", views.figures_csv, name="figures_csv"),
    path("data/figures.csv-metadata.json", views.figures_csv_metadata, name="figures_csv_metadata"),
    path("data/statements.csv", views.statements_csv, name="statements_csv"),
    path("data/statements.csv-metadata.json", views.statements_csv_metadata, name="statements_csv_metadata"),
    re_path(
        r"^data/series/(?P<key>[\w-]+)\.(?P<kind>csv|json|csv-metadata\.json)$", views.series_file, name="series_file"
    ),
    path("api/", documentation, name="api_documentation"),
    path("api/v1/", RedirectView.as_view(pattern_name="api_documentation")),
    path("api/v1/", api.urls),
    re_path(r"^api/", not_found),
]
