from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "nelis.core"
    label = "core"
    verbose_name = "Site"
