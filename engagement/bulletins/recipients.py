"""Who gets a bulletin: the rule, the subscriptions it selects, and the deliveries written for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from engagement.bulletins.models import Bulletin, Delivery
from engagement.mail.models import DeliveryState
from engagement.mailing_list.models import Frequency, Subscription, Suppression, Topic

__all__ = ["UUID_SQL", "AudienceCounts", "AudienceRule", "add_recipients", "count_audience", "subscriptions_for"]

#: How each database makes a new uuid for a row.
UUID_SQL = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}


@dataclass(frozen=True, slots=True)
class AudienceRule:
    """Whom a bulletin is for: by how often they want to hear, and by topic (slugs). No topics: everybody."""

    frequencies: tuple[str, ...]
    topics: tuple[str, ...]

    @classmethod
    def for_bulletin(cls, bulletin: Bulletin, topics: Iterable[str] | None = None) -> "AudienceRule":
        """Return the rule of a bulletin as it stands, or with ``topics`` in place of its own."""
        slugs = [topic.slug for topic in bulletin.topics.all()] if topics is None else topics
        return cls(frequencies_for(bulletin.kind, bulletin.cannot_wait), tuple(sorted(set(slugs))))

    @classmethod
    def from_snapshot(cls, snapshot: dict[str, Any] | None) -> "AudienceRule":
        """Return the rule that was approved."""
        audience = (snapshot or {})["audience"]
        return cls(tuple(audience["frequencies"]), tuple(audience["topics"]))

    def includes(self, topics: Iterable[str], everything: bool) -> bool:
        """Whether somebody who chose these topics (``everything``: the whole strategy) is in the audience."""
        return not self.topics or everything or not set(self.topics).isdisjoint(topics)


def frequencies_for(kind: str, cannot_wait: bool) -> tuple[str, ...]:
    """Return who gets a kind of bulletin now. Weekly and monthly readers find a bulletin in their next digest."""
    if kind in Bulletin.DIGEST_KINDS:
        return (Frequency(kind).value,)
    return tuple(Frequency.values) if cannot_wait else (Frequency.IMMEDIATE.value,)


def subscriptions_for(rule: AudienceRule) -> QuerySet[Subscription]:
    """Return everybody who would get a bulletin of this rule if it were sent now."""
    subscriptions = Subscription.objects.receiving().filter(frequency__in=rule.frequencies)
    if rule.topics:
        chosen = Subscription.topics.through.objects.filter(subscription=OuterRef("pk"))
        wanted = Q(topic__slug__in=rule.topics) | Q(topic__group=Topic.Group.WHOLE)
        subscriptions = subscriptions.filter(Exists(chosen.filter(wanted)))
    return subscriptions.exclude(Exists(Suppression.objects.filter(address_hash=OuterRef("address_hash"))))


@dataclass(frozen=True, slots=True)
class AudienceCounts:
    """How many people get it: in all, by topic (who chose two counts in both), and by frequency."""

    total: int
    by_topic: list[tuple[str, int]]
    by_frequency: list[tuple[str, int]]


def count_audience(rule: AudienceRule) -> AudienceCounts:
    """Count the audience. Three queries."""
    people = subscriptions_for(rule)
    topics = Topic.objects.annotate(people=Count("subscriptions", filter=Q(subscriptions__in=people)))
    # Grouping drops the model's own order.
    topics = topics.order_by("order", "name")
    by_topic = [(topic.name, topic.people) for topic in topics if topic.people]
    counts = dict(people.order_by().values_list("frequency").annotate(Count("pk")))
    by_frequency = [(str(label), counts[value]) for value, label in Frequency.choices if value in counts]
    return AudienceCounts(sum(counts.values()), by_topic, by_frequency)


def add_recipients(bulletin: Bulletin) -> int:
    """Write a delivery for everybody in the audience who has none yet, in one statement; return how many were added.

    All or nothing, and safe to repeat. Call it while the bulletin is locked, so that two workers don't count at the
    same time.
    """
    sql, params = insert_statement(bulletin)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def insert_statement(bulletin: Bulletin) -> tuple[str, tuple[Any, ...]]:
    """Return the INSERT … SELECT for the audience of the approved snapshot."""
    people = subscriptions_for(AudienceRule.from_snapshot(bulletin.snapshot))
    select, select_params = people.order_by().values("id", "address_hash").query.sql_with_params()
    now = timezone.now()
    values = {
        "state": DeliveryState.PENDING.value,
        "due_at": now,
        "attempts": 0,
        "claimed_by": "",
        "reason": "",
        "response": "",
        "provider_message_id": "",
        "created_at": now,
        "bulletin_id": bulletin.pk,
    }
    fields = {field.attname: field for field in Delivery._meta.concrete_fields}
    params = [fields[name].get_db_prep_value(value, connection) for name, value in values.items()]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in ("uuid", *values, "subscription_id", "address_hash"))
    markers = ", ".join(["%s"] * len(values))
    # Every part is a name of ours; values travel beside the statement. WHERE tells SQLite that ON CONFLICT
    # belongs to the INSERT.
    sql = (
        f"INSERT INTO {quote(Delivery._meta.db_table)} ({columns}) "  # noqa: S608
        f"SELECT {UUID_SQL[connection.vendor]}, {markers}, people.id, people.address_hash "
        f"FROM ({select}) people WHERE people.id > 0 ORDER BY people.id "
        f"ON CONFLICT ({quote('bulletin_id')}, {quote('address_hash')}) DO NOTHING"
    )
    return sql, (*params, *select_params)
