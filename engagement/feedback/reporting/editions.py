"""Editions of a round's figures: what is public stands as it was counted, and moves on in steps.

If figures followed each withdrawal, whoever kept yesterday's could subtract today's, and would see what one person had
answered. So a row of figures is counted anew, and takes the place of the old one, only when each of its numbers is the
same or moved by the round's smallest number or more. Nobody's words are in an edition: those leave the site at once.
"""

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from engagement.feedback.analysis.disclosure_control import PublishedTally, may_follow, restrict
from engagement.feedback.analysis.form_history import FormHistory
from engagement.feedback.models import FeedbackRound, ResultsEdition
from engagement.feedback.reporting.published_figures import (
    GroupFigures,
    PropositionSupport,
    PublishedFigures,
    count_figures,
    proposition_support,
    published_total,
)
from engagement.feedback.schema import FormSchema, RatedProposition

Data = dict[str, Any]
PeopleAndTables = tuple[PropositionSupport, PropositionSupport]


def published_figures(round_: FeedbackRound) -> PublishedFigures:
    """Load the figures that are public, as they were counted for their edition. Two queries.

    A round that was reported back before there were editions gets its first. Whoever raised the round's smallest number
    since hides more of what stands.
    """
    edition = ResultsEdition.objects.filter(round=round_).first() or update_edition(round_)
    figures, threshold = _figures(edition, FormHistory.of(round_).form), round_.suppression_threshold

    def group(whole: GroupFigures) -> GroupFigures:
        stances = {key: _restrict_support(support, threshold) for key, support in whole.stances.items()}
        choices = {key: restrict(tally, threshold) for key, tally in whole.choices.items()}
        answered = None if whole.answered and whole.answered < threshold else whole.answered
        return GroupFigures(answered, stances, choices)

    return replace(figures, people=group(figures.people), tables=group(figures.tables))


def published_support(rounds: list[FeedbackRound], rated: RatedProposition) -> dict[int, PeopleAndTables]:
    """Load how far each of ``rounds`` supports a proposition, by the round: people, then tables. One query."""
    thresholds, found = {round_.pk: round_.suppression_threshold for round_ in rounds}, {}
    for edition in ResultsEdition.objects.filter(round__in=rounds):
        groups = (edition.figures[group]["stances"].get(rated.key) for group in ("people", "tables"))
        people, tables = (_restrict_support(_support(rated, row), thresholds[edition.round_id]) for row in groups)
        found[edition.round_id] = people, tables
    return found


def _restrict_support(support: PropositionSupport, threshold: int) -> PropositionSupport:
    whole = restrict(support.whole, threshold)
    by_version = {number: restrict(tally, threshold) for number, tally in support.by_version.items()}
    if whole == support.whole and by_version == support.by_version:
        return support
    return PropositionSupport(whole, (), {})


def update_edition(round_: FeedbackRound) -> ResultsEdition:
    """Count a round anew, and publish the rows that may move on as the next edition of its figures."""
    with transaction.atomic():
        # Whoever else counts at the same moment waits here, and then compares with what was published meanwhile.
        FeedbackRound.objects.select_for_update().get(pk=round_.pk)
        fresh = count_figures(round_)
        edition = ResultsEdition.objects.filter(round=round_).first()
        if edition is None:
            return ResultsEdition.objects.create(round=round_, figures=_data(fresh))
        figures = _data(_next(round_, _figures(edition, fresh.form), fresh))
        if figures != edition.figures:
            edition.number, edition.counted_at, edition.figures = edition.number + 1, timezone.now(), figures
            edition.save()
    return edition


def _next(round_: FeedbackRound, before: PublishedFigures, fresh: PublishedFigures) -> PublishedFigures:
    """The figures after ``before``: of each row the fresh one if it may follow, else the one that stands."""
    threshold = round_.suppression_threshold

    def support(old: PropositionSupport, new: PropositionSupport) -> PropositionSupport:
        versions = old.by_version.keys() & new.by_version.keys()
        pairs = [(old.whole, new.whole), *((old.by_version[number], new.by_version[number]) for number in versions)]
        return new if new != old and all(may_follow(*pair, threshold) for pair in pairs) else old

    def group(old: GroupFigures, new: GroupFigures) -> GroupFigures:
        stances = {key: support(old.stances[key], row) for key, row in new.stances.items()}
        choices = {
            key: row if row != old.choices[key] and may_follow(old.choices[key], row, threshold) else old.choices[key]
            for key, row in new.choices.items()
        }
        answered = published_total(round_, fresh.form, new.answered, stances, choices)
        moves = old.answered is None or (answered is not None and abs(answered - old.answered) >= threshold)
        return GroupFigures(answered if moves else old.answered, stances, choices)

    tables = group(before.tables, fresh.tables)
    seated = before.seated if tables.answered == before.tables.answered else fresh.seated
    return PublishedFigures(fresh.form, group(before.people, fresh.people), tables, seated)


# --- As data: lists of pairs, since JSON in PostgreSQL keeps no order of keys ----------------------


def _data(figures: PublishedFigures) -> Data:
    return {"people": _group_data(figures.people), "tables": _group_data(figures.tables), "seated": figures.seated}


def _group_data(group: GroupFigures) -> Data:
    return {
        "answered": group.answered,
        "stances": {key: _support_data(support) for key, support in group.stances.items()},
        "choices": {key: _tally_data(tally) for key, tally in group.choices.items()},
    }


def _support_data(support: PropositionSupport) -> Data:
    by_version = [[number, _tally_data(tally)] for number, tally in support.by_version.items()]
    return {"whole": _tally_data(support.whole), "versions": [*support.versions], "by_version": by_version}


def _tally_data(tally: PublishedTally) -> Data:
    return {
        "counts": [[*item] for item in tally.counts.items()],
        "parts": [[*item] for item in tally.parts.items()],
        "answered": tally.answered,
        "on": tally.counted_on or timezone.localdate().isoformat(),
    }


def _figures(edition: ResultsEdition, form: FormSchema) -> PublishedFigures:
    people, tables = (_group(edition.figures[name], form) for name in ("people", "tables"))
    return PublishedFigures(form, people, tables, edition.figures["seated"], edition)


def _group(data: Data, form: FormSchema) -> GroupFigures:
    stances = {rated.key: _support(rated, data["stances"].get(rated.key)) for rated in form.propositions()}
    choices = {
        item.key: _tally(item.key, item.ref, item.text, data["choices"][item.key], several=item.kind == "choices")
        for item in form.questions()
        if item.key in data["choices"]
    }
    return GroupFigures(data["answered"], stances, choices)


def _support(rated: RatedProposition, data: Data | None) -> PropositionSupport:
    if data is None:
        return proposition_support(rated, {}, 0)

    def tally(row: Data) -> PublishedTally:
        return _tally(rated.key, rated.ref, rated.title, row)

    by_version = {number: tally(row) for number, row in data["by_version"]}
    return PropositionSupport(tally(data["whole"]), tuple(data["versions"]), by_version)


def _tally(key: str, ref: str, text: str, data: Data, *, several: bool = False) -> PublishedTally:
    counts, parts = dict(data["counts"]), dict(data["parts"])
    return PublishedTally(key, ref, text, counts, data["answered"], several, parts, data["on"])
