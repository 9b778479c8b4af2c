from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PostConfig(AppConfig):
    name = "engagement.post"
    label = "post"
    verbose_name = "Post"

    def ready(self) -> None:
        # Lanes, composers and regular jobs of every app register themselves.
        autodiscover_modules("lanes", "mails", "jobs")
        from engagement.post import checks

        checks.connect()
