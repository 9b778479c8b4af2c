from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "nelis.home"
    label = "home"
    verbose_name = "Site pages"
