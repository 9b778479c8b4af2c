"""What a request may ask for: the parts of addresses and query strings that endpoints share."""

import re
from datetime import date, datetime, time
from typing import Annotated, Any

from django.utils import timezone
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

__all__ = ["MOST", "Day", "ListParameters", "PublishedSince", "Ref", "start_of_day"]

#: The most items in one answer.
MOST = 100
#: Days before and after these are taken for them: databases and time zones know none much further off.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _read_day(raw: Any) -> date:
    # Pydantic would take any number for seconds since 1970.
    if not isinstance(raw, str) or not _DAY.fullmatch(raw):
        raise ValueError("must be a day such as 2019-07-16")
    return date.fromisoformat(raw)


#: A reference, a slug or a key, in whatever letters it is typed.
Ref = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,80}$", examples=["P1"])]
Day = Annotated[date, BeforeValidator(_read_day)]


class ListParameters(BaseModel):
    """Which part of a list is asked for."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    limit: int = Field(50, ge=1, le=MOST, description=f"How many items, at most {MOST}.")
    offset: int = Field(0, ge=0, le=1_000_000, description="How many items to leave out before them.")


class PublishedSince(ListParameters):
    """Which part of a list of things that are published."""

    updated_since: Day | None = Field(
        None, description="Only what was published on that day or after it, such as 2019-07-16."
    )

    def since(self) -> dict[str, Any]:
        """Return the filter for a queryset of what has ``last_published_at``."""
        return {"last_published_at__gte": start_of_day(self.updated_since)} if self.updated_since else {}


def start_of_day(day: date) -> datetime:
    """Return the first moment of a day, here."""
    return timezone.make_aware(datetime.combine(min(max(day, FIRST_DAY), LAST_DAY), time.min))
