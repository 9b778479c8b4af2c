"""The directory in the admin: organisations, places, contacts."""

from sectors.admin.viewsets import DirectoryGroup

__all__ = ["DirectoryGroup"]
