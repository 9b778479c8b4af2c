"""Where search leads to for a bulletin."""

from engagement.bulletins.models import Bulletin
from nelis.core.search.places import finds

__all__: list[str] = []


@finds("bulletins.Bulletin")
def bulletin(thing: Bulletin) -> str:
    """Its page in the archive, once it is being sent."""
    return thing.get_absolute_url() if thing.is_on_the_web else ""
