from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "nelis.core"
    label = "core"
    verbose_name = "Site"

    def ready(self) -> None:
        """Listen for changes of content."""
        from nelis.core import signal_handlers

        signal_handlers.connect()
