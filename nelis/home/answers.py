"""The six questions that readers come with, each answered in a sentence from what the site holds."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from engagement.feedback.models import FeedbackRound
from nelis.core.dates import partial_date
from nelis.evidence.models import Finding
from nelis.home.models.timeline import TimelinePage
from nelis.progress.models import TargetIndexPage, TargetPage
from sectors.models import (
    EvidenceLink,
    FindingIndexPage,
    PropositionIndexPage,
    PropositionPage,
    SectorIndexPage,
    SectorPage,
    Stage,
    SubSectorPage,
)
from sectors.models.sectors import ContentStatus

__all__ = ["ANSWERED_TYPES", "Answer", "count_with_noun", "number_in_words", "six_answers"]

Pages = Mapping[type[Any], Sequence[Any]]
#: The types of the pages that answers are made from, or lead to.
ANSWERED_TYPES = (
    FindingIndexPage,
    PropositionIndexPage,
    PropositionPage,
    SectorIndexPage,
    SectorPage,
    SubSectorPage,
    TargetIndexPage,
    TargetPage,
    TimelinePage,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A question, what answers it in a word or two, the answer in a sentence, and where the rest of it is."""

    question: str
    heading: str
    text: str
    url: str


def six_answers(pages: Pages, targets_text: str) -> list[Answer]:
    """The answers to what is proposed, for whom, on what evidence, how far, what changed and what readers think.

    ``pages`` are the live pages by type. A question is left out when the page that has the rest isn't there. Two
    queries.
    """
    answers = [
        what_is_proposed(pages),
        for_whom(pages),
        on_what_evidence(pages),
        how_far(pages, targets_text),
        what_changed(pages),
        what_you_think(),
    ]
    return [answer for answer in answers if answer.url]


def what_is_proposed(pages: Pages) -> Answer:
    """How many propositions there are, on what, and at which stages."""
    propositions = pages[PropositionPage]
    titles = {theme.pk: theme.title.lower() for theme in [*pages[SectorPage], *pages[SubSectorPage]]}
    led = list(dict.fromkeys(titles[page.lead_theme_id] for page in propositions if page.lead_theme_id in titles))
    counts = Counter(page.stage for page in propositions)
    stages = [stage for stage in Stage if counts[stage]]
    in_words = [
        stage.label.lower() if len(stages) == 1 else f"{counts[stage]} {stage.label.lower()}" for stage in stages
    ]
    days = {page.as_of for page in propositions if page.as_of}
    as_of = f", as at {partial_date(days.pop(), 'month')}" if len(days) == 1 else ""
    said = [f"{'All on' if len(led) == 1 else 'On'} {and_list(led)}."] if led else []
    said += [f"Stage: {and_list(in_words)}{as_of}."] if stages else []
    heading = capfirst(count_with_noun(len(propositions), "proposition", in_words=True))
    return Answer("What is proposed?", heading, " ".join(said), first_url(pages[PropositionIndexPage]))


def for_whom(pages: Pages) -> Answer:
    """How many sectors there are, and how much of their content is held."""
    titles: dict[str, list[str]] = defaultdict(list)
    for sector in pages[SectorPage]:
        titles[sector.content_status].append(sector.title.lower())
    said = [
        sentence.format(and_list(titles[status]))
        for status, sentence in (
            (ContentStatus.FULL, "Content is held on {}."),
            (ContentStatus.PARTIAL, "In part on {}."),
            (ContentStatus.STUB, "Not held on {}."),
        )
        if titles[status]
    ]
    heading = capfirst(count_with_noun(len(pages[SectorPage]), "sector", in_words=True))
    return Answer("For whom?", heading, " ".join(said), first_url(pages[SectorIndexPage]))


def on_what_evidence(pages: Pages) -> Answer:
    """How many findings there are, and how many of them propositions respond to. One query."""
    links = EvidenceLink.objects.filter(finding=OuterRef("pk"), page__live=True)
    against = Q(relation=EvidenceLink.Relation.CHALLENGES)
    rows = Finding.objects.filter(live=True).values_list(Exists(links.exclude(against)), Exists(links.filter(against)))
    counts = Counter("for" if supports else "against" if challenges else "" for supports, challenges in rows)
    said = [f"{counts['for']} led to a proposition"]
    if counts["against"]:
        said.append(f"{counts['against']} {'counts' if counts['against'] == 1 else 'count'} against one")
    said.append(f"to {counts['']} no proposition responds")
    heading = count_with_noun(counts.total(), "finding")
    return Answer("On what evidence?", heading, f"{and_list(said)}.", first_url(pages[FindingIndexPage]))


def how_far(pages: Pages, text: str) -> Answer:
    """How many targets there are and for when, and ``text`` on how far they have come."""
    targets = pages[TargetPage]
    years = {target.deadline_year for target in targets}
    until = f" for {years.pop()}" if len(years) == 1 else ""
    heading = capfirst(count_with_noun(len(targets), "target", in_words=True)) + until
    return Answer("How far?", heading, text, first_url(pages[TargetIndexPage]))


def what_changed(pages: Pages) -> Answer:
    """The summary of the timeline that begins last."""
    timelines = [page for page in pages[TimelinePage] if page.first_day]
    newest = max(timelines, key=lambda page: page.first_day, default=None)
    return Answer("What changed?", newest.title, newest.summary, newest.url) if newest else Answer("", "", "", "")


def what_you_think() -> Answer:
    """Which rounds of feedback are open today, and until when. One query.

    The home page is kept for a day, so what is said holds for the day.
    """
    today = timezone.localdate()
    rounds = FeedbackRound.objects.filter(state=FeedbackRound.State.OPEN).values_list("title", "opens_at", "closes_at")
    said = []
    for title, opens_at, closes_at in rounds:
        last_day = closes_at and timezone.localdate(closes_at)
        if (opens_at is None or timezone.localdate(opens_at) <= today) and (last_day is None or last_day >= today):
            until = f"until {partial_date(last_day)}" if last_day else "no closing date is set"
            said.append(f"{title}: {until}.")
    text = " ".join(said) or "Nothing is asked at present. What was asked before is on record."
    return Answer("What do you think?", "Have your say", text, reverse("feedback:rounds"))


def first_url(pages: Sequence[Any]) -> str:
    """The address of the first of ``pages``; empty when there is none."""
    return pages[0].url if pages else ""


def and_list(parts: Sequence[str]) -> str:
    """The parts as a list in words: “a, b and c”."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def count_with_noun(number: int, noun: str, *, in_words: bool = False) -> str:
    """A number with its noun in singular or plural."""
    return f"{number_in_words(number) if in_words else number} {noun if number == 1 else f'{noun}s'}"


def number_in_words(number: int) -> str:
    """A number up to twelve in words, a larger one in figures."""
    names = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return names[number] if number < len(names) else str(number)
