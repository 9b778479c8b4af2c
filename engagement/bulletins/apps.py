from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "engagement.bulletins"
    label = "bulletins"
    verbose_name = "Bulletins"
