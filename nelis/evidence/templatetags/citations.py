"""Tags that set how to cite a figure, a finding or a publication."""

from collections.abc import Iterable
from typing import Any

from django import template

from nelis.evidence import citation_text

register = template.Library()

COMPONENT = "components/cite.html"


@register.inclusion_tag(COMPONENT)
def cite_figure(statistic: Any, rivals: Iterable[Any] = ()) -> dict[str, str]:
    """One figure. ``rivals`` are the figures it is shown with, itself among them or not."""
    return {"ref": statistic.key, "text": citation_text.cite_figure(statistic, rivals)}


@register.inclusion_tag(COMPONENT)
def cite_finding(finding: Any) -> dict[str, str]:
    """One finding, whose source is fetched already."""
    return {"ref": finding.ref, "text": citation_text.cite_finding(finding)}


@register.inclusion_tag(COMPONENT)
def cite_publication(source: Any) -> dict[str, str]:
    """The publication whose page this is."""
    return {"ref": "", "text": citation_text.cite_publication(source)}
