from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "nelis.evidence"
    label = "evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        """Make what is edited in the admin known from the start: commands and tests refer to it too."""
        from nelis.evidence import wagtail_hooks  # noqa: F401 - registers itself
