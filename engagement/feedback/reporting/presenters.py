"""Present the published figures of a round: charts, tables, and words for what is hidden."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engagement.feedback.analysis.disclosure_control import PublishedTally
from engagement.feedback.reporting.published_figures import (
    STANCE_COLUMNS,
    GroupFigures,
    PublishedFigures,
    stance_cells,
)
from engagement.feedback.reporting.support_bars import SUPPORT, SupportBar, count_supported, support_bar
from engagement.feedback.schema import FormPage, Question
from nelis.core import charts
from nelis.core.charts import Bar, Chart, RenderedChart, Table, table_caption

#: Stands where a number is hidden.
HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class SupportResults:
    """How far the propositions of a page are supported: a bar for each, and the table with all numbers."""

    bars: list[SupportBar]
    summary: str
    table: Table


@dataclass(frozen=True, slots=True)
class PageResults:
    """The results of one page of the form. ``in_words`` are questions that were answered in words."""

    page: FormPage
    support: SupportResults | None
    people: tuple[RenderedChart, ...]
    tables: tuple[RenderedChart, ...]
    in_words: tuple[Question, ...]


def page_results(figures: PublishedFigures) -> list[PageResults]:
    """Present the pages of the form in their order, with charts as far as they are drawn. One query for all of them."""
    drawn = charts.rendered_charts(result_charts(figures))
    return [_page_results(page, figures, drawn) for page in figures.form.pages]


def result_charts(figures: PublishedFigures) -> list[Chart]:
    """List the charts of a round that a worker draws; those of tables in the room aren't drawn."""
    return [chart for page in figures.form.pages for chart in _choices_charts(page, figures.people, "")]


def _page_results(page: FormPage, figures: PublishedFigures, drawn: dict[str, RenderedChart]) -> PageResults:
    people = tuple(drawn[chart.name] for chart in _choices_charts(page, figures.people, ""))
    tables: tuple[RenderedChart, ...] = ()
    if not figures.tables.is_empty:
        tables = (
            *_stances_of_tables(page, figures.tables),
            *(_table_only(chart) for chart in _choices_charts(page, figures.tables, "-tables")),
        )
    support = support_results(page, figures.people) if page.propositions else None
    return PageResults(page, support, people, tables, tuple(item for item in page.questions if not item.choices))


def _table_only(chart: Chart) -> RenderedChart:
    """Leave the picture out for tables in the room: each of a few would look as weighty as one of many people."""
    table = replace(chart.table, caption=f"Tables in the room: {chart.table.caption}")
    return RenderedChart(chart.name, f"Tables in the room: {chart.title}", chart.summary, table)


def _choices_charts(page: FormPage, group: GroupFigures, suffix: str) -> Iterator[Chart]:
    for item in page.questions:
        if item.key in group.choices:
            yield _choices_chart(f"results-{item.key}{suffix}", group.choices[item.key])


def support_results(page: FormPage, group: GroupFigures) -> SupportResults:
    """Present how far the propositions of a page are supported."""
    bars = [support_bar(rated, group.stances[rated.key].whole) for rated in page.propositions]
    number, most, hidden = count_supported(bars)
    summary = f"{most} of {number} supported by more than half of those who took a stance."
    if hidden:
        summary += f" Of {hidden} it is hidden how many support {'it' if hidden == 1 else 'them'}."
    return SupportResults(bars, summary, _stances_table(page, group))


def _stances_table(page: FormPage, group: GroupFigures) -> Table:
    """The table of all numbers: each proposition, and below it each of its versions that may be told apart."""
    rows: list[list[str | int]] = []
    for support in (group.stances[rated.key] for rated in page.propositions):
        whole = support.whole
        rows.append(_cells(f"{whole.ref} {whole.text}".strip(), whole))
        rows += [_cells(f"{whole.ref}, version {number}", tally) for number, tally in support.by_version.items()]
    return Table(f"{_stances_title(page)}, in numbers", ["Proposition", *STANCE_COLUMNS, "All answers"], rows)


def _stances_title(page: FormPage) -> str:
    return f"How far the propositions are supported: {page.title}"


def _stances_of_tables(page: FormPage, group: GroupFigures) -> Iterator[RenderedChart]:
    """What tables in the room said of the propositions of a page: numbers without a picture."""
    if page.propositions:
        table = _stances_table(page, group)
        summary = " ".join(_stance_summary(group.stances[rated.key].whole) for rated in page.propositions)
        yield RenderedChart(
            f"results-{page.key}-tables",
            f"Tables in the room: {_stances_title(page)}",
            summary,
            replace(table, caption=f"Tables in the room: {table.caption}"),
        )


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
