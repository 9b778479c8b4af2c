from nelis.evidence.models.areas import GeoArea
from nelis.evidence.models.findings import Finding
from nelis.evidence.models.pages import EvidencedIndexPage, EvidencedPage, EvidenceIndexPage
from nelis.evidence.models.sources import PageSource, Source
from nelis.evidence.models.statistics import PageStatistic, Statistic, attach_rivals

__all__ = [
    "EvidenceIndexPage",
    "EvidencedIndexPage",
    "EvidencedPage",
    "Finding",
    "GeoArea",
    "PageSource",
    "PageStatistic",
    "Source",
    "Statistic",
    "attach_rivals",
]
