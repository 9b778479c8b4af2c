"""A system check: without a second factor, staff sign in nowhere but on a machine for demonstration."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

__all__ = ["check_second_factor"]


@register(Tags.security)
def check_second_factor(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse settings that let a password alone open the admin, unless they are for demonstration."""
    if settings.SECOND_FACTOR_REQUIRED or getattr(settings, "DEMONSTRATION", False):
        return []
    return [Error("SECOND_FACTOR_REQUIRED is off: a password alone would open the admin.", id="staff.E001")]
