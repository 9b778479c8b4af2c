"""Whether the form may cause a mail, which goes to an address that nobody confirmed. A complaint is always taken.

The room above knows: it guards all forms, and keeps the addresses that nothing may be sent to. It registers here.
"""

from collections.abc import Callable

from django.http import HttpRequest

__all__ = ["forbids", "guards", "is_forbidden", "may_be_caused"]

#: Counts a use of the form, and says whether it may cause a mail. It isn't told to which address.
Guard = Callable[[HttpRequest], bool]
_guards: list[Guard] = []
#: Says whether nothing may be sent to the address with a hash.
Ban = Callable[[str], bool]
_bans: list[Ban] = []


def guards(guard: Guard) -> Guard:
    """Register a function that counts uses of the form."""
    _guards.append(guard)
    return guard


def forbids(ban: Ban) -> Ban:
    """Register a function that knows addresses to which nothing may be sent."""
    _bans.append(ban)
    return ban


def may_be_caused(request: HttpRequest) -> bool:
    """Whether a receipt may be mailed for this use of the form, which is counted by it."""
    return all(guard(request) for guard in _guards)


def is_forbidden(address_hash: str) -> bool:
    """Whether nothing may be sent to the address with this hash."""
    return any(ban(address_hash) for ban in _bans)
