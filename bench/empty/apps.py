from django.apps import AppConfig


class EmptyConfig(AppConfig):
    name = "bench.empty"
    label = "bench_empty"
    default_auto_field = "django.db.models.BigAutoField"
