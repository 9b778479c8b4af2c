"""Findings as lists show them: by kind and, where they are about several pages, by what they are about. No queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.text import slugify

from nelis.evidence.models import Finding

#: The heading of each kind when there may be several.
KIND_TITLES = {
    Finding.Kind.CONTEXT: "The position",
    Finding.Kind.STRENGTH: "Strengths",
    Finding.Kind.CONSTRAINT: "Constraints",
    Finding.Kind.RECOMMENDATION: "Recommendations",
    Finding.Kind.WHAT_WORKS: "What works",
}


@dataclass(slots=True)
class FindingGroup:
    """Findings of one kind, in order, under the heading ``title`` with the permanent fragment ``anchor``."""

    title: str
    anchor: str
    findings: list[Finding] = field(default_factory=list)

    @property
    def responses(self) -> int:
        """How many of them a proposition responds to; one that only counts against a proposition has no response."""
        return sum(finding_response(finding) == "for" for finding in self.findings)


def finding_response(finding: Finding) -> str:
    """What came of a finding with ``led_to``: for when a proposition responds, against, or nothing."""
    senses = {group.sense for group in getattr(finding, "led_to", None) or ()}
    return "for" if senses - {"against"} else "against" if senses else ""


def group_findings(findings: Iterable[Finding]) -> list[FindingGroup]:
    """``findings``, whose subjects are fetched, by kind; by kind and subject when they are about more than one page."""
    listed = list(findings)
    several = len({finding.subject_id for finding in listed}) > 1
    groups: dict[tuple[int, int | None], FindingGroup] = {}
    order = {kind: number for number, kind in enumerate(KIND_TITLES)}
    for finding in sorted(listed, key=lambda each: order[Finding.Kind(each.kind)]):
        kind = Finding.Kind(finding.kind)
        key = (order[kind], finding.subject_id if several else None)
        if key not in groups:
            title, anchor = KIND_TITLES[kind], slugify(KIND_TITLES[kind].removeprefix("The "))
            if several and finding.subject:
                title = f"{title} in {finding.subject.title.lower()}"
                anchor = f"{anchor}-{finding.subject.slug}"
            groups[key] = FindingGroup(title, anchor)
        groups[key].findings.append(finding)
    return [groups[key] for key in groups]
