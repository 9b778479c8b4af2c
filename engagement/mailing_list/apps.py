from django.apps import AppConfig


class MailingListConfig(AppConfig):
    name = "engagement.mailing_list"
    label = "mailing_list"
    verbose_name = "Mailing list"
