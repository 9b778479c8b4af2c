from sectors.models.challenges import GrandChallengeIndexPage, GrandChallengePage, PriorityArea
from sectors.models.deals import Commitment, SectorDealIndexPage, SectorDealPage
from sectors.models.directory import Contact, Organisation, Place
from sectors.models.evidence_links import EvidenceLink
from sectors.models.foundations import FoundationIndexPage, FoundationPage
from sectors.models.links import Basis, Confidence, OrganisationRole, StrategyLink
from sectors.models.organisations import OrganisationIndexPage
from sectors.models.projects import ProjectIndexPage, ProjectPage
from sectors.models.propositions import (
    Ask,
    Component,
    OtherName,
    Outcome,
    PropositionIndexPage,
    PropositionPage,
)
from sectors.models.sectors import SectorIndexPage, SectorPage, SubSectorPage
from sectors.models.versions import PropositionVersion
from sectors.stages import Stage

# These ask all of the others.
from sectors.models.evidence import FindingIndexPage, GapsPage  # isort: skip
from sectors.models.explorer import ExplorerPage  # isort: skip
from sectors.models.changes import ChangesPage  # isort: skip

__all__ = [
    "Ask",
    "Basis",
    "ChangesPage",
    "Commitment",
    "Component",
    "Confidence",
    "Contact",
    "EvidenceLink",
    "ExplorerPage",
    "FindingIndexPage",
    "FoundationIndexPage",
    "FoundationPage",
    "GapsPage",
    "GrandChallengeIndexPage",
    "GrandChallengePage",
    "Organisation",
    "OrganisationIndexPage",
    "OrganisationRole",
    "OtherName",
    "Outcome",
    "Place",
    "PriorityArea",
    "ProjectIndexPage",
    "ProjectPage",
    "PropositionIndexPage",
    "PropositionPage",
    "PropositionVersion",
    "SectorDealIndexPage",
    "SectorDealPage",
    "SectorIndexPage",
    "SectorPage",
    "Stage",
    "StrategyLink",
    "SubSectorPage",
]
