"""The charts of targets: requested on publication, drawn before they are asked for, and taken away as files."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from nelis.core import charts
from nelis.core.charts import cache
from nelis.core.models import ContentVersion, DrawnChart
from nelis.core.search.index_sync import sync_suspended
from nelis.evidence.models import GeoArea, Vintage
from nelis.progress import drawing
from nelis.progress.models import TargetPage
from tests.progress.sample_targets import rate_series, release, statement
from tests.sectors.sample_strategy import SampleStrategy, add


@pytest.fixture
def target(db: None, monkeypatch: pytest.MonkeyPatch) -> TargetPage:
    monkeypatch.setattr(cache, "render_svg", lambda spec, prefix: f'<svg viewBox="0 0 1 1"><g id="{prefix}"/></svg>')
    monkeypatch.setattr(cache, "render_png", lambda spec: b"\x89PNG")
    monkeypatch.setattr(drawing, "_requested_for", [])
    with sync_suspended():
        strategy = SampleStrategy()
        areas = [GeoArea.objects.create(code=f"Y9900000{n}", name=f"Area {n}") for n in range(3)]
        series = rate_series(strategy.area, areas[0], areas[1], areas[2])
        made = add(
            strategy.indexes["target"],
            TargetPage,
            "kites",
            ref="T1",
            target_kind="gap_reduction",
            target_value=Decimal(50),
            unit="% of the gap",
            baseline_year=2014,
            deadline_year=2024,
            comparator=areas[2],
            series=series["area"],
        )
    counts = {"area": (500, 1000), "whole": (6500, 11000), "taken": (500, 1000)}
    release(series, date(2019, 6, 1), {2014: counts, 2018: counts | {"area": (520, 1000)}}, margin="1")
    made.made_series, made.counts = series, counts
    return made


def names() -> set[str]:
    return set(
        DrawnChart.objects.filter(drawn_at__isnull=False, name__startswith="target-t1").values_list("name", flat=True)
    )


def test_charts_are_drawn_before_anybody_asks(target: TargetPage, client: Client):
    drawing.draw_published_charts()
    assert names() == {"target-t1", "target-t1-small", "target-t1-2019-06-01"}
    for url in (target.url, f"{target.url}as-at/2019-06-01/"):
        assert "<svg viewBox" in client.get(url).content.decode()
    assert not DrawnChart.objects.filter(drawn_at=None, name__startswith="target-t1").exists()


def test_nothing_is_asked_while_nothing_was_published(target: TargetPage, django_assert_num_queries):
    drawing.request_published_charts()
    with django_assert_num_queries(1):
        drawing.request_published_charts()
    ContentVersion.bump()
    statement(target, "gap_gone", 40, date(2020, 1, 31), known=date(2020, 3, 1))
    drawing.draw_published_charts()
    assert "target-t1-2020-03-31" in names()


def test_an_import_brings_page_chart_table_and_file_up_to_date(target: TargetPage, client: Client):
    """The end of the analyst's journey: what follows once a release is approved, or withdrawn."""
    drawing.draw_published_charts()
    assert "8.0 points in 2018" in client.get(target.url).content.decode()
    newer = {2014: target.counts, 2022: target.counts | {"area": (560, 1000)}}
    vintage = release(target.made_series, date(2023, 6, 1), newer, margin="1")
    drawing.draw_published_charts()
    html = client.get(target.url).content.decode()
    assert "4.0 points in 2022" in html
    assert f'href="{target.url}as-at/2019-06-01/"' in html
    csv = b"".join(client.get("/charts/target-t1.csv").streaming_content).decode()
    assert '"2022","56.0%","60.0%","4.0 points","±' in csv
    Vintage.objects.filter(pk=vintage.pk).update(withdrawn_at="2024-01-01T00:00:00Z")
    ContentVersion.bump()
    drawing.draw_published_charts()
    assert "2022" not in b"".join(client.get("/charts/target-t1.csv").streaming_content).decode()


@pytest.mark.parametrize(
    ("ending", "kind"),
    [("csv", "text/csv"), ("svg", "image/svg+xml"), ("png", "image/png"), ("json", "application/json")],
)
def test_a_public_chart_is_given_out_as_files(target: TargetPage, client: Client, ending: str, kind: str):
    assert client.get(f"/charts/target-t1.{ending}").status_code == 404  # not drawn yet
    drawing.draw_published_charts()
    response = client.get(f"/charts/target-t1.{ending}")
    assert response.headers["Content-Type"].startswith(kind)
    assert response.headers["Content-Disposition"] == f'attachment; filename="target-t1.{ending}"'
    if ending == "svg":
        assert b"<title>" in response.content
    assert client.get("/charts/target-t1.exe").status_code == 404


def test_charts_for_staff_are_given_to_nobody(target: TargetPage, client: Client):
    private = charts.bar_chart("joined", "Who joined", "One did.", [charts.Bar("Kites", 1)], unit="people")
    charts.request_drawing(private)
    charts.draw_pending()
    assert DrawnChart.objects.get(name="joined").drawn_at
    for ending in ("csv", "svg", "png", "json"):
        assert client.get(f"/charts/joined.{ending}").status_code == 404
