"""Where a test puts a backend of its own."""

from django.core.mail.backends.locmem import EmailBackend

__all__ = ["EmailBackend"]
