"""Panels that tell an editor what a correction will touch."""

from typing import Any

from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.panels import Panel
from wagtail.models import ReferenceIndex

from nelis.evidence.models import Statistic


class RivalsPanel(Panel):
    """The other figures for the same fact: readers see them together."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/evidence/rivals_panel.html"

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.instance.pk and self.instance.fact_key)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            rivals = Statistic.objects.filter(fact_key=self.instance.fact_key)
            finder = AdminURLFinder(self.request.user)
            context["rivals"] = [
                (rival, finder.get_edit_url(rival))
                for rival in rivals.exclude(pk=self.instance.pk).select_related("source", "geography")
            ]
            return context


class UsagePanel(Panel):
    """The pages, findings and targets that show this figure, and so change with it."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/evidence/used_on_panel.html"

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            finder = AdminURLFinder(self.request.user)
            uses = {
                instance: {reference.describe_source_field() for reference in references}
                for instance, references in ReferenceIndex.get_grouped_references_to(self.instance)
            }
            # Wagtail's index of references leaves out links between many and many.
            for finding in self.instance.findings.all():
                uses.setdefault(finding, {"uses the figure"})
            context["uses"] = [
                {
                    "title": str(instance),
                    "kind": instance._meta.verbose_name,
                    "url": finder.get_edit_url(instance),
                    "places": sorted(places),
                }
                for instance, places in uses.items()
            ]
            return context
