"""What users may do with a page: what Wagtail lets them, without what this site doesn't offer."""

from typing import Any

from wagtail.models import PagePermissionTester

from nelis.core.workflow import draft_authors

__all__ = ["PagePermissions"]


class PagePermissions(PagePermissionTester):
    """Wagtail's answers, some of them narrower. Moving a page asks the same as deleting it."""

    def can_copy(self) -> bool:
        """Return whether the page can be copied: not one of which a site has a single one."""
        return self.page.specific_class.max_count is None and bool(super().can_copy())

    def can_set_view_restrictions(self) -> bool:
        """Return no: everything published is public (``nelis.core.privacy``)."""
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Return whether the page may be deleted with all below it. Nobody deletes a colleague's draft.

        What was ever published takes the right to publish. A draft that never was is deleted by its only author, or by
        whoever may delete pages with others below them.
        """
        if not super().can_delete(ignore_bulk):
            return False
        if self.user.is_superuser or "publish" in self.permissions:
            return True
        drafts = self.page.get_descendants(inclusive=True)
        if drafts.filter(first_published_at__isnull=False).exists():
            return False
        return "bulk_delete" in self.permissions or all(self.is_own(draft) for draft in drafts)

    def is_own(self, draft: Any) -> bool:
        """Return whether the user made a draft, and nobody else wrote in it."""
        return draft.owner_id == self.user.pk and draft_authors(draft) <= {self.user.pk}
