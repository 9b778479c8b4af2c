"""Evidence in the admin: sources, figures, findings, areas."""

from nelis.evidence.admin.viewsets import EvidenceGroup

__all__ = ["EvidenceGroup"]
