"""Events as calendar files (iCalendar, RFC 5545).

An event whose date isn't known to the day is never in one: a calendar can't show doubt.
"""

import unicodedata
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDatetime

from nelis.core.search.urls import public_page_url, public_pages
from nelis.core.site_address import absolute_url
from nelis.home.models import EventPage

__all__ = ["event_calendar", "events_calendar"]

LONDON = ZoneInfo("Europe/London")
CONTENT_TYPE = "text/calendar; charset=utf-8"


@require_safe
def events_calendar(request: HttpRequest) -> HttpResponse:
    """Every event that is known to the day; the calendar's description says how many aren't."""
    events = _public_events().order_by("date", "pk")
    known = [event for event in events if event.date_precision == "day"]
    description = f"Events of the {settings.SITE_NAME}."
    if left_out := len(events) - len(known):
        noun = "event is" if left_out == 1 else "events are"
        description += f" {left_out} {noun} left out, because the date isn’t known to the day."
    calendar = _calendar(known)
    # Programs know the name and description of a calendar by these older properties.
    calendar.add("x-wr-calname", f"Events – {settings.SITE_NAME}")
    calendar.add("x-wr-caldesc", description)
    calendar.add("x-wr-timezone", LONDON.key)
    return _file(calendar, "events")


@require_safe
def event_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """One event; 404 when there is none of that name, or its date isn't known to the day.

    The file has no name of a calendar: programs would make a new calendar of that name instead of adding the event to
    the reader's own.
    """
    event = _public_events().filter(slug=slug).first()
    if event is None or event.date_precision != "day":
        raise Http404("No event of that name is known to the day.")
    return _file(_calendar([event]), event.slug)


def _public_events() -> Any:
    return EventPage.objects.filter(pk__in=public_pages().values("pk"))


def _calendar(events: list[EventPage]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    # A calendar must hold something, even without events.
    calendar.add_component(london_timezone())
    for event in events:
        calendar.add_component(_component(event))
    return calendar


def _file(calendar: Calendar, name: str) -> HttpResponse:
    response = HttpResponse(calendar.to_ical(), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def _component(event: EventPage) -> Event:
    # Never the present moment: the same events make the same file.
    changed = event.last_published_at or event.latest_revision_created_at or datetime.combine(event.date, time(), UTC)
    component = Event()
    component.add("uid", str(event.translation_key))
    component.add("dtstamp", changed.astimezone(UTC).replace(microsecond=0))
    component.add("summary", strip_control_characters(event.title))
    component.add("description", strip_control_characters(event.summary))
    component.add("url", absolute_url(public_page_url(event)))
    if event.venue:
        component.add("location", strip_control_characters(event.venue))
    for name, value in event_times(event).items():
        component.add(name, value)
    return component


def event_times(event: EventPage) -> dict[str, Any]:
    """``dtstart`` and ``dtend`` of an event: whole days when no time is held, else times in London."""
    if event.start_time is None:
        # The end of a whole-day event is the day after it.
        return {"dtstart": event.date, "dtend": event.last_day + timedelta(days=1)}
    start = datetime.combine(event.date, event.start_time, LONDON)
    times = {"dtstart": start}
    if event.end_time is not None or event.end_date is not None:
        end = datetime.combine(event.last_day, event.end_time or time(23, 59), LONDON)
        if end > start:
            times["dtend"] = end
    return times


def london_timezone() -> Timezone:
    """The clock in London by its standing rules, in force since 1996."""
    zone = Timezone()
    zone.add("tzid", LONDON.key)
    winter, summer = timedelta(0), timedelta(hours=1)
    for component, name, start, month, before, after in (
        (TimezoneStandard(), "GMT", "19961027T020000", 10, summer, winter),
        (TimezoneDaylight(), "BST", "19960331T010000", 3, winter, summer),
    ):
        component.add("dtstart", vDatetime.from_ical(start))
        component.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        component.add("tzname", name)
        component.add("tzoffsetfrom", before)
        component.add("tzoffsetto", after)
        zone.add_component(component)
    return zone


def strip_control_characters(text: str) -> str:
    """``text`` without control characters, which a calendar file can't hold."""
    return "".join(c for c in text if unicodedata.category(c) != "Cc" or c in "\n\t")
