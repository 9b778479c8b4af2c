"""What the book's templates ask of what they are given."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def is_rivals(shown: Any) -> bool:
    """Whether ``shown`` is a list of figures that rival each other for one fact, not a single figure."""
    return isinstance(shown, list)
