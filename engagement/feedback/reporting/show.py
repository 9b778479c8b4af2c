"""The published figures of a round as its results page shows them: charts, tables, and words for what is hidden."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from engagement.feedback.counts import ShownTally
from engagement.feedback.form import STANCES, Item, Page
from engagement.feedback.reading import options
from engagement.feedback.reporting.tables import Group, Published, Support
from nelis.core import charts
from nelis.core.charts import Bar, Chart, ShownChart, Stances, Table, caption

__all__ = ["HIDDEN", "Part", "charts_of", "parts"]

#: Stands where a number is hidden.
HIDDEN = "hidden"
IN_FAVOUR = ("Strongly support", "Support")


@dataclass(frozen=True, slots=True)
class Part:
    """The results of one page of the form. ``in_words`` are questions that were answered in words."""

    page: Page
    people: tuple[ShownChart, ...]
    tables: tuple[ShownChart, ...]
    in_words: tuple[Item, ...]


def parts(figures: Published) -> list[Part]:
    """The pages of the form in their order, with charts as far as they are drawn. One query for all pictures."""
    drawn = charts.shown_all(charts_of(figures))
    return [_part(page, figures, drawn) for page in figures.form.pages]


def charts_of(figures: Published) -> list[Chart]:
    """All charts of a round, for asking for them before anybody looks. What tables said is not drawn."""
    return [one for page in figures.form.pages for one in _charts(page, figures.people, "")]


def _part(page: Page, figures: Published, drawn: dict[str, ShownChart]) -> Part:
    people = tuple(drawn[one.name] for one in _charts(page, figures.people, ""))
    tables: tuple[ShownChart, ...] = ()
    if not figures.tables.is_empty:
        found = _charts(page, figures.tables, "-tables")
        tables = tuple(_in_room(one) for one in found)
    return Part(page, people, tables, tuple(item for item in page.items if not options(item)))


def _in_room(chart: Chart) -> ShownChart:
    """What tables said, without a picture: one of a few tables would look as weighty as one of many people."""
    table = replace(chart.table, caption=f"Tables in the room: {chart.table.caption}")
    return ShownChart(chart.name, f"Tables in the room: {chart.title}", chart.summary, table)


def _charts(page: Page, group: Group, suffix: str) -> Iterator[Chart]:
    if page.rated:
        name, title = f"results-{page.key}{suffix}", f"How far the propositions are supported: {page.title}"
        yield _of_stances(name, title, [group.stances[one.key] for one in page.rated])
    for item in page.items:
        if item.key in group.choices:
            yield _of_choices(f"results-{item.key}{suffix}", group.choices[item.key])


def _of_stances(name: str, title: str, supports: Iterable[Support]) -> Chart:
    rows: list[Stances] = []
    cells: list[list[str | int]] = []
    said = []
    for one in supports:
        tally = one.whole.tally
        label = f"{tally.ref} {tally.text}".strip()
        if one.whole.is_complete and one.whole.answered:
            rows.append(Stances(label, tally.counts))
        cells.append(_cells(label, one.whole))
        cells += [_cells(f"{tally.ref}, version {number}", shown) for number, shown in one.by_version.items()]
        said.append(_said(one.whole))
    drawn = charts.stances(name, title, " ".join(said), rows, category="Proposition")
    table = Table(f"{title}, in numbers", ["Proposition", *STANCES.values(), "All answers"], cells)
    return replace(drawn, table=table)


def _said(shown: ShownTally) -> str:
    ref = shown.tally.ref or shown.tally.text
    if shown.is_complete and not shown.answered:
        return f"{ref}: nobody took a stance."
    if shown.answered is None:
        return f"{ref}: too few took a stance to show how many."
    if not shown.is_complete:
        return f"{ref}: {shown.answered} took a stance; some of the numbers are hidden."
    for_it = sum(shown.tally.counts[label] for label in IN_FAVOUR)
    return f"{ref}: {for_it} of {shown.answered} who took a stance support it."


def _of_choices(name: str, shown: ShownTally) -> Chart:
    tally = shown.tally
    title = f"{tally.ref} {tally.text}".strip()
    if shown.answered is None:
        summary = "Too few answered to show how many."
    elif not shown.answered:
        summary = "Nobody answered."
    else:
        several = " Several could be chosen." if tally.several else ""
        hidden = "" if shown.is_complete else " Some of the numbers are hidden."
        summary = f"{shown.answered} answered.{several}{hidden}"
    bars = [Bar(word, count) for word, count in shown.counts.items() if count is not None]
    drawn = charts.bars(name, title, summary, bars if shown.is_complete else [], unit="answers", category="Answer")
    rows = [[word, _cell(count)] for word, count in shown.counts.items()]
    return replace(drawn, table=Table(caption(title, "number of answers"), ["Answer", "Answers"], rows))


def _cells(label: str, shown: ShownTally) -> list[str | int]:
    return [label, *(_cell(count) for count in shown.counts.values()), _cell(shown.answered)]


def _cell(count: int | None) -> str | int:
    return HIDDEN if count is None else count
