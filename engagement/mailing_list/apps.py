from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MailingListConfig(AppConfig):
    name = "engagement.mailing_list"
    label = "mailing_list"
    verbose_name = "Mailing list"

    def ready(self) -> None:
        # What other rooms hold about an address; see people.py.
        autodiscover_modules("personal_data")
