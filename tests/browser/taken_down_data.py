"""A page that was public and is gone, on a served site."""

from nelis.core.models import ChangeEntry
from nelis.home.models import HomePage, StandardPage

PATH = "/a-page-that-is-gone/"
REASON = "It named somebody who had not agreed to be named, and is being written again."


def take_a_page_down() -> str:
    """Publish a page and take it down again, once. Return its path."""
    if not StandardPage.objects.filter(slug=PATH.strip("/")).exists():
        page = StandardPage(title="A page", slug=PATH.strip("/"), summary="It is gone.", live=False)
        HomePage.objects.get().add_child(instance=page)
        page.save_revision().publish()
        StandardPage.objects.get(pk=page.pk).unpublish()
        ChangeEntry.objects.filter(path=PATH).update(note=REASON)
    return PATH
