"""Model fields used in every app."""

from typing import Any

from wagtail.fields import StreamField as WagtailStreamField


class StreamField(WagtailStreamField):
    """Wagtail's StreamField without its block definitions in migrations.

    Blocks describe forms and templates; the database column is JSON whatever they are. In migrations, every changed
    help text would make a new one. A change to stored block *values* still needs a data migration.
    """

    def __init__(self, block_types: Any = None, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("block_lookup", None)
        super().__init__(block_types or [], *args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs
