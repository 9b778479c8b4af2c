"""Two habits of tables that keep account: rows that are never changed, and rows that no page shows."""

from typing import Any

from django.db import models

__all__ = ["AppendOnlyError", "AppendOnlyModel", "NonContentModel"]


class AppendOnlyError(TypeError):
    """Raised on any attempt to change or delete a row that is there for good."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that can be read and added to."""

    def update(self, **values: Any) -> int:
        raise self._error("edited")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise self._error("edited")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise self._error("deleted")

    def _error(self, what: str) -> AppendOnlyError:
        return AppendOnlyError(f"No {self.model._meta.verbose_name} can be {what}.")


class AppendOnlyModel(models.Model):
    """A row that is written once, and neither edited nor deleted."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row. Raises AppendOnlyError for one that is there already."""
        if not self._state.adding:
            raise AppendOnlyError(f"No {self._meta.verbose_name} can be edited.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(f"No {self._meta.verbose_name} can be deleted.")


class NonContentModel(models.Model):
    """A row that no public page is made from: writing it leaves the kept pages as they are."""

    invalidates_pages = False

    class Meta:
        abstract = True
