"""A number that changes whenever anything public may have changed."""

from uuid import uuid4

from django.db import connection, models
from django.db.models import F

__all__ = ["ContentVersion"]


class ContentVersion(models.Model):
    """One row, whose number rises with every change of content.

    Cached pages are kept under this number. It is raised in the transaction that makes the change,
    so other processes see the new number exactly when they can see the new content, and an old
    cached page can't outlive the commit.

    A transaction that fails gives its number back, and the next one takes it again. What a process keeps from
    inside a transaction goes by the ``stamp``, which never comes twice.
    """

    number = models.PositiveBigIntegerField(default=1)
    stamp = models.UUIDField(default=uuid4, editable=False)

    class Meta:
        verbose_name = "content version"

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> int:
        """The number now. One query, asked on every request: so it is written out."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM core_contentversion WHERE id = 1")
            row = cursor.fetchone()
        return int(row[0]) if row else 0

    @classmethod
    def bump(cls) -> None:
        """Raise the number, in the caller's transaction if there is one."""
        if not cls.objects.filter(pk=1).update(number=F("number") + 1, stamp=uuid4()):
            cls.objects.get_or_create(pk=1)
