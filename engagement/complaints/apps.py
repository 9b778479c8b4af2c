from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "engagement.complaints"
    label = "complaints"
    verbose_name = "Complaints"
