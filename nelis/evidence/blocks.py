"""Blocks that set a statistic in body text."""

from copy import copy
from typing import Any

from wagtail.snippets.blocks import SnippetChooserBlock

from nelis.core.blocks import BodyBlock


class StatisticBlock(SnippetChooserBlock):
    """One statistic, shown with its unit, period, place and source. Always as it stands today."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__("evidence.Statistic", **kwargs)

    def get_preview_value(self) -> Any:
        # A figure that is held says more in the picker than a gap; any will do.
        return self.model_class.objects.filter(live=True, status="confirmed").first()

    def bulk_to_python(self, values: list[Any]) -> list[Any]:
        """All statistics of one stream with what is shown beside them, in two queries at most."""
        found = self.model_class.objects.filter(pk__in=[pk for pk in values if pk])
        by_pk = {statistic.pk: statistic for statistic in found.select_related("source", "geography")}
        self.model_class.attach_rivals(by_pk.values())
        # A copy each: two blocks with one statistic are two values.
        return [copy(by_pk[pk]) if pk in by_pk else None for pk in values]

    class Meta:
        icon = "decimal"
        template = "blocks/statistic.html"
        description = "A figure with its source; changes here when the figure is corrected"


class EvidencedBodyBlock(BodyBlock):
    """Body text that can carry statistics."""

    statistic = StatisticBlock(group="Figures")
