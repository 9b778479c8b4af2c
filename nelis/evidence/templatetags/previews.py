"""Tags for previews of drafts in the admin."""

from copy import copy
from typing import Any

from django import template

from nelis.evidence.templatetags.figures import figures

register = template.Library()


@register.inclusion_tag("components/figures.html")
def figure_as_published(statistic: Any) -> dict[str, Any]:
    """The draft of a figure as readers would see it, with its rivals when it is disputed."""
    # Pages leave out what isn't published; a preview shows what would be.
    shown = copy(statistic)
    shown.live = True
    return figures([shown])
