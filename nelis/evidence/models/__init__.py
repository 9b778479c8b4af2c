from nelis.evidence.models.findings import Finding
from nelis.evidence.models.pages import EvidencedIndexPage, EvidencedPage, EvidenceIndexPage
from nelis.evidence.models.series import (
    Indicator,
    Observation,
    Series,
    SeriesBreak,
    SeriesPart,
    Vintage,
)
from nelis.evidence.models.sources import PageSource, Source
from nelis.evidence.models.statistics import AreaCode, GeoArea, PageStatistic, Statistic
from nelis.evidence.models.uploads import UploadedFigures

__all__ = [
    "AreaCode",
    "EvidenceIndexPage",
    "EvidencedIndexPage",
    "EvidencedPage",
    "Finding",
    "GeoArea",
    "Indicator",
    "Observation",
    "PageSource",
    "PageStatistic",
    "Series",
    "SeriesBreak",
    "SeriesPart",
    "Source",
    "Statistic",
    "UploadedFigures",
    "Vintage",
]
