"""Who gets a bulletin."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from engagement.bulletins.models import Bulletin
from engagement.mailing_list.models import Frequency, Subscription, Suppression, Topic

__all__ = ["AudienceCounts", "AudienceRule", "audience_rule", "count_audience", "subscriptions_for"]

Kind = Bulletin.Kind


@dataclass(frozen=True, slots=True)
class AudienceRule:
    """Whom a bulletin is for: how often they want to hear, and about what. No topics: everybody."""

    frequencies: tuple[str, ...]
    topics: tuple[str, ...]

    @property
    def is_for_everybody(self) -> bool:
        """Whether it goes out whatever somebody chose to hear about."""
        return not self.topics

    def takes(self, topics: Iterable[str], whole: bool) -> bool:
        """Whether somebody who chose ``topics`` (slugs), or the ``whole`` strategy, is among them."""
        return whole or self.is_for_everybody or not set(self.topics).isdisjoint(topics)


def frequencies_for(kind: str, cannot_wait: bool) -> tuple[str, ...]:
    """Who hears of it now. Weekly and monthly readers find a bulletin inside their next digest."""
    if kind == Kind.WEEKLY:
        return (Frequency.WEEKLY.value,)
    if kind == Kind.MONTHLY:
        return (Frequency.MONTHLY.value,)
    return tuple(Frequency.values) if cannot_wait else (Frequency.IMMEDIATE.value,)


def audience_rule(bulletin: Bulletin, topics: Iterable[str] | None = None) -> AudienceRule:
    """The rule of a bulletin as it stands, or with these topics (slugs) in the place of its own."""
    chosen = [topic.slug for topic in bulletin.topics.all()] if topics is None else topics
    return AudienceRule(frequencies_for(bulletin.kind, bulletin.cannot_wait), tuple(sorted(set(chosen))))


def subscriptions_for(rule: AudienceRule) -> QuerySet[Subscription]:
    """Everybody who gets it if it is sent now."""
    people = Subscription.objects.receiving().filter(frequency__in=rule.frequencies)
    if not rule.is_for_everybody:
        chosen = Subscription.topics.through.objects.filter(subscription=OuterRef("pk"))
        wanted = Q(topic__slug__in=rule.topics) | Q(topic__group=Topic.Group.WHOLE)
        people = people.filter(Exists(chosen.filter(wanted)))
    return people.exclude(Exists(Suppression.objects.filter(address_hash=OuterRef("address_hash"))))


@dataclass(frozen=True, slots=True)
class AudienceCounts:
    """How many get it: in all, by topic chosen (who chose two counts in both), by how often they want to hear."""

    total: int
    by_topic: list[tuple[str, int]]
    by_frequency: list[tuple[str, int]]


def count_audience(rule: AudienceRule) -> AudienceCounts:
    """Count the audience. Three queries."""
    people = subscriptions_for(rule)
    topics = Topic.objects.annotate(people=Count("subscriptions", filter=Q(subscriptions__in=people)))
    # Counting takes the order of its model from a query.
    topics = topics.order_by("order", "name")
    by_topic = [(topic.name, topic.people) for topic in topics if topic.people]
    counted = dict(people.order_by().values_list("frequency").annotate(Count("pk")))
    by_frequency = [(str(label), counted[value]) for value, label in Frequency.choices if value in counted]
    return AudienceCounts(sum(counted.values()), by_topic, by_frequency)
