"""The list of recipients: one row of the ledger for each, made by the database in one statement."""

from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from engagement.bulletins.audience import Rule, audience
from engagement.bulletins.models import Bulletin, Delivery
from engagement.post.models import State

__all__ = ["UUIDS", "expand", "statement"]

#: A new uuid for each row, as each database keeps them.
UUIDS = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}


def expand(bulletin: Bulletin) -> int:
    """Write a row for everybody in the audience who has none yet; give how many were added.

    All or nothing, and safe to repeat: whoever is in the ledger stays there once. Call it while the bulletin is
    locked, so that two runners don't count at the same time.
    """
    sql, params = statement(bulletin)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def statement(bulletin: Bulletin) -> tuple[str, tuple[Any, ...]]:
    """The statement, for a bulletin that is approved: its audience is that of the frozen rule."""
    frozen = (bulletin.frozen or {})["audience"]
    people = audience(Rule(tuple(frozen["frequencies"]), tuple(frozen["topics"])))
    chosen, chosen_params = people.order_by().values("id", "address_hash").query.sql_with_params()
    now = timezone.now()
    values = {
        "state": State.PENDING.value,
        "due_at": now,
        "attempts": 0,
        "claimed_by": "",
        "reason": "",
        "response": "",
        "provider_id": "",
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
        f"SELECT {UUIDS[connection.vendor]}, {places}, people.id, people.address_hash "
        f"FROM ({chosen}) people WHERE people.id > 0 ORDER BY people.id "
        f"ON CONFLICT ({quote('bulletin_id')}, {quote('address_hash')}) DO NOTHING"
    )
    return sql, (*adapted, *chosen_params)
