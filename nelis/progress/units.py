"""How amounts of what a target measures are read: 62,500, 71.3%, 5.2 points, £2.72."""

from decimal import ROUND_HALF_UP, Decimal

from nelis.evidence.figures import Unit, format_number

__all__ = ["amount", "gap_amount", "number", "signed_percent"]

#: To how many places each unit is shown.
PLACES = {Unit.PERCENT: 1, Unit.GBP_PER_HOUR: 2, Unit.JOBS_PER_HEAD: 3}


def number(value: Decimal, places: int | None = None) -> str:
    """The number with commas between thousands, rounded to ``places`` where they are given."""
    return f"{rounded(value, places):,f}" if places is not None else format_number(value.normalize())


def rounded(value: Decimal, places: int) -> Decimal:
    """``value`` to so many places, a half away from nought as people round."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def amount(value: Decimal, unit: str) -> str:
    """A level: “71.3%”, “£36.12”, “62,500”."""
    text = number(value, PLACES.get(Unit(unit), 0))
    return {Unit.PERCENT: f"{text}%", Unit.GBP_PER_HOUR: f"£{text}"}.get(Unit(unit), text)


def gap_amount(value: Decimal, unit: str) -> str:
    """A difference of levels: of percentages it is in points."""
    text = number(value, PLACES.get(Unit(unit), 0))
    return {Unit.PERCENT: f"{text} points", Unit.GBP_PER_HOUR: f"£{text}"}.get(Unit(unit), text)


def signed_percent(fraction: Decimal) -> str:
    """A change as a whole percentage with its sign: “+18%”, “−4%”, “0%”."""
    value = rounded(fraction * 100, 0)
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{abs(value):f}%"
