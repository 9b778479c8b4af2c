"""People who sign in: staff who write, check, approve and publish."""

from django.contrib.auth.models import AbstractUser

__all__ = ["User"]


class User(AbstractUser):
    """A member of staff. Visitors and subscribers never have an account."""
