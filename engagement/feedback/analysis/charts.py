"""The answers of a round as charts for staff: whole numbers, nothing hidden. The worker draws them."""

from collections.abc import Iterable, Sequence

from engagement.feedback.analysis.counts import PERSON_MODES, TABLE_MODES, Tally, tally_choices, tally_stances
from engagement.feedback.analysis.form_history import FormHistory
from engagement.feedback.models import FeedbackRound
from nelis.core.charts import Bar, Chart, Stances, bar_chart, stance_chart


def staff_charts(round_: FeedbackRound) -> tuple[list[Chart], list[Chart]]:
    """Chart what people answered, and what tables in the room did; questions without an answer are left out.

    With what only earlier versions of the form asked. Five queries.
    """
    form = FormHistory.of(round_).form

    def charts_of(group: str, unit: str, modes: Iterable[str]) -> list[Chart]:
        name = f"feedback-{round_.pk}-staff-{group}"
        rated = [tally for tally in tally_stances(round_, form.propositions(), modes) if tally.answered]
        unrated = sum(1 for _ in form.propositions()) - len(rated)
        charts = [_stances_chart(f"{name}-stances", rated, unrated, unit)] if rated else []
        chosen = [tally for tally in tally_choices(round_, form, modes) if tally.answered]
        return charts + [_choices_chart(f"{name}-{tally.key[:8]}", tally, unit) for tally in chosen]

    # One person may send several responses: from another phone, or on another proposition.
    return charts_of("people", "responses", PERSON_MODES), charts_of("tables", "tables", TABLE_MODES)


def _stances_chart(name: str, tallies: Sequence[Tally], unrated: int, unit: str) -> Chart:
    """Chart how far each proposition is supported."""

    def support(tally: Tally) -> int:
        return tally.counts["Strongly support"] + tally.counts["Support"]

    most = max(tallies, key=support)
    summary = f"Most support is for {most.ref}: {support(most)} of {most.answered} {unit} support it, or strongly."
    if unrated:
        summary += f" Nobody took a stance on {unrated} more."
    rows = [Stances(f"{tally.ref} {tally.text}", tally.counts) for tally in tallies]
    return stance_chart(name, "Stances on the propositions", summary, rows, category="Proposition")


def _choices_chart(name: str, tally: Tally, unit: str) -> Chart:
    word, count = max(tally.counts.items(), key=lambda item: item[1])
    summary = f"{tally.answered} {unit} gave an answer; the most, {count}, chose “{word}”."
    if tally.several:
        summary += " Several could be chosen."
    values = [Bar(label, number) for label, number in tally.counts.items()]
    return bar_chart(name, f"{tally.ref} {tally.text}".strip(), summary, values, unit=unit, category="Answer")
