"""What the site changes in Wagtail for every app."""

from typing import Any

from wagtail import hooks

from nelis.core.richtext import LivePageLinkHandler


# After Wagtail's own, so that ours is the one that counts.
@hooks.register("register_rich_text_features", order=10)
def register_page_links(features: Any) -> None:
    """Links to pages are looked up all at once."""
    features.register_link_type(LivePageLinkHandler)
