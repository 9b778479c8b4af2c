"""Values that can only be finished once everything they refer to is in the database."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

__all__ = ["Cell", "Deferred", "Html", "Lookup", "Ref", "Stream"]


class Cell(str):
    """A cell of a CSV file, which is a number or a date where its field takes one."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """Another entry, by its kind and key."""

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"

    @property
    def refs(self) -> Iterator["Ref"]:
        yield self

    def resolve(self, lookup: "Lookup") -> int:
        return lookup(self)


#: Gives the primary key of the object that an entry became.
Lookup = Callable[[Ref], int]


class Deferred(Protocol):
    """A value with references in it. ``resolve`` turns it into what the model stores."""

    @property
    def refs(self) -> Iterator[Ref]: ...

    def resolve(self, lookup: Lookup) -> Any: ...


@dataclass(frozen=True, slots=True)
class Html:
    """Rich text in pieces: strings of HTML, and references that become page links."""

    pieces: tuple[str | Ref, ...]

    @property
    def refs(self) -> Iterator[Ref]:
        return (piece for piece in self.pieces if isinstance(piece, Ref))

    def resolve(self, lookup: Lookup) -> str:
        return "".join(
            piece if isinstance(piece, str) else f'<a linktype="page" id="{lookup(piece)}">' for piece in self.pieces
        )


@dataclass(frozen=True, slots=True)
class Stream:
    """The blocks of a StreamField: type, value (plain or deferred, mappings one deep) and id."""

    blocks: tuple[tuple[str, Any, str], ...]

    @property
    def refs(self) -> Iterator[Ref]:
        for _type, value, _id in self.blocks:
            for part in value.values() if isinstance(value, dict) else [value]:
                if hasattr(part, "refs"):
                    yield from part.refs

    def resolve(self, lookup: Lookup) -> str:
        def plain(value: Any) -> Any:
            if isinstance(value, dict):
                return {name: plain(part) for name, part in value.items()}
            return value.resolve(lookup) if hasattr(value, "resolve") else value

        return json.dumps([{"type": type_, "value": plain(value), "id": id_} for type_, value, id_ in self.blocks])
