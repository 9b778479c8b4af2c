"""Whether the form may cause a mail, which goes to an address that nobody confirmed. A complaint is always taken.

The room above knows: it guards all forms, and keeps the addresses that nothing may be sent to. It registers here.
"""

from collections.abc import Callable

from django.http import HttpRequest

__all__ = ["is_suppressed", "may_send_receipt", "rate_limit", "suppression_check"]

#: Counts a use of the form, and says whether it may cause a mail. It isn't told to which address.
RateLimit = Callable[[HttpRequest], bool]
_rate_limits: list[RateLimit] = []
#: Says whether nothing may be sent to the address with a hash.
SuppressionCheck = Callable[[str], bool]
_suppression_checks: list[SuppressionCheck] = []


def rate_limit(guard: RateLimit) -> RateLimit:
    """Register a function that counts uses of the form."""
    _rate_limits.append(guard)
    return guard


def suppression_check(ban: SuppressionCheck) -> SuppressionCheck:
    """Register a function that knows addresses to which nothing may be sent."""
    _suppression_checks.append(ban)
    return ban


def may_send_receipt(request: HttpRequest) -> bool:
    """Whether a receipt may be mailed for this use of the form, which is counted by it."""
    return all(guard(request) for guard in _rate_limits)


def is_suppressed(address_hash: str) -> bool:
    """Whether nothing may be sent to the address with this hash."""
    return any(ban(address_hash) for ban in _suppression_checks)
