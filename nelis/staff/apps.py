from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "nelis.staff"
    label = "staff"
    verbose_name = "Staff"

    def ready(self) -> None:
        """Connect what starts a session, and register the system check."""
        from nelis.staff import checks, sessions  # noqa: F401 - checks register themselves

        sessions.connect()
