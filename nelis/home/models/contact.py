"""Whom to ask."""

from typing import Any, ClassVar

from nelis.evidence.models import EvidencedPage
from sectors.models import Contact

__all__ = ["ContactPage"]


class ContactPage(EvidencedPage):
    """The people to ask, from the directory of contacts."""

    kind = "Contact"
    template = "pages/contact.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1
    page_description = "Lists the people to ask. One for the whole site."

    class Meta:
        verbose_name = "contact page"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["contacts"] = list(Contact.objects.filter(live=True).select_related("organisation"))
        return context
