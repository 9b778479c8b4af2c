from django.apps import AppConfig


class SectorsConfig(AppConfig):
    name = "sectors"
    label = "sectors"
    verbose_name = "Strategy"
