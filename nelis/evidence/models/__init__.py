from nelis.evidence.models.findings import Finding
from nelis.evidence.models.pages import EvidencedIndexPage, EvidencedPage, EvidenceIndexPage
from nelis.evidence.models.sources import PageSource, Source
from nelis.evidence.models.statistics import GeoArea, PageStatistic, Statistic

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
]
