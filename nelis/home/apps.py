from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "nelis.home"
    label = "home"
    verbose_name = "Site pages"

    def ready(self) -> None:
        """Make what is edited in the admin known from the start: commands and tests refer to it too."""
        from nelis.home import wagtail_hooks  # noqa: F401 - registers itself
