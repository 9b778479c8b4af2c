from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "nelis.progress"
    label = "progress"
    verbose_name = "Progress"

    def ready(self) -> None:
        """Register the page contexts."""
        from nelis.progress import context  # noqa: F401 - registers itself
