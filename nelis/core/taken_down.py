"""What is written down when something is taken down, so that its address says why, and what ends it.

The change log has an entry with the reason; a redirect leads readers elsewhere if a page was chosen. Publishing it
again ends both: an address that is answered isn't looked for (``former_addresses``).
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from nelis.core.change_log import address_of, record_unpublication
from nelis.core.models import ChangeEntry, ContentVersion

__all__ = ["delete_redirects_of", "explain", "keep_addresses", "key_of", "restore_addresses"]

NOTE_LENGTH = ChangeEntry._meta.get_field("note").max_length
LINK_LENGTH = Redirect._meta.get_field("redirect_link").max_length

Key = tuple[int, int]


def key_of(obj: Any) -> Key:
    """Return content type and primary key, by which the change log knows ``obj``."""
    is_page = isinstance(obj, Page)
    return (obj.content_type_id if is_page else ContentType.objects.get_for_model(obj).pk, obj.pk)


@transaction.atomic
def explain(keys: Iterable[Key], since: int, reason: str, target: Page | None) -> None:
    """Add ``reason`` to the entries about ``keys`` after the entry ``since``; lead their readers to ``target``."""
    entries = ChangeEntry.objects.filter(kind=ChangeEntry.Kind.WITHDRAWN, pk__gt=since)
    wanted = set(keys)
    found = [entry for entry in entries if (entry.content_type_id, entry.object_id) in wanted]
    if target is not None:
        reason = reason or f"Its address leads to “{target.title}” now."
        site = Site.objects.filter(is_default_site=True).first()
        for entry in found:
            Redirect.objects.update_or_create(
                old_path=Redirect.normalise_path(entry.path),
                site=site,
                defaults={"redirect_page": target, "automatically_created": False, "is_permanent": True},
            )
    ChangeEntry.objects.filter(pk__in=[entry.pk for entry in found]).update(note=reason[:NOTE_LENGTH])
    ContentVersion.bump()


def delete_redirects_of(obj: Any) -> None:
    """Delete the redirects that led readers away from ``obj`` while it was down."""
    if path := address_of(obj):
        Redirect.objects.filter(old_path=Redirect.normalise_path(path), automatically_created=False).delete()


def keep_addresses(page: Page) -> None:
    """Before ``page`` is deleted, note its former addresses, and log that it goes if that wasn't done."""
    content_type, pk = key_of(page)
    entries = ChangeEntry.objects.filter(content_type=content_type, object_id=pk, kind=ChangeEntry.Kind.WITHDRAWN)
    was_public = bool(page.live or page.first_published_at or entries.exists())
    # A page that is live is unpublished by Wagtail, which logs it.
    if was_public and not page.live and not entries.exists():
        record_unpublication(page.specific)
    page._former_redirects = list(Redirect.objects.filter(redirect_page=pk)) if was_public else []
    page._former_url = page.full_url or ""


def restore_addresses(page: Page) -> None:
    """After ``page`` was deleted, and its redirects with it: lead them to where it stood, which says why it is gone."""
    url = page._former_url
    if not 0 < len(url) <= LINK_LENGTH:
        return
    Redirect.objects.bulk_create(
        [
            Redirect(
                old_path=redirect.old_path,
                site_id=redirect.site_id,
                is_permanent=redirect.is_permanent,
                automatically_created=redirect.automatically_created,
                redirect_link=url,
            )
            for redirect in page._former_redirects
        ]
    )
