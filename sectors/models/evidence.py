"""The list of findings, and the list of gaps: what the evidence led to, and where it led to nothing."""

from typing import Any, ClassVar

from nelis.core.listing import Facet, Option, Row, build_listing
from nelis.evidence.models import EvidencedIndexPage, Finding
from sectors.evidence_links import attach_led_to
from sectors.gaps import find_gaps

__all__ = ["FindingIndexPage", "GapsPage"]


class FindingIndexPage(EvidencedIndexPage):
    """All findings with what each led to, filtered by the query string."""

    kind = "List"
    template = "pages/finding_index.html"
    parent_page_types = ["evidence.EvidenceIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1
    page_description = "Lists every finding and what it led to. One for the whole site."

    class Meta:
        verbose_name = "list of findings"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        findings = list(Finding.objects.filter(live=True).select_related("subject", "source"))
        attach_led_to(findings)
        subjects = {one.subject.slug: one.subject.title for one in findings if one.subject}
        rows = [
            Row(
                one.pk,
                {
                    "kind": frozenset([one.kind]),
                    "about": frozenset([one.subject.slug] if one.subject else []),
                    "led": frozenset(["to-something" if one.led_to else "to-nothing"]),
                },
            )
            for one in findings
        ]
        facets = [
            Facet("kind", "Kind", [Option(str(value), str(label)) for value, label in Finding.Kind.choices]),
            Facet("about", "About", [Option(slug, title) for slug, title in subjects.items()]),
            Facet("led", "Led to", [Option("to-something", "A proposition"), Option("to-nothing", "Nothing yet")]),
        ]
        listing = build_listing(rows, facets, request.GET, per_page=500)
        shown = set(listing.page.object_list)
        context["listing"] = listing
        context["groups"] = [
            (label, members)
            for value, label in Finding.Kind.choices
            if (members := [one for one in findings if one.kind == value and one.pk in shown])
        ]
        return context


class GapsPage(EvidencedIndexPage):
    """Where the line from evidence to proposition breaks off. Computed; only the introduction is edited."""

    kind = "List"
    template = "pages/gaps.html"
    parent_page_types = ["evidence.EvidenceIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1
    page_description = "Lists what is missing, computed from all that is published. One for the whole site."

    class Meta:
        verbose_name = "list of gaps"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["groups"] = find_gaps()
        return context
