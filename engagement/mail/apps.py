from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MailConfig(AppConfig):
    name = "engagement.mail"
    label = "mail"
    verbose_name = "Email delivery"

    def ready(self) -> None:
        from engagement.mail import checks, transactional  # noqa: F401 - they register themselves

        # Message streams, composers and periodic tasks of every app.
        autodiscover_modules("streams", "emails", "periodic_tasks")
