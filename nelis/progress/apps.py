from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "nelis.progress"
    label = "progress"
    verbose_name = "Progress"

    def ready(self) -> None:
        """Register the page contexts and the addresses below pages."""
        from nelis.progress import context, views  # noqa: F401 - they register themselves
