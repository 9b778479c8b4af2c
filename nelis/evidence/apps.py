from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "nelis.evidence"
    label = "evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        """Register what stands above the models: page contexts, routes below pages, lists and forms of the admin."""
        from nelis.evidence import context, views, wagtail_hooks  # noqa: F401 - they register themselves
