"""Sign-ins that failed: what limits guessing, and what administrators see of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from nelis.core.models.abstract import NonContentModel

__all__ = ["FailedSignIn"]


class FailedSignIn(NonContentModel):
    """A wrong password or a wrong code. Holds neither what was typed nor an IP address."""

    class Step(models.TextChoices):
        PASSWORD = "password", "Password"
        SECOND_FACTOR = "second-factor", "Second factor"

    at = models.DateTimeField(default=timezone.now, db_index=True)
    step = models.CharField(max_length=20, choices=Step.choices)
    #: Empty when nobody has the name that was typed, which may be a password in the wrong box.
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    #: Keyed hashes, by which attempts are counted.
    account_hash = models.CharField(max_length=64)
    network_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "failed sign-in"
        indexes = [
            models.Index(fields=["account_hash", "at"], name="failed_by_account"),
            models.Index(fields=["network_hash", "at"], name="failed_by_network"),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}, {self.at:%Y-%m-%d %H:%M}"

    @property
    def network_label(self) -> str:
        """A short name for the network, which tells whether two attempts came from the same."""
        return self.network_hash[:6]
