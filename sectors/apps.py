from django.apps import AppConfig


class SectorsConfig(AppConfig):
    name = "sectors"
    label = "sectors"
    verbose_name = "Strategy"

    def ready(self) -> None:
        """Make what is edited in the admin known from the start: commands and tests refer to it too."""
        from nelis.evidence.library import annotate_findings_with
        from sectors import wagtail_hooks  # noqa: F401 - registers itself
        from sectors.evidence_links import attach_led_to

        annotate_findings_with(attach_led_to)
