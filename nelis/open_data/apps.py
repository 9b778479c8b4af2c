from django.apps import AppConfig


class OpenDataConfig(AppConfig):
    name = "nelis.open_data"
    label = "open_data"
    verbose_name = "Open data"
