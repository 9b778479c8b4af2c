from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MailConfig(AppConfig):
    name = "engagement.mail"
    label = "mail"
    verbose_name = "Email delivery"

    def ready(self) -> None:
        # Lanes, composers and regular jobs of every app register themselves.
        autodiscover_modules("streams", "emails", "periodic_tasks")
        from engagement.mail import checks

        checks.register_checks()
