"""The directory in the admin: organisations, places, contacts; and what must stay."""

from sectors.admin import deletion  # noqa: F401 - registers itself
from sectors.admin.viewsets import DirectoryGroup

__all__ = ["DirectoryGroup"]
