"""Present the published figures of a round: charts, tables, and words for what is hidden."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from engagement.feedback.analysis.disclosure_control import PublishedTally
from engagement.feedback.reporting.published_figures import GroupFigures, PropositionSupport, PublishedFigures
from engagement.feedback.schema import STANCES, FormPage, Question
from nelis.core import charts
from nelis.core.charts import Bar, Chart, RenderedChart, Stances, Table, table_caption

#: Stands where a number is hidden.
HIDDEN = "hidden"
IN_FAVOUR = ("Strongly support", "Support")


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
        tally = support.whole.tally
        label = f"{tally.ref} {tally.text}".strip()
        if support.whole.is_complete and support.whole.answered:
            rows.append(Stances(label, tally.counts))
        cells.append(_cells(label, support.whole))
        cells += [
            _cells(f"{tally.ref}, version {number}", published) for number, published in support.by_version.items()
        ]
        summaries.append(_stance_summary(support.whole))
    drawn = charts.stance_chart(name, title, " ".join(summaries), rows, category="Proposition")
    table = Table(f"{title}, in numbers", ["Proposition", *STANCES.values(), "All answers"], cells)
    return replace(drawn, table=table)


def _stance_summary(published: PublishedTally) -> str:
    ref = published.tally.ref or published.tally.text
    if published.is_complete and not published.answered:
        return f"{ref}: nobody took a stance."
    if published.answered is None:
        return f"{ref}: too few took a stance to show how many."
    if not published.is_complete:
        return f"{ref}: {published.answered} took a stance; some of the numbers are hidden."
    in_favour = sum(published.tally.counts[label] for label in IN_FAVOUR)
    return f"{ref}: {in_favour} of {published.answered} who took a stance support it."


def _choices_chart(name: str, published: PublishedTally) -> Chart:
    tally = published.tally
    title = f"{tally.ref} {tally.text}".strip()
    if published.answered is None:
        summary = "Too few answered to show how many."
    elif not published.answered:
        summary = "Nobody answered."
    else:
        several = " Several could be chosen." if tally.several else ""
        hidden = "" if published.is_complete else " Some of the numbers are hidden."
        summary = f"{published.answered} answered.{several}{hidden}"
    bars = [Bar(word, count) for word, count in published.counts.items() if count is not None]
    drawn = charts.bar_chart(
        name, title, summary, bars if published.is_complete else [], unit="answers", category="Answer"
    )
    rows = [[word, _cell(count)] for word, count in published.counts.items()]
    return replace(drawn, table=Table(table_caption(title, "number of answers"), ["Answer", "Answers"], rows))


def _cells(label: str, published: PublishedTally) -> list[str | int]:
    return [label, *(_cell(count) for count in published.counts.values()), _cell(published.answered)]


def _cell(count: int | None) -> str | int:
    return HIDDEN if count is None else count
