"""The answers of a round as charts for staff: whole numbers, nothing hidden. They are drawn by the runner."""

from collections.abc import Iterable, Sequence

from engagement.feedback.analysis.counts import PERSON_MODES, TABLE_MODES, Tally, tally_choices, tally_stances
from engagement.feedback.models import FeedbackRound
from engagement.feedback.reporting.published_figures import merged_form
from nelis.core.charts import Bar, Chart, Stances, bar_chart, stance_chart

__all__ = ["choices_charts", "staff_charts", "stances_chart"]


def staff_charts(feedback_round: FeedbackRound) -> tuple[list[Chart], list[Chart]]:
    """The charts of what people answered, and of what tables in the room did; those without an answer are left out.

    With what only earlier versions of the form asked. Five queries.
    """
    form = merged_form([one.form for one in feedback_round.forms.order_by("number")])
    found = []
    # One person may send several responses: from another phone, or on another proposition.
    for group, who, modes in (("people", "responses", PERSON_MODES), ("tables", "tables", TABLE_MODES)):
        rated = tally_stances(feedback_round, form.rated(), modes)
        chosen = tally_choices(feedback_round, form, modes)
        name = f"feedback-{feedback_round.pk}-staff-{group}"
        charts = [stances_chart(f"{name}-stances", rated, who)] if any(one.answered for one in rated) else []
        found.append([*charts, *choices_charts(name, chosen, who)])
    return found[0], found[1]


def stances_chart(name: str, tallies: Sequence[Tally], who: str) -> Chart:
    """How far each proposition is supported."""
    answered = [one for one in tallies if one.answered]
    rows = [Stances(f"{one.ref} {one.text}", one.counts) for one in tallies if one.answered]
    most = max(answered, key=lambda one: one.counts["Strongly support"] + one.counts["Support"])
    support = most.counts["Strongly support"] + most.counts["Support"]
    left = len(tallies) - len(answered)
    summary = f"Most support is for {most.ref}: {support} of {most.answered} {who} support it, or strongly."
    if left:
        summary += f" Nobody took a stance on {left} more."
    return stance_chart(name, "Stances on the propositions", summary, rows, category="Proposition")


def choices_charts(name: str, tallies: Iterable[Tally], who: str) -> list[Chart]:
    """One for each question that offers options and was answered."""
    return [_choices_chart(f"{name}-{one.key[:8]}", one, who) for one in tallies if one.answered]


def _choices_chart(name: str, tally: Tally, who: str) -> Chart:
    word, count = max(tally.counts.items(), key=lambda one: one[1])
    summary = f"{tally.answered} {who} gave an answer; the most, {count}, chose “{word}”."
    if tally.several:
        summary += " Several could be chosen."
    values = [Bar(label, number) for label, number in tally.counts.items()]
    return bar_chart(name, f"{tally.ref} {tally.text}".strip(), summary, values, unit=who, category="Answer")
