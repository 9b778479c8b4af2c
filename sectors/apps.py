from django.apps import AppConfig


class SectorsConfig(AppConfig):
    name = "sectors"
    label = "sectors"
    verbose_name = "Strategy"

    def ready(self) -> None:
        """Register what stands above the models: page contexts, routes below pages, versions, the admin."""
        from nelis.evidence.context import annotate_findings_with
        from sectors import context, views, wagtail_hooks  # noqa: F401 - they register themselves
        from sectors.evidence_links import attach_led_to
        from sectors.versions import publish  # noqa: F401
        from sectors.versions import views as version_views  # noqa: F401

        annotate_findings_with(attach_led_to)
