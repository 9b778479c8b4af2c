"""The menu “Evidence” in the admin: lists and forms for sources, figures, findings and areas."""

from typing import Any

from django.urls import include, path
from wagtail import hooks
from wagtail.admin.panels import ObjectList, TabbedInterface
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from nelis.core.admin.views import PermissionMenuItem
from nelis.core.admin.viewsets import SiteViewSet, column
from nelis.evidence.admin import imports, urls
from nelis.evidence.models import Finding, GeoArea, Indicator, Series, SeriesBreak, Source, Statistic
from nelis.evidence.panels import RivalsPanel, UsagePanel


class SourceViewSet(SiteViewSet):
    """Documents that facts come from, held or known by name only."""

    model = Source
    icon = "doc-full"
    list_display = [
        "ref",
        column("Title", "title", sort_key="title"),
        column("Kind", "get_kind_display", sort_key="kind"),
        column("Held", Source.held_text, sort_key="held"),
    ]
    list_filter = ["kind", "held", "read_in_part", "live"]
    search_fields = ["ref", "title", "publisher"]
    inspect_view_fields = [
        *("ref", "title", "kind", "publisher", "published", "published_precision", "page_ref"),
        *("held", "read_in_part", "not_held_note", "document", "url", "licence"),
    ]


class StatisticViewSet(SiteViewSet):
    """Figures. The form says what a correction touches."""

    model = Statistic
    icon = "decimal"
    menu_label = "Statistics"
    list_select_related = ("geography", "source")
    list_display = [
        "key",
        column("Figure", lambda statistic: statistic.figure.text),
        column("Of what", "label", sort_key="label"),
        column("Where", "geography"),
        column("Source", lambda statistic: statistic.source.ref if statistic.source else "none yet"),
        column("Status", "get_status_display", sort_key="status"),
    ]
    list_filter = ["status", "unit", "geography", "source", "live"]
    search_fields = ["key", "fact_key", "label", "note", "period_text", "display_text"]
    inspect_view_fields = [
        *("key", "fact_key", "label", "status", "qualifier", "value", "low", "high", "unit", "whole"),
        *("display_text", "period_text", "period_start", "period_end", "geography", "source"),
        *("page_ref", "note"),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList([RivalsPanel(heading="Rivals"), *Statistic.panels], heading="Figure"),
            ObjectList([UsagePanel(heading="Where it is shown")], heading="Where it is shown"),
        ]
    )


class FindingViewSet(SiteViewSet):
    """Numbered statements from the evidence."""

    model = Finding
    icon = "glasses"
    list_select_related = ("source", "subject")
    list_display = [
        "ref",
        column("Statement", "statement"),
        column("Kind", "get_kind_display", sort_key="kind"),
        column("About", "subject"),
        column("Source", lambda finding: finding.source.ref if finding.source else "none yet"),
    ]
    list_filter = ["kind", "source", "live"]
    search_fields = ["ref", "statement"]
    inspect_view_fields = ["ref", "kind", "statement", "parts", "subject", "statistics", "source", "page_ref"]


class AreaViewSet(SiteViewSet):
    """Areas that figures are about."""

    model = GeoArea
    icon = "globe"
    list_display = ["name", column("Code", "code", sort_key="code"), column("Kind", "kind", sort_key="kind")]
    list_filter = ["is_derived"]
    search_fields = ["name", "code", "derivation"]


class IndicatorViewSet(SiteViewSet):
    """What is measured, and what files call it."""

    model = Indicator
    icon = "order"
    list_display = [
        "name",
        column("Code", "code", sort_key="code"),
        column("Unit", "get_unit_display", sort_key="unit"),
        column("Kind", "get_kind_display", sort_key="kind"),
    ]
    list_filter = ["kind", "unit"]
    search_fields = ["name", "code", "known_as", "definition"]
    inspect_view_fields = [
        *("code", "name", "unit", "kind", "decimals", "lowest", "highest", "factor"),
        *("definition", "source", "known_as"),
    ]


class SeriesViewSet(SiteViewSet):
    """One indicator for one area, supplied by a source or derived from others."""

    model = Series
    icon = "table"
    menu_label = "Series"
    list_select_related = ("indicator", "area", "source")
    list_display = [
        "key",
        column("Indicator", "indicator"),
        column("Area", "area"),
        column("Treatment", "treatment"),
        column("Origin", "get_origin_display", sort_key="origin"),
        column("Source", lambda series: series.source.ref),
    ]
    list_filter = ["indicator", "area", "origin", "treatment"]
    search_fields = ["key"]
    inspect_view_fields = ["key", "indicator", "area", "treatment", "frequency", "origin", "source", "licence"]


class SeriesBreakViewSet(SiteViewSet):
    """Days from which values can't be compared with those before."""

    model = SeriesBreak
    icon = "cut"
    menu_label = "Breaks in series"
    list_select_related = ("series__indicator", "series__area", "indicator")
    list_display = ["key", column("From", "on", sort_key="on"), column("What changed", "note")]
    list_filter = ["indicator"]
    search_fields = ["key", "note"]
    inspect_view_fields = ["key", "series", "indicator", "on", "note"]


class EvidenceGroup(SnippetViewSetGroup):
    """The menu “Evidence”."""

    items = (
        *(SourceViewSet, StatisticViewSet, FindingViewSet, AreaViewSet),
        *(IndicatorViewSet, SeriesViewSet, SeriesBreakViewSet),
    )
    menu_label = "Evidence"
    menu_icon = "glasses"
    menu_order = 210


register_snippet(EvidenceGroup)


# Wagtail keeps out whoever may not use the admin; each view checks its own permission.
@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    """Add the screens for importing figures."""
    return [path("figures/", include(urls))]


@hooks.register("register_admin_menu_item")
def register_import() -> PermissionMenuItem:
    """Add “Import figures” below the menu “Evidence”, for those who may."""
    return PermissionMenuItem(
        "Import figures", "evidence_admin:import", imports.PERMISSION, icon_name="upload", order=211
    )
