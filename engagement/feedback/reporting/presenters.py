"""Present the published figures of a round: charts, tables, and words for what is hidden."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from engagement.feedback.analysis.disclosure_control import PublishedTally
from engagement.feedback.reporting.published_figures import (
    STANCE_COLUMNS,
    GroupFigures,
    PropositionSupport,
    PublishedFigures,
    stance_cells,
)
from engagement.feedback.schema import FormPage, Question
from nelis.core import charts
from nelis.core.charts import Bar, Chart, RenderedChart, Stances, Table, table_caption

#: Stands where a number is hidden.
HIDDEN = "hidden"
SUPPORT = "Support, strongly or not"
#: What is drawn, the same for all propositions so that they can be compared; then all whose stance is hidden.
DRAWN = {SUPPORT: "Support", "Neither": "Neither", "Oppose, strongly or not": "Oppose", "Unsure": "Unsure"}


@dataclass(frozen=True, slots=True)
class PageResults:
    """The results of one page of the form. ``in_words`` are questions that were answered in words."""

    page: FormPage
    people: tuple[RenderedChart, ...]
    tables: tuple[RenderedChart, ...]
    in_words: tuple[Question, ...]


def page_results(figures: PublishedFigures) -> list[PageResults]:
    """Present the pages of the form in their order, with charts as far as they are drawn. One query for all of them."""
    drawn = charts.rendered_charts(result_charts(figures))
    return [_page_results(page, figures, drawn) for page in figures.form.pages]


def result_charts(figures: PublishedFigures) -> list[Chart]:
    """List the charts of a round that are drawn; those of tables in the room aren't."""
    return [chart for page in figures.form.pages for chart in _page_charts(page, figures.people, "")]


def _page_results(page: FormPage, figures: PublishedFigures, drawn: dict[str, RenderedChart]) -> PageResults:
    people = tuple(drawn[chart.name] for chart in _page_charts(page, figures.people, ""))
    tables: tuple[RenderedChart, ...] = ()
    if not figures.tables.is_empty:
        tables = tuple(_table_only(chart) for chart in _page_charts(page, figures.tables, "-tables"))
    return PageResults(page, people, tables, tuple(item for item in page.questions if not item.choices))


def _table_only(chart: Chart) -> RenderedChart:
    """Leave the picture out for tables in the room: each of a few would look as weighty as one of many people."""
    table = replace(chart.table, caption=f"Tables in the room: {chart.table.caption}")
    return RenderedChart(chart.name, f"Tables in the room: {chart.title}", chart.summary, table)


def _page_charts(page: FormPage, group: GroupFigures, suffix: str) -> Iterator[Chart]:
    if page.propositions:
        name, title = f"results-{page.key}{suffix}", f"How far the propositions are supported: {page.title}"
        yield _stances_chart(name, title, [group.stances[rated.key] for rated in page.propositions])
    for item in page.questions:
        if item.key in group.choices:
            yield _choices_chart(f"results-{item.key}{suffix}", group.choices[item.key])


def _stances_chart(name: str, title: str, supports: Iterable[PropositionSupport]) -> Chart:
    rows: list[Stances] = []
    cells: list[list[str | int]] = []
    summaries = []
    for support in supports:
        whole = support.whole
        label = f"{whole.ref} {whole.text}".strip()
        if any(whole.counts.values()):
            shown = {DRAWN[name]: count for name, count in whole.counts.items() if count is not None}
            rows.append(Stances(label, shown | {"Hidden": whole.hidden_together}))
        cells.append(_cells(label, whole))
        cells += [_cells(f"{whole.ref}, version {number}", tally) for number, tally in support.by_version.items()]
        summaries.append(_stance_summary(whole))
    if any(row.counts["Hidden"] for row in rows):
        summaries.append("What is hidden of each is drawn as one piece.")
    drawn = charts.stance_chart(name, title, " ".join(summaries), rows, category="Proposition")
    table = Table(f"{title}, in numbers", ["Proposition", *STANCE_COLUMNS, "All answers"], cells)
    return replace(drawn, table=table)


def _stance_summary(published: PublishedTally) -> str:
    ref, in_favour = published.ref or published.text, published.counts[SUPPORT]
    if published.answered is None:
        return f"{ref}: too few took a stance to show how many."
    if not published.answered:
        return f"{ref}: nobody took a stance."
    if in_favour is None:
        return f"{ref}: {published.answered} took a stance; how many support it is hidden."
    return f"{ref}: {in_favour} of {published.answered} who took a stance support it."


def _choices_chart(name: str, published: PublishedTally) -> Chart:
    title = f"{published.ref} {published.text}".strip()
    if published.answered is None:
        summary = "Too few answered to show how many."
    elif not published.answered:
        summary = "Nobody answered."
    else:
        several = " Several could be chosen." if published.several else ""
        hidden = "" if published.is_complete else " Some of the numbers are hidden."
        summary = f"{published.answered} answered.{several}{hidden}"
    bars = [Bar(word, count) for word, count in published.finest.items() if count is not None]
    if any(bar.value for bar in bars) and not published.is_complete and not published.several:
        bars.append(Bar("Hidden, together", published.hidden_together))
    drawn = charts.bar_chart(name, title, summary, bars, unit="answers", category="Answer")
    rows = [[word, _cell(count)] for word, count in published.finest.items()]
    return replace(drawn, table=Table(table_caption(title, "number of answers"), ["Answer", "Answers"], rows))


def _cells(label: str, published: PublishedTally) -> list[str | int]:
    return [label, *map(_cell, (*stance_cells(published), published.answered))]


def _cell(count: int | None) -> str | int:
    return HIDDEN if count is None else count
