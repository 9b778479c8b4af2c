"""What follows from a change of content: cached pages expire, search is brought up to date, publications are logged.

And what doesn't follow from an account: its language and time zone. And what is refused: to delete what others depend
on, and to change accounts and groups that hold more than one's own.
"""

from contextlib import suppress
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_init, post_save, pre_delete, pre_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site
from wagtail.signals import page_slug_changed, post_page_move, published, unpublished
from wagtail.users.models import UserProfile

from nelis.core.change_log import record_publication, record_unpublication
from nelis.core.charts import request_drawing
from nelis.core.charts.cells import CellsError
from nelis.core.deletion import refuse_deletion
from nelis.core.models import ChangeNote, ContentVersion, SearchEntry, SiteRendition, User
from nelis.core.models.workflow import ChangeLogMixin
from nelis.core.privileges import refuse_change, refuse_grant
from nelis.core.search import index_sync
from nelis.core.site_address import follow_base_url
from nelis.core.taken_down import delete_redirects_of, keep_addresses, restore_addresses

#: The packages whose models hold content, and models of others that change what readers see.
OWN_PACKAGES = {"nelis", "sectors", "engagement"}
FOREIGN_CONTENT = {Page, Site, Redirect}
#: Our models that hold none: users, notes, and what is made from content while a page is shown.
NOT_CONTENT = {ChangeNote, ContentVersion, SearchEntry, SiteRendition, User}


def connect() -> None:
    """Connect the handlers. Called once, when the site starts."""
    for signal in (post_save, post_delete):
        signal.connect(bump_content_version, dispatch_uid="bump_content_version")
        signal.connect(reindex_object, dispatch_uid="reindex_object")
    m2m_changed.connect(bump_on_relation_change, dispatch_uid="bump_on_relation_change")
    for signal in (post_page_move, page_slug_changed):
        signal.connect(reindex_tree, dispatch_uid="reindex_tree")
    post_save.connect(reindex_site, sender=Site, dispatch_uid="reindex_site")
    published.connect(log_publication, dispatch_uid="log_publication")
    published.connect(request_charts, dispatch_uid="request_charts")
    unpublished.connect(log_unpublication, dispatch_uid="log_unpublication")
    post_delete.connect(log_deletion, dispatch_uid="log_deletion")
    pre_save.connect(follow_base_url, sender=Site, dispatch_uid="follow_base_url")
    post_init.connect(clear_locale, sender=UserProfile, dispatch_uid="clear_locale")
    pre_delete.connect(before_page_deletion, sender=Page, dispatch_uid="before_page_deletion")
    post_delete.connect(after_page_deletion, sender=Page, dispatch_uid="after_page_deletion")
    pre_delete.connect(refuse_deletion, dispatch_uid="refuse_deletion")
    for model in (User, Group):
        pre_save.connect(refuse_change, sender=model, dispatch_uid=f"refuse_to_save_{model.__name__}")
        pre_delete.connect(refuse_change, sender=model, dispatch_uid=f"refuse_to_delete_{model.__name__}")
    for relation in (User.groups, User.user_permissions, Group.permissions):
        m2m_changed.connect(refuse_grant, sender=relation.through, dispatch_uid=f"refuse_{relation.through.__name__}")


# --- Charts ----------------------------------------------------------------------------------------


def request_charts(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Request the charts in the text of what is published, before anybody reads it."""
    for block in getattr(instance, "body", None) or ():
        if getattr(block, "block_type", "") == "chart":
            with suppress(CellsError):
                request_drawing(block.value.chart)


# --- Cached pages ----------------------------------------------------------------------------------


def is_content(model: type[Model]) -> bool:
    """Return whether a change to an object of ``model`` may change a public page."""
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
    """The same for many-to-many relations, which are saved apart from both ends."""
    if action.startswith("post_") and is_content(type(instance)):
        ContentVersion.bump()


# --- Search ----------------------------------------------------------------------------------------


def reindex_object(sender: type[Model], instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Update the search entry of what was saved, published, unpublished or deleted."""
    if not raw and index_sync.is_searchable(sender):
        index_sync.schedule_update(instance)


def reindex_tree(sender: type[Model], instance: Page, **kwargs: Any) -> None:
    """Update all below a page that moved or got another slug: their URLs changed."""
    ContentVersion.bump()
    index_sync.schedule_tree_update(instance.pk)


def reindex_site(sender: type[Model], instance: Site, **kwargs: Any) -> None:
    """Update all pages of a site: their URLs begin at its root page."""
    index_sync.schedule_tree_update(instance.root_page_id)


# --- Change log ------------------------------------------------------------------------------------


def log_publication(sender: type[Model], instance: Any, revision: Any, **kwargs: Any) -> None:
    """Log a publication. One that is scheduled for later isn't live yet."""
    if isinstance(instance, ChangeLogMixin) and instance.live:
        record_publication(instance, revision)
        delete_redirects_of(instance)


def log_unpublication(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Log that something was unpublished."""
    obj = instance.specific if isinstance(instance, Page) else instance
    # An alias repeats another page, which is still live or has an entry of its own.
    if isinstance(obj, ChangeLogMixin) and not getattr(obj, "alias_of_id", None):
        record_unpublication(obj)


def log_deletion(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Log that a live object was deleted. Wagtail unpublishes pages before it deletes them."""
    if isinstance(instance, ChangeLogMixin) and not isinstance(instance, Page) and instance.live:
        record_unpublication(instance)


def before_page_deletion(sender: type[Model], instance: Page, **kwargs: Any) -> None:
    """Note where a page stood, and what led to it."""
    keep_addresses(instance)


def after_page_deletion(sender: type[Model], instance: Page, **kwargs: Any) -> None:
    """Lead what led to a page to where it is said why there is none."""
    restore_addresses(instance)


# --- Accounts --------------------------------------------------------------------------------------


def clear_locale(sender: type[Model], instance: UserProfile, **kwargs: Any) -> None:
    """Clear the language and time zone of a profile that was loaded, whatever the table holds.

    Wagtail would perform every request of that person in them, and write them into what others read: a frozen
    bulletin, a title, an email.
    """
    instance.preferred_language = instance.current_time_zone = ""
