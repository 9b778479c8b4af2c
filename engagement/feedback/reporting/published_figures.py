"""The published figures of a round: worked out in one place, and shown by the results page, beside a proposition, and
in the open data. Since all of them show the same figures, nothing can be worked out from one with the help of another.

Never published: how many took which stance among those who gave a certain answer, or anything else that ties two
answers of one person together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Sum

from engagement.feedback.analysis.counts import (
    PERSON_MODES,
    TABLE_MODES,
    PublishedTally,
    publish_tally,
    stances_by_version,
    tally_choices,
    tally_of_stances,
)
from engagement.feedback.models import FeedbackRound
from engagement.feedback.schema import FormPage, FormSchema, RatedProposition

__all__ = [
    "GroupFigures",
    "PropositionSupport",
    "PublishedFigures",
    "merged_form",
    "proposition_support",
    "published_figures",
]

#: The key of the page that holds what only earlier versions of a form asked.
EARLIER_PAGE_KEY = "earlier"


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


def published_figures(feedback_round: FeedbackRound) -> PublishedFigures:
    """The figures of a round as they may be published. A fixed number of queries."""
    form = merged_form([one.form for one in feedback_round.forms.order_by("number")])
    counted = feedback_round.responses.counted().values_list("mode").order_by()
    by_mode = {mode: (number, seats or 0) for mode, number, seats in counted.annotate(Count("pk"), Sum("people"))}
    groups = [_group_figures(feedback_round, form, modes, by_mode) for modes in (PERSON_MODES, TABLE_MODES)]
    seated = sum(by_mode[mode][1] for mode in TABLE_MODES if mode in by_mode)
    return PublishedFigures(form, groups[0], groups[1], None if groups[1].answered is None else seated)


def _group_figures(
    feedback_round: FeedbackRound, form: FormSchema, modes: Iterable[str], by_mode: Mapping[str, tuple[int, int]]
) -> GroupFigures:
    smallest = feedback_round.suppression_threshold
    answered = sum(by_mode[mode][0] for mode in modes if mode in by_mode)
    found = stances_by_version([feedback_round], modes)
    stances = {
        rated.key: proposition_support(rated, found.get((feedback_round.pk, rated.proposition), {}), smallest)
        for rated in form.rated()
    }
    choices = {tally.key: publish_tally(tally, smallest) for tally in tally_choices(feedback_round, form, modes)}
    # Whoever responds to five propositions sends five responses to the standing round.
    alone = max((one.whole.tally.answered for one in stances.values()), default=0)
    surely = min(answered, alone) if feedback_round.is_standing else answered
    return GroupFigures(None if answered and surely < smallest else answered, stances, choices)


def proposition_support(
    rated: RatedProposition, by_version: Mapping[int, Mapping[str, int]], smallest: int
) -> PropositionSupport:
    """What may be published of the stances on a proposition, by the version they were given to.

    The versions together are published as any row is. Apart they are only published where none of their counts is
    small: then nothing is hidden in either, and neither says more about the other than it shows.
    """
    together: dict[str, int] = {}
    for counts in by_version.values():
        for stance, count in counts.items():
            together[stance] = together.get(stance, 0) + count
    whole = publish_tally(tally_of_stances(rated, together), smallest)
    numbers = tuple(sorted(by_version))
    apart = {number: publish_tally(tally_of_stances(rated, by_version[number]), smallest) for number in numbers}
    may_split = len(numbers) > 1 and all(one.is_complete for one in apart.values())
    return PropositionSupport(whole, numbers, apart if may_split else {})


def merged_form(forms: Iterable[FormSchema]) -> FormSchema:
    """The newest form, and on a page of its own what only earlier ones asked. ``forms`` are in their order.

    Nothing that was answered falls out of the results because the form was changed afterwards.
    """
    versions = list(forms)
    if not versions:
        return FormSchema("", "", "")
    newest = versions[-1]
    rated = {one.key: one for form in versions for one in form.rated()}
    items = {one.key: one for form in versions for one in form.items()}
    for one in newest.rated():
        # One that is asked about twice, as some were, is taken out once.
        rated.pop(one.key, None)
    for item in newest.items():
        items.pop(item.key, None)
    if not rated and not items:
        return newest
    title = "Asked in an earlier version of the form"
    rest = FormPage(EARLIER_PAGE_KEY, title, rated=tuple(rated.values()), items=tuple(items.values()))
    return FormSchema(newest.title, newest.intro, newest.privacy, (*newest.pages, rest))
