"""A page whose published versions are kept, each at an address of its own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.contrib.routable_page.models import RoutablePageMixin, path, re_path

from nelis.core.models import ChangeEntry
from sectors.versions import views
from sectors.versions.publish import create_version_if_due

__all__ = ["VersionedPageMixin"]


class VersionedPageMixin(RoutablePageMixin):
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
        return views.compare_versions(request, self)

    def after_publish(self, entry: ChangeEntry) -> None:
        """Keep what was published, if a version is due."""
        create_version_if_due(self, entry)

    def history_url(self) -> str:
        """Where the versions are listed."""
        return f"{self.url}{self.reverse_subpage('history')}"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["versions"] = views.version_list(self)
        return context
