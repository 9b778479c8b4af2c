from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "nelis.progress"
    label = "progress"
    verbose_name = "Progress"
