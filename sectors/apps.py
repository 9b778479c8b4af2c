from django.apps import AppConfig


class SectorsConfig(AppConfig):
    name = "sectors"
    label = "sectors"
    verbose_name = "Strategy"

    def ready(self) -> None:
        """Make what is edited in the admin known from the start: commands and tests refer to it too."""
        from nelis.evidence.library import add_to_findings
        from sectors import wagtail_hooks  # noqa: F401 - registers itself
        from sectors.traces import attach_led_to

        add_to_findings(attach_led_to)
