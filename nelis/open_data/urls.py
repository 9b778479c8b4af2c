"""The addresses of the API and of the open data."""

from django.urls import path, re_path

from nelis.open_data.api import api, not_found

urlpatterns = [
    path("api/v1/", api.urls),
    re_path(r"^api/", not_found),
]
