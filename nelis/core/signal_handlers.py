"""What follows from a change of content: kept pages are renewed, and search is brought up to date."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction, Site
from wagtail.signals import page_slug_changed, post_page_move, published, unpublished

from nelis.core.change_log import record_publication, record_unpublication
from nelis.core.models import ChangeNote, ContentVersion, SearchEntry, SiteRendition, User
from nelis.core.models.workflow import ChangeLogMixin
from nelis.core.search import index_sync

__all__ = ["connect"]

#: The packages whose models hold content, and models of others that change what readers see.
OWN_PACKAGES = {"nelis", "sectors", "engagement"}
FOREIGN_CONTENT = {Page, Site, PageViewRestriction, CollectionViewRestriction, Redirect}
#: Ours, but not content: people, bookkeeping, and what is made from content while a page is shown.
NOT_CONTENT = {ChangeNote, ContentVersion, SearchEntry, SiteRendition, User}


def connect() -> None:
    """Listen. Called once, when the site starts."""
    for signal in (post_save, post_delete):
        signal.connect(bump_content_version, dispatch_uid="content_changed")
    m2m_changed.connect(bump_on_relation_change, dispatch_uid="relation_changed")
    post_save.connect(index_saved, dispatch_uid="search_saved")
    post_delete.connect(index_deleted, dispatch_uid="search_deleted")
    for signal in (post_page_move, page_slug_changed):
        signal.connect(reindex_tree, dispatch_uid="tree_changed")
    for signal in (post_save, post_delete):
        signal.connect(reindex_restricted, sender=PageViewRestriction, dispatch_uid="restriction_changed")
    published.connect(log_publication, dispatch_uid="put_up")
    unpublished.connect(log_unpublication, dispatch_uid="taken_down")
    post_delete.connect(log_deletion, dispatch_uid="gone")
    post_save.connect(reindex_site, sender=Site, dispatch_uid="site_changed")


def is_content(model: type[Model]) -> bool:
    """Whether a change to an object of ``model`` may change a public page."""
    # The classes themselves, not their names: migrations save stand-ins before our tables exist.
    if model in FOREIGN_CONTENT:
        return True
    ours = model.__module__.split(".")[0] in OWN_PACKAGES
    return ours and model not in NOT_CONTENT and getattr(model, "invalidates_pages", True)


def bump_content_version(sender: type[Model], **kwargs: Any) -> None:
    """Raise the content version in the transaction of the change."""
    if is_content(sender):
        ContentVersion.bump()


def bump_on_relation_change(sender: type[Model], action: str, instance: Any, **kwargs: Any) -> None:
    """The same for links between many and many, which are saved apart from both ends."""
    if action.startswith("post_") and is_content(type(instance)):
        ContentVersion.bump()


def index_saved(sender: type[Model], instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Publishing, unpublishing and editing all save the object: its entry follows."""
    if not raw and index_sync.is_searchable(sender):
        index_sync.schedule_update(instance)


def index_deleted(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """What is gone can't be found."""
    if index_sync.is_searchable(sender):
        index_sync.schedule_update(instance)


def log_publication(sender: type[Model], instance: Any, revision: Any, **kwargs: Any) -> None:
    """Every publication is written down in its own transaction. One that is to go live later isn't live yet."""
    if isinstance(instance, ChangeLogMixin) and instance.live:
        instance.after_publish(record_publication(instance, revision))


def log_unpublication(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Readers are told of what they can't read any more."""
    thing = instance.specific if isinstance(instance, Page) else instance
    # An alias repeats another page, which is still there or is told of itself.
    if isinstance(thing, ChangeLogMixin) and not getattr(thing, "alias_of_id", None):
        record_unpublication(thing)


def log_deletion(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """The same, when it was deleted while it was published. Wagtail takes pages down before it deletes them."""
    if isinstance(instance, ChangeLogMixin) and not isinstance(instance, Page) and instance.live:
        record_unpublication(instance)


def reindex_tree(sender: type[Model], instance: Page, **kwargs: Any) -> None:
    """A page moved or was renamed: so did everything below it."""
    ContentVersion.bump()
    index_sync.schedule_tree_update(instance.pk)


def reindex_restricted(sender: type[Model], instance: PageViewRestriction, **kwargs: Any) -> None:
    """A part of the site was closed to the public, or opened."""
    # Not the page itself: it may be what is being deleted.
    index_sync.schedule_tree_update(instance.page_id)


def reindex_site(sender: type[Model], instance: Site, **kwargs: Any) -> None:
    """Addresses start from the site's first page."""
    index_sync.schedule_tree_update(instance.root_page_id)
