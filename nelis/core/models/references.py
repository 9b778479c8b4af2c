"""References that a page has for good, slugs that nothing has yet, and what a copy of a page leaves behind."""

import re
from itertools import chain, count
from typing import Any, ClassVar

from django.db import models

#: What belongs to a page in particular, whatever its type: when it is published, and who locked it.
NOT_COPIED = ["go_live_at", "expire_at", "expired", "locked", "locked_at", "locked_by"]


def free_slug(model: type[models.Model], slug: str) -> str:
    """Return ``slug`` with the first number from 2 on that no object of ``model`` has: none takes another's address."""
    field: Any = model._meta.get_field("slug")
    # With room for the number.
    stem = re.sub(r"-\d+$", "", slug)[: field.max_length - 4].rstrip("-")
    taken = set(model._default_manager.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(name for number in count(2) if (name := f"{stem}-{number}") not in taken)


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
