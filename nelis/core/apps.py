from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "nelis.core"
    label = "core"
    verbose_name = "Site"

    def ready(self) -> None:
        """Listen for changes of content, and learn where each app shows what it holds."""
        from nelis.core import checks, signal_handlers  # noqa: F401 - checks register themselves

        signal_handlers.connect()
        autodiscover_modules("search_urls")
