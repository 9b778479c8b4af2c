"""Charts: what they say in words, how they are drawn, and how drawings are kept."""

import itertools
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from nelis.core import charts
from nelis.core.charts import STANCES, Bar, Series, Stances, cache, theme
from nelis.core.charts.sanitise import ATTRIBUTES, ELEMENTS, sanitise_svg
from nelis.core.models import ContentVersion, DrawnChart

pytestmark = pytest.mark.pg

ROOT = Path(__file__).resolve().parents[2]
DAYS = [date(2019, 7, 1) + timedelta(days=7 * week) for week in range(30)]


def growth(name="growth", last=30, **changes):
    series = [Series("On the list", [(day, 10 + n) for n, day in enumerate(DAYS[:last])])]
    return charts.line_chart(name, "How the list grew", "It grew to 39.", series, unit="people", **changes)


def lines():
    series = [
        Series(label, [(day, n * k) for n, day in enumerate(DAYS)]) for k, label in enumerate(["A", "B", "C", "D"])
    ]
    return charts.line_chart("lines", "Four", "Four lines.", series, unit="people")


def votes():
    rows = [Stances("P7", {stance: n + 1 for n, stance in enumerate(STANCES)}), Stances("P8", {"Support": 1})]
    return charts.stance_chart("votes", "What people think", "Most support it.", rows, category="Proposition")


def topics(label="Everything"):
    return charts.bar_chart("topics", "Topics", "One topic.", [Bar(label, 12), Bar("None", 0)], unit="people")


ALL = {"growth": lambda: growth(area=True), "lines": lines, "votes": votes, "topics": topics}


class TestLooks:
    """Our colours, our ids, nothing that a strict policy forbids, nothing by colour alone."""

    def test_colours_are_the_tokens(self):
        sheets = [(ROOT / f"static/css/{name}.css").read_text() for name in ("tokens", "accents")]
        light = "".join(sheet.split("@media")[0] for sheet in sheets)
        for name, value in theme.TOKENS.items():
            assert f"--{name}: {value};" in light, name

    def test_every_token_has_its_classes(self):
        sheet = (ROOT / "static/css/charts.css").read_text()
        for name in theme.TOKENS:
            assert f".f-{name} {{ fill: var(--{name}); }} .s-{name} {{ stroke: var(--{name}); }}" in sheet

    @pytest.mark.parametrize("name", ALL)
    @pytest.mark.parametrize("width", ["wide", "narrow"])
    def test_drawings_are_plain_shapes_in_our_colours(self, name, width):
        svg = cache.render_svg(getattr(ALL[name](), width), f"chart-{name}-{width}")
        soup = BeautifulSoup(svg, "html.parser")
        assert "style=" not in svg
        allowed = {word.lower() for word in ATTRIBUTES} | {"class", "viewbox", "patternunits"}
        for element in soup.find_all(True):
            assert element.name in {word.lower() for word in ELEMENTS} | {"pattern"}
            assert set(element.attrs) <= allowed, element
            for way in ("fill", "stroke"):
                value = element.get(way, "none")
                if value not in ("none",) and not value.startswith("url(#"):
                    token = next(name for name, colour in theme.TOKENS.items() if colour == value)
                    assert f"{way[0]}-{token}" in element["class"]
        ids = [element["id"] for element in soup.find_all(id=True)]
        assert len(ids) == len(set(ids))
        assert all(one.startswith(f"chart-{name}-{width}") for one in ids)
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(ids)

    def test_lines_differ_in_more_than_colour(self):
        svg = cache.render_svg(lines().wide, "x")
        drawn = BeautifulSoup(svg, "html.parser").find_all("path", attrs={"stroke-dasharray": True})
        assert len({path["stroke-dasharray"] for path in drawn}) == 4
        for label in "ABCD":
            assert re.search(rf">{label} \d+<", svg)

    def test_stances_differ_in_more_than_colour(self):
        svg = cache.render_svg(votes().wide, "x")
        assert {f"url(#x-{kind})" for kind, _ in theme.FILLS.values()} <= set(re.findall(r"url\(#[\w-]+\)", svg))
        for stance in STANCES:
            assert f">{stance}<" in svg

    def test_narrow_drawings_fit_a_phone_with_letters_at_full_size(self):
        for make in ALL.values():
            soup = BeautifulSoup(cache.render_svg(make().narrow, "x"), "html.parser")
            width = float(soup.svg["viewbox"].split()[2])
            assert width <= 288
            sizes = [float(text["font-size"].removesuffix("px")) for text in soup.find_all("text")]
            assert min(sizes) >= 13

    def test_a_foreign_colour_is_refused(self):
        with pytest.raises(ValueError, match="no colour of ours"):
            sanitise_svg('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0,0" fill="red"/></svg>', "x")

    @pytest.mark.parametrize(
        "bad",
        [
            "<script>alert(1)</script>",
            '<a href="javascript:alert(1)"><text>x</text></a>',
            "<style>*{}</style>",
            '<image href="http://elsewhere.example.org/"/>',
            "<foreignObject><p>x</p></foreignObject>",
        ],
    )
    def test_nothing_else_gets_through(self, bad):
        cleaned = sanitise_svg(
            f'<svg xmlns="http://www.w3.org/2000/svg">{bad}<path d="M0,0" onload="x()" style="a:b"/></svg>', "x"
        )
        assert cleaned == '<svg viewBox=""><path d="M0,0" /></svg>'


class TestWords:
    """What people wrote is shown as they wrote it, and worked out nowhere."""

    @pytest.mark.parametrize(
        "label", ["<script>alert(1)</script>", "datum.v", "a.b[0]", "${1+1}", '"quoted"', "'; DROP", "\\", "👩‍🔬 ü"]
    )
    def test_labels(self, label):
        svg = cache.render_svg(topics(label).wide, "x")
        assert label in BeautifulSoup(svg, "html.parser").get_text()
        assert "<script" not in svg

    @settings(max_examples=6)
    @given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80), st.integers(0, 10**9))
    def test_any_label_is_drawn(self, label, value):
        chart = charts.bar_chart("x", "T", "S.", [Bar(label, value), Bar("y", 1)], unit="people")
        for spec in (chart.wide, chart.narrow):
            assert cache.render_svg(spec, "x").startswith("<svg")

    @given(st.lists(st.dictionaries(st.sampled_from(list(STANCES)), st.integers(0, 500)), min_size=1, max_size=5))
    def test_the_pieces_of_a_bar_add_up(self, counts):
        chart = charts.stance_chart("x", "T", "S.", [Stances(str(n), one) for n, one in enumerate(counts)])
        for row, count in zip(chart.table.rows, counts, strict=True):
            assert row[-1] == sum(count.values()) == sum(row[1:-1])
        if not chart.wide:
            assert not any(sum(one.values()) for one in counts)
            return
        for n, count in enumerate(counts):
            pieces = [one for one in chart.wide["data"]["values"] if one["i"] == n and one["s"]]
            assert len(pieces) == sum(1 for value in count.values() if value)
            assert not pieces or (pieces[0]["a"] == 0 and abs(pieces[-1]["b"] - 1) < 1e-9)
            assert all(a["b"] == b["a"] for a, b in itertools.pairwise(pieces))

    def test_too_many_lines_and_unknown_stances_are_refused(self):
        with pytest.raises(ValueError, match="room for 4"):
            charts.line_chart("x", "T", "S.", [Series(str(n), []) for n in range(5)], unit="people")
        with pytest.raises(ValueError, match="Unknown stances"):
            charts.stance_chart("x", "T", "S.", [Stances("P7", {"Perhaps": 1})])

    def test_nothing_to_draw(self):
        assert growth(last=1).wide == {}
        assert charts.bar_chart("x", "T", "S.", [Bar("y", 0)], unit="people").wide == {}
        assert charts.stance_chart("x", "T", "S.", [Stances("P7", {})]).wide == {}


@pytest.fixture
def drawing(monkeypatch):
    """Drawing without the library, which takes its time: what was drawn, in order."""
    drawn = []

    def render(spec, prefix):
        if spec.get("broken"):
            raise ValueError("somebody@example.org")
        drawn.append(prefix)
        return f"<svg><g id='{prefix}'/></svg>"

    monkeypatch.setattr(cache, "render_svg", render)
    return drawn


class TestKeeping:
    """Asked for once, drawn once, replaced when the data changes."""

    def test_first_the_table_then_the_picture(self, db, drawing):
        assert charts.rendered_chart(growth()).wide == ""
        assert charts.rendered_chart(growth()).wide == ""
        assert DrawnChart.objects.count() == 1
        assert charts.draw_pending() == 1
        assert drawing == ["chart-growth-w", "chart-growth-n"]
        assert "chart-growth-w" in charts.rendered_chart(growth()).wide
        assert charts.draw_pending() == 0

    def test_kept_pages_are_renewed_once_the_picture_is_there(self, db, drawing):
        charts.request_drawing(growth())
        before = ContentVersion.current()
        charts.draw_pending()
        assert ContentVersion.current() != before
        before = ContentVersion.current()
        charts.draw_pending()
        assert ContentVersion.current() == before

    def test_new_data_is_a_new_drawing_and_the_old_one_goes(self, db, drawing):
        charts.request_drawing(growth(last=29))
        charts.draw_pending()
        assert charts.rendered_chart(growth()).wide == ""
        charts.draw_pending()
        assert [row.fingerprint for row in DrawnChart.objects.all()] == [cache.fingerprint(growth())]

    def test_other_charts_stay(self, db, drawing):
        charts.request_drawing(growth("one"))
        charts.request_drawing(growth("two"))
        assert charts.draw_pending() == 2
        assert set(DrawnChart.objects.values_list("name", flat=True)) == {"one", "two"}

    def test_a_new_look_is_a_new_drawing(self, monkeypatch):
        before = cache.fingerprint(growth())
        monkeypatch.setattr(theme, "THEME_VERSION", theme.THEME_VERSION + 1)
        assert cache.fingerprint(growth()) != before

    def test_one_query(self, db, drawing, django_assert_num_queries):
        charts.request_drawing(growth())
        charts.draw_pending()
        with django_assert_num_queries(1):
            charts.rendered_chart(growth())

    def test_what_cant_be_drawn_is_given_up_and_holds_nobody_up(self, db, drawing, caplog):
        DrawnChart.objects.create(name="broken", fingerprint="x", wide_spec={"broken": 1}, narrow_spec={})
        charts.request_drawing(growth())
        assert charts.draw_pending() == 1
        for _ in range(5):
            assert charts.draw_pending() == 0
        assert DrawnChart.objects.get(name="broken").attempts == cache.MAX_ATTEMPTS
        assert "broken" in caplog.text
        assert "somebody" not in caplog.text

    def test_the_real_thing(self, db):
        charts.request_drawing(growth())
        assert charts.draw_pending() == 1
        shown = charts.rendered_chart(growth())
        assert shown.wide.startswith("<svg")
        assert shown.narrow.startswith("<svg")


class TestShown:
    """The component: a picture with a name and a description, and the figures as a table with heads."""

    def soup(self, chart, **pictures):
        shown = charts.RenderedChart(chart.name, chart.title, chart.summary, chart.table, **pictures)
        return BeautifulSoup(render_to_string("components/chart.html", {"chart": shown}), "html.parser")

    def test_drawn(self):
        soup = self.soup(growth(), wide="<svg></svg>", narrow="<svg></svg>")
        for picture in soup.find_all(role="img"):
            assert soup.find(id=picture["aria-labelledby"]).get_text() == "How the list grew"
            assert soup.find(id=picture["aria-describedby"]).get_text() == "It grew to 39."
        assert len(soup.find_all("th", scope="row")) == len(DAYS)
        assert [head.get_text() for head in soup.find_all("th", scope="col")] == ["Date", "On the list"]
        assert soup.caption.get_text() == "How the list grew: people"
        assert not soup.details.has_attr("open")

    def test_waiting(self):
        soup = self.soup(growth())
        assert not soup.find_all(role="img")
        assert soup.details.has_attr("open")

    def test_words_are_escaped(self):
        soup = self.soup(charts.bar_chart("x", "<b>T</b>", "<i>S</i>", [Bar("<script>x</script>", 0)], unit="people"))
        assert not soup.find_all(["b", "i", "script"])


def test_no_process_loads_the_library_before_it_draws():
    """100 MB in every web process would be for nothing."""
    code = (
        "import sys, django; django.setup();"
        "from django.core.handlers.wsgi import WSGIHandler; WSGIHandler();"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "import nelis.core.charts; sys.exit('vl_convert' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "nelis.settings.test", "PATH": ""},
        timeout=120,
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()


def test_the_drawing_library_may_fetch_nothing(monkeypatch):
    asked = {}
    monkeypatch.setitem(
        sys.modules,
        "vl_convert",
        SimpleNamespace(
            vegalite_to_svg=lambda spec, **kw: (
                asked.update(kw) or "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0,0'/></svg>"
            )
        ),
    )
    cache.render_svg({}, "x")
    assert asked["allowed_base_urls"] == []
