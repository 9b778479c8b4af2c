"""The list of recipients: one row of the ledger for each, made by the database in one statement."""

from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from engagement.bulletins.audience import AudienceRule, subscriptions_for
from engagement.bulletins.models import Bulletin, Delivery
from engagement.mail.models import DeliveryState

__all__ = ["UUID_SQL", "add_recipients", "insert_statement"]

#: A new uuid for each row, as each database keeps them.
UUID_SQL = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}


def add_recipients(bulletin: Bulletin) -> int:
    """Write a row for everybody in the audience who has none yet; give how many were added.

    All or nothing, and safe to repeat: whoever is in the ledger stays there once. Call it while the bulletin is
    locked, so that two runners don't count at the same time.
    """
    sql, params = insert_statement(bulletin)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def insert_statement(bulletin: Bulletin) -> tuple[str, tuple[Any, ...]]:
    """The statement, for a bulletin that is approved: its audience is that of the frozen rule."""
    frozen = (bulletin.frozen or {})["audience"]
    people = subscriptions_for(AudienceRule(tuple(frozen["frequencies"]), tuple(frozen["topics"])))
    chosen, chosen_params = people.order_by().values("id", "address_hash").query.sql_with_params()
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
    adapted = [fields[name].get_db_prep_value(value, connection) for name, value in values.items()]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in ("uuid", *values, "subscription_id", "address_hash"))
    table = quote(Delivery._meta.db_table)
    places = ", ".join(["%s"] * len(values))
    # Every part is a name of ours; values travel beside the statement. WHERE tells SQLite that ON CONFLICT
    # belongs to the INSERT.
    sql = (
        f"INSERT INTO {table} ({columns}) "  # noqa: S608
        f"SELECT {UUID_SQL[connection.vendor]}, {places}, people.id, people.address_hash "
        f"FROM ({chosen}) people WHERE people.id > 0 ORDER BY people.id "
        f"ON CONFLICT ({quote('bulletin_id')}, {quote('address_hash')}) DO NOTHING"
    )
    return sql, (*adapted, *chosen_params)
