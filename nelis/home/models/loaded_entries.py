"""What the content loader has put in, so that it never undoes an editor's work."""

from django.db import models

__all__ = ["LoadedEntry"]


class LoadedEntry(models.Model):
    """One entry of the content files as it was last loaded.

    ``file_hash`` is of the entry as written, ``state_hash`` of the object it became. When the object's
    state no longer matches, somebody has edited it since, and the loader leaves it alone.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    object_pk = models.PositiveBigIntegerField()
    file_hash = models.CharField(max_length=64)
    state_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="loaded_entry_once")]
        verbose_name_plural = "loaded entries"

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
