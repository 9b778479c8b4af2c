"""A page whose published versions are kept, each at an address of its own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.contrib.routable_page.models import RoutablePageMixin, path, re_path

from nelis.core.models import ChangeEntry
from sectors.versions import views
from sectors.versions.publish import keep_version

__all__ = ["VersionedPage"]


class VersionedPage(RoutablePageMixin):
    """Adds the addresses below the page's own: ``history/``, ``v1/``, ``compare/?from=1&to=2``."""

    @path("history/", name="history")
    def history(self, request: HttpRequest) -> HttpResponse:
        """Every version with what changed."""
        return views.history(request, self)

    @re_path(r"^v(\d{1,9})/$", name="version")
    def version(self, request: HttpRequest, number: str) -> HttpResponse:
        """One version as it was published."""
        return views.version(request, self, number)

    @path("compare/", name="compare")
    def compare(self, request: HttpRequest) -> HttpResponse:
        """What changed between any two."""
        return views.comparison(request, self)

    def went_live(self, entry: ChangeEntry) -> None:
        """Keep what was published, if a version is due."""
        keep_version(self, entry)

    def history_url(self) -> str:
        """Where the versions are listed."""
        return f"{self.url}{self.reverse_subpage('history')}"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["versions"] = views.listed(self)
        return context
