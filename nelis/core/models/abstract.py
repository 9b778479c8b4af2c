"""Abstract models for records: rows that are never changed, rows that no page shows, and audit events (both)."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone


class AppendOnlyError(TypeError):
    """Raised on an attempt to change or delete an append-only row."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Refuse bulk updates and deletes."""

    def update(self, **values: Any) -> int:
        raise self._error("edited")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise self._error("edited")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise self._error("deleted")

    def _error(self, action: str) -> AppendOnlyError:
        return AppendOnlyError(f"No {self.model._meta.verbose_name} can be {action}.")


class AppendOnlyModel(models.Model):
    """A row that is written once, and neither edited nor deleted."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row. Raise AppendOnlyError for an update."""
        if not self._state.adding:
            raise AppendOnlyError(f"No {self._meta.verbose_name} can be edited.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(f"No {self._meta.verbose_name} can be deleted.")


class NonContentModel(models.Model):
    """A row that no public page is made from: saving it doesn't invalidate cached pages."""

    invalidates_pages = False

    class Meta:
        abstract = True


class AuditEvent(AppendOnlyModel, NonContentModel):
    """One thing that was done: what, when, by whom, and why. A subclass adds the field that says to what."""

    #: The name of that field.
    subject_field: ClassVar[str]

    at = models.DateTimeField(default=timezone.now)
    #: Empty where the site did it by itself.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    #: A word from a fixed list, such as ``edited`` or ``approved``.
    action = models.CharField(max_length=40)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.action}, {self.at:%Y-%m-%d}"

    @classmethod
    def write(cls, subject: Any, action: str, by: Any = None, note: str = "", **fields: Any) -> Self:
        """Add an event, in the caller's transaction. ``fields`` are those of the subclass."""
        values = {cls.subject_field: subject, "action": action, "by": by, "note": note[:300]}
        event = cls(**values, **fields)
        event.save(force_insert=True)
        return event
