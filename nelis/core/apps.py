from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "nelis.core"
    label = "core"
    verbose_name = "Site"

    def ready(self) -> None:
        """Connect the signal handlers, make Wagtail's exports safe, and import the URL resolvers of every app."""
        from nelis.core import checks, privacy, signal_handlers  # noqa: F401 - checks register themselves
        from nelis.core.admin.exports import make_exports_safe

        signal_handlers.connect()
        privacy.connect()
        make_exports_safe()
        autodiscover_modules("search_urls")
