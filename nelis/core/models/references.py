"""References that a page has for good, and what a copy of a page leaves behind."""

from itertools import chain, count
from typing import Any, ClassVar

from django.db import models

#: What belongs to a page in particular, whatever its type: when it is published, and who locked it.
NOT_COPIED = ["go_live_at", "expire_at", "expired", "locked", "locked_at", "locked_by"]


class PermanentReferenceMixin(models.Model):
    """A page with a reference that nothing else ever has.

    A draft that is saved without one gets the next that is free, so that a page can be copied, with what is below it
    too, and so that two drafts can wait for theirs. The page's ``exclude_fields_in_copy`` names the field.
    """

    #: The field, which is unique.
    reference_field: ClassVar[str] = "ref"
    #: What a reference begins with, followed by a number. Empty: the slug, and a number only where that is taken.
    reference_stem: ClassVar[str] = ""

    slug: str

    class Meta:
        abstract = True

    @property
    def permanent_fields(self) -> tuple[str]:
        """The fields that can't be changed any more once the page was public."""
        return (self.reference_field,)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the page, with a free reference if it has none."""
        if not getattr(self, self.reference_field):
            setattr(self, self.reference_field, self.free_reference())
        super().save(*args, **kwargs)

    def free_reference(self) -> str:
        """Return the reference after the highest that begins alike; the lowest free one where that is too long."""
        field: Any = self._meta.get_field(self.reference_field)
        stem = self.reference_stem or self.slug[: field.max_length - 5]
        alike = {f"{self.reference_field}__startswith": stem}
        taken = set(type(self)._base_manager.filter(**alike).values_list(self.reference_field, flat=True))
        if not self.reference_stem:
            if stem not in taken:
                return stem
            stem = f"{stem}-"
        numbers = [int(ref[len(stem) :]) for ref in taken if ref[len(stem) :].isdecimal()]
        candidates = (f"{stem}{number}" for number in chain([max(numbers, default=0) + 1], count(1)))
        return next(ref for ref in candidates if ref not in taken and len(ref) <= field.max_length)
