"""What of a round's figures may be published: worked out in one place. What is published is an edition of it, which the
results page, propositions and the open data all show (``editions.py``): since it is the same everywhere, nothing can be
worked out from one with the help of another.

Never published: how many took which stance among those who gave a certain answer, or anything else that ties two
answers of one person together.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Count, Sum

from engagement.feedback.analysis.counts import (
    PERSON_MODES,
    TABLE_MODES,
    stances_by_version,
    tally_choices,
    tally_of_stances,
)
from engagement.feedback.analysis.disclosure_control import (
    PublishedTally,
    may_split,
    publish_responses,
    publish_tally,
)
from engagement.feedback.analysis.form_history import FormHistory
from engagement.feedback.models import FeedbackRound, ResultsEdition
from engagement.feedback.schema import FormSchema, RatedProposition

#: The columns of stances in a table, the same whether or not a row tells strong stances apart.
STANCE_COLUMNS = (
    "Support, strongly or not",
    "Strongly support",
    "Neither",
    "Oppose, strongly or not",
    "Strongly oppose",
    "Unsure",
)


def stance_cells(published: PublishedTally) -> list[int | None]:
    """The numbers of STANCE_COLUMNS; None for what is hidden or not told apart."""
    counts = {**published.counts, **published.parts}
    return [counts.get(column) for column in STANCE_COLUMNS]


@dataclass(frozen=True, slots=True)
class PropositionSupport:
    """How far one proposition is supported."""

    whole: PublishedTally
    #: The numbers of the versions that were responded to: of one, or of those that are told apart. Else that somebody
    #: responded to each of them would say too much of a few.
    versions: tuple[int, ...]
    #: The same for each version; empty with one version, and where one of the numbers can't be split.
    by_version: Mapping[int, PublishedTally]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is hidden, and versions are told apart where there are several."""
        return self.whole.is_complete and (bool(self.versions) or not self.whole.answered)


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """What one kind of respondents said: people, or tables in the room.

    ``answered`` is how many responses were sent in, whoever sent several of them; None where it is hidden.
    """

    answered: int | None
    #: By the key of what is rated.
    stances: Mapping[str, PropositionSupport]
    #: By the key of the question.
    choices: Mapping[str, PublishedTally]

    @property
    def is_empty(self) -> bool:
        """Whether nobody of them answered."""
        return self.answered == 0


@dataclass(frozen=True, slots=True)
class PublishedFigures:
    """All figures of a round that may be published."""

    form: FormSchema
    people: GroupFigures
    tables: GroupFigures
    #: How many sat at the tables.
    seated: int | None
    #: The edition they stand in; None for figures as they are now, which staff see before they are published.
    edition: ResultsEdition | None = None


def count_figures(round_: FeedbackRound) -> PublishedFigures:
    """Work out the figures of a round as they may be published now. A fixed number of queries."""
    form = FormHistory.of(round_).form
    counted = round_.responses.counted().values_list("mode").order_by()
    by_mode = {mode: (number, seats or 0) for mode, number, seats in counted.annotate(Count("pk"), Sum("people"))}
    people, tables = (_group_figures(round_, form, modes, by_mode) for modes in (PERSON_MODES, TABLE_MODES))
    seated = sum(by_mode[mode][1] for mode in TABLE_MODES if mode in by_mode)
    return PublishedFigures(form, people, tables, None if tables.answered is None else seated)


def _group_figures(
    round_: FeedbackRound, form: FormSchema, modes: Iterable[str], by_mode: Mapping[str, tuple[int, int]]
) -> GroupFigures:
    threshold = round_.suppression_threshold
    answered = sum(by_mode[mode][0] for mode in modes if mode in by_mode)
    by_version = stances_by_version(round_, modes)
    stances = {
        rated.key: proposition_support(rated, by_version.get(rated.proposition, {}), threshold)
        for rated in form.propositions()
    }
    choices = {tally.key: publish_tally(tally, threshold) for tally in tally_choices(round_, form, modes)}
    return GroupFigures(published_total(round_, form, answered, stances, choices), stances, choices)


def published_total(
    round_: FeedbackRound,
    form: FormSchema,
    answered: int | None,
    stances: Mapping[str, PropositionSupport],
    choices: Mapping[str, PublishedTally],
) -> int | None:
    """How many responses may be said to have been sent in, beside the figures that are published."""
    totals = [tally.answered for tally in (*(support.whole for support in stances.values()), *choices.values())]
    # Whoever responds to five propositions sends five responses to the standing round: only as many people as took a
    # stance on one proposition are sure to be different ones.
    if round_.is_standing and answered and not any(totals):
        return None
    is_covered = not stances and all(question.choices for question in form.questions())
    return publish_responses(
        answered, totals, round_.suppression_threshold, is_covered=is_covered, is_apart=round_.is_standing
    )


def proposition_support(
    rated: RatedProposition, by_version: Mapping[int, Mapping[str, int]], threshold: int
) -> PropositionSupport:
    """Work out what may be published of the stances on a proposition, by the version they were given to.

    The versions together are published as any row is. Apart they are published in the same classes, and only where
    each number that is published of all may be split into those of the versions.
    """
    together: Counter[str] = Counter()
    for counts in by_version.values():
        together.update(counts)
    whole = publish_tally(tally_of_stances(rated, together), threshold)
    versions = tuple(sorted(by_version)) if whole.answered else ()
    if len(versions) < 2:
        return PropositionSupport(whole, versions, {})
    tallies = {number: tally_of_stances(rated, by_version[number]) for number in versions}
    groups = {
        number: {name: sum(tally.counts[stance] for stance in members) for name, members in tally.groups.items()}
        for number, tally in tallies.items()
    }
    finest = [tallies[number].counts if whole.parts else groups[number] for number in versions]
    can_split = all(may_split([counts[name] for counts in finest], threshold) for name in whole.finest)
    if not whole.is_complete or not can_split:
        return PropositionSupport(whole, (), {})
    apart = {
        number: replace(
            whole, counts=groups[number], answered=tally.answered, parts=tally.counts if whole.parts else {}
        )
        for number, tally in tallies.items()
    }
    return PropositionSupport(whole, versions, apart)
