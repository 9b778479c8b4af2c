from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MailingListConfig(AppConfig):
    name = "engagement.mailing_list"
    label = "mailing_list"
    verbose_name = "Mailing list"

    def ready(self) -> None:
        """Import what each app registers about personal data."""
        autodiscover_modules("personal_data")
