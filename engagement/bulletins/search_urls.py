"""The address that a search result for a bulletin leads to."""

from engagement.bulletins.models import Bulletin
from nelis.core.search.urls import register_section, url_resolver

__all__: list[str] = []


@url_resolver("bulletins.Bulletin")
def bulletin_url(bulletin: Bulletin) -> str:
    """Return its page in the archive, once it is being sent."""
    return bulletin.get_absolute_url() if bulletin.is_on_the_web else ""


register_section("bulletins:archive", "Bulletins", "The newsletters that were sent to the mailing list.")
