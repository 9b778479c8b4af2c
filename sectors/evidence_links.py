"""Evidence links, from a finding to a proposition, as pages show them from either end."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nelis.core import svg_geometry
from nelis.core.query_utils import long_text_fields
from nelis.evidence.models import Finding
from sectors.models import EvidenceLink

#: How a link reads from the finding's end.
RELATION_LABELS = {
    EvidenceLink.Relation.ADDRESSES: "Addressed by",
    EvidenceLink.Relation.BUILDS_ON: "Built on by",
    EvidenceLink.Relation.IMPLEMENTS: "Carried out by",
    EvidenceLink.Relation.CHALLENGES: "Counts against",
    EvidenceLink.Relation.CONTEXT: "Context for",
}


@dataclass(slots=True)
class LinkGroup:
    """What a finding led to in one way: a label such as "Addressed by", and the links to propositions."""

    label: str
    links: list[EvidenceLink]

    @property
    def mark(self) -> str:
        """How sure these links are, as the least sure of them."""
        return "inferred" if any(link.is_inferred for link in self.links) else "stated"

    @property
    def sense(self) -> str:
        """Whether the finding speaks for these propositions or against them; empty for mere context."""
        return self.links[0].sense


def attach_led_to(findings: Iterable[Finding]) -> None:
    """Give each of ``findings`` a list ``led_to`` of what it led to; empty when that is nothing yet. One query."""
    by_key = {finding.pk: finding for finding in findings}
    groups: dict[int, dict[str, list[EvidenceLink]]] = {key: {} for key in by_key}
    deferred = long_text_fields(EvidenceLink._meta.get_field("page").related_model, "page")
    links = EvidenceLink.objects.filter(finding__in=by_key, page__live=True).select_related("page").defer(*deferred)
    for link in links.order_by("page__path"):
        groups[link.finding_id].setdefault(link.relation, []).append(link)
    for key, finding in by_key.items():
        finding.led_to = [
            LinkGroup(label, groups[key][relation])
            for relation, label in RELATION_LABELS.items()
            if relation in groups[key]
        ]


def evidence_links_of(proposition: Any) -> list[EvidenceLink]:
    """The live findings behind a proposition and against it, in its editor's order. One query."""
    links = proposition.evidence_links.select_related("finding__subject", "finding__source").all()
    return [link for link in links if link.finding.live]


def evidence_chain(proposition: Any, links: list[EvidenceLink], outcomes: list[Any]) -> dict[str, Any]:
    """Evidence, proposition and what would measure it, for the component of that name."""
    left = [
        {
            "ref": link.finding.ref,
            "title": link.finding.headline,
            "url": link.finding.url,
            "mark": link.basis,
            "sense": link.sense,
            "words": link.get_relation_display(),
            "note": link.get_confidence_display() or "Stated in a source",
        }
        for link in links
    ] or [{"title": "No finding held", "mark": "missing", "words": "Nothing behind it yet"}]
    right = [{"title": outcome.text, "mark": "stated", "words": "Stated in a source"} for outcome in outcomes] or [
        {"title": "What it would be measured by", "mark": "missing", "words": "Not yet published"}
    ]
    return {
        "left": {"heading": "Evidence", "lines": left},
        "right": {"heading": "Measured by", "lines": right},
        "node": {"ref": proposition.ref, "title": proposition.title, "heading": "Proposition"},
        "into": svg_geometry.spokes(
            [line["mark"] for line in left],
            inward=True,
            stopped={number for number, line in enumerate(left) if line.get("sense") == "against"},
        ),
        "out": svg_geometry.spokes([line["mark"] for line in right], inward=False),
    }
