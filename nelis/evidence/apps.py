from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "nelis.evidence"
    label = "evidence"
    verbose_name = "Evidence"
