"""The published figures of a round: worked out in one place, and shown by the results page, beside a proposition, and
in the open data. Since all of them show the same figures, nothing can be worked out from one with the help of another.

Never published: how many took which stance among those who gave a certain answer, or anything else that ties two
answers of one person together.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Sum

from engagement.feedback.analysis.counts import (
    PERSON_MODES,
    TABLE_MODES,
    stances_by_version,
    tally_choices,
    tally_of_stances,
)
from engagement.feedback.analysis.disclosure_control import PublishedTally, publish_tally
from engagement.feedback.analysis.form_history import FormHistory
from engagement.feedback.models import FeedbackRound
from engagement.feedback.schema import FormSchema, RatedProposition


@dataclass(frozen=True, slots=True)
class PropositionSupport:
    """How far one proposition is supported."""

    whole: PublishedTally
    #: The numbers of the versions that were responded to.
    versions: tuple[int, ...]
    #: The same for each version; empty with one version, and where that would show small numbers.
    by_version: Mapping[int, PublishedTally]

    @property
    def split_is_hidden(self) -> bool:
        """Whether versions could be told apart, and aren't."""
        return len(self.versions) > 1 and not self.by_version


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


def published_figures(round_: FeedbackRound) -> PublishedFigures:
    """Work out the figures of a round as they may be published. A fixed number of queries."""
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
    by_version = stances_by_version([round_], modes)
    stances = {
        rated.key: proposition_support(rated, by_version.get((round_.pk, rated.proposition), {}), threshold)
        for rated in form.propositions()
    }
    choices = {tally.key: publish_tally(tally, threshold) for tally in tally_choices(round_, form, modes)}
    # Whoever responds to five propositions sends five responses to the standing round: as many people as took a
    # stance on one proposition are sure to be different ones.
    on_one = max((support.whole.tally.answered for support in stances.values()), default=0)
    people = min(answered, on_one) if round_.is_standing else answered
    return GroupFigures(None if answered and people < threshold else answered, stances, choices)


def proposition_support(
    rated: RatedProposition, by_version: Mapping[int, Mapping[str, int]], threshold: int
) -> PropositionSupport:
    """Work out what may be published of the stances on a proposition, by the version they were given to.

    The versions together are published as any row is. Apart they are only published where none of their counts is
    small: then nothing is hidden in either, and neither says more about the other than it shows.
    """
    together: Counter[str] = Counter()
    for counts in by_version.values():
        together.update(counts)
    whole = publish_tally(tally_of_stances(rated, together), threshold)
    versions = tuple(sorted(by_version))
    apart = {number: publish_tally(tally_of_stances(rated, by_version[number]), threshold) for number in versions}
    may_split = len(versions) > 1 and all(tally.is_complete for tally in apart.values())
    return PropositionSupport(whole, versions, apart if may_split else {})
