"""Model fields that every app uses."""

from typing import Any

from wagtail.fields import StreamField as WagtailStreamField

__all__ = ["StreamField"]


class StreamField(WagtailStreamField):
    """Wagtail's StreamField, with its block definitions kept out of migrations.

    Blocks describe forms and templates; the database column is JSON whatever they are. Writing them
    into migrations makes a migration of every changed help text, so migrations see no blocks at all.
    A change to stored block *values* still needs a data migration.
    """

    def __init__(self, block_types: Any = None, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("block_lookup", None)
        super().__init__(block_types or [], *args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs
