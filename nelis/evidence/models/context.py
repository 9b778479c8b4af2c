"""What stands around a page's own fields: its figures, its sources, the pages beside it."""

from collections.abc import Iterable
from typing import Any, ClassVar

from wagtail.models import Page

from nelis.core.navigation import section_pages
from nelis.evidence.page_sources import body_statistics, not_in_text, page_sources, page_statistics

__all__ = ["EvidenceContextMixin"]


class EvidenceContextMixin:
    """Adds to the context of an evidenced page what stands around its own fields.

    ``statistics``: its headline figures that its text doesn't set already, rivals together.
    ``sources``: its own sources and those of every figure on it, each once.
    ``section``: the pages beside it, the section's opening page first, when ``in_section``.
    Three queries; one less outside a section.
    """

    #: Whether pages of this type link to the others of their section.
    in_section: ClassVar[bool] = False

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        page: Any = self
        below = list(self.pages_with_figures())
        by_page = page_statistics([page, *below])
        headline = by_page[page.pk]
        for other in below:
            other.statistics = by_page[other.pk]
        in_text = body_statistics(page)
        context["statistics"] = not_in_text(headline, in_text)
        shown = [item for statistics in by_page.values() for item in statistics]
        context["sources"] = page_sources(page, [*shown, *in_text])
        context["section"] = section_pages(page) if self.in_section else []
        context["pages_with_figures"] = below
        return context

    def pages_with_figures(self) -> Iterable[Page]:
        """Further pages whose headline figures this page shows; each gets them as ``statistics``."""
        return ()
