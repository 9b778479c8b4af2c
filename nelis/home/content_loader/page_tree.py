"""Pages put into the tree: the home page at its root, the others under the page above them."""

from typing import Any

from wagtail.models import Page, Site

from nelis.home.content_loader.plan import Plan

__all__ = ["HOME_PATH", "delete_default_page", "place_page"]

HOME_PATH = "/"


def place_page(page: Page, plan: Plan, parent: Page | None) -> int:
    """Save ``page``, which is new and not yet live, where ``plan`` says.

    ``parent`` is the page above it; None for the home page, which becomes the root of the default
    site. Returns the page's primary key.
    """
    page.live = False
    page.has_unpublished_changes = True
    if parent is not None:
        page.slug = plan.slug
        parent.add_child(instance=page)
        return page.pk
    page.slug = "home"
    root = Page.get_first_root_node()
    for other in root.get_children().filter(slug="home"):
        # Wagtail's own first page has this slug. It stays until nothing points to it.
        other.slug = f"home-{other.pk}"
        other.save(update_fields=["slug"])
    root.refresh_from_db()
    root.add_child(instance=page)
    site, created = Site.objects.get_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "root_page": page, "site_name": page.title},
    )
    if not created:
        site.root_page = page
        site.site_name = site.site_name or page.title
        site.save()
    return page.pk


def delete_default_page() -> None:
    """Delete the page that Wagtail makes with a new database, once no site begins there."""
    in_use = set(Site.objects.values_list("root_page_id", flat=True))
    for page in Page.get_first_root_node().get_children():
        is_first: Any = page.cached_content_type.model_class() is Page
        if is_first and page.pk not in in_use and page.is_leaf():
            page.delete()
