"""Where search leads to for a bulletin."""

from engagement.bulletins.models import Bulletin
from nelis.core.search.urls import url_resolver

__all__: list[str] = []


@url_resolver("bulletins.Bulletin")
def bulletin(thing: Bulletin) -> str:
    """Its page in the archive, once it is being sent."""
    return thing.get_absolute_url() if thing.is_on_the_web else ""
