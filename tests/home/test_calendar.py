"""Calendar files: right times, permanent identities, and no date that isn't known."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from icalendar import Calendar

from nelis.home.models import EventPage


def events_of(client, url="/events/calendar.ics"):
    response = client.get(url)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content).walk("VEVENT")


def changed(event, **fields):
    for name, value in fields.items():
        setattr(event, name, value)
    event.full_clean()
    event.save_revision().publish()


def test_one_event(client, site):
    site.event.venue = "A hall; with, marks\nand lines"
    site.event.save_revision().publish()
    site.event.refresh_from_db()
    (event,) = events_of(client, "/events/summit/calendar.ics")
    assert event["summary"] == "Summit"
    assert event["description"] == "Summary of summit."
    assert event["location"] == "A hall; with, marks\nand lines"
    assert event["url"] == "http://testserver/events/summit/"
    assert event["dtstamp"].dt == site.event.last_published_at.replace(microsecond=0).astimezone(UTC)
    assert 'filename="summit.ics"' in client.get("/events/summit/calendar.ics")["Content-Disposition"]


def test_whole_days_without_times(client, site):
    (event,) = events_of(client)
    assert event["dtstart"].dt == date(2019, 7, 16)
    assert event["dtend"].dt == date(2019, 7, 17)
    assert event["dtstart"].params["VALUE"] == "DATE"
    changed(site.event, end_date=date(2019, 7, 18))
    (event,) = events_of(client)
    assert event["dtend"].dt == date(2019, 7, 19)


@pytest.mark.parametrize(("day", "offset"), [(date(2019, 7, 16), 1), (date(2019, 12, 16), 0)])
def test_times_are_london_times_summer_and_winter(client, site, day, offset):
    changed(site.event, date=day, start_time=time(9, 30), end_time=time(16))
    (event,) = events_of(client)
    assert event["dtstart"].params["TZID"] == "Europe/London"
    assert event["dtstart"].dt.utcoffset() == timedelta(hours=offset)
    assert event["dtstart"].dt.astimezone(UTC) == datetime(day.year, day.month, 16, 9, 30, tzinfo=UTC) - timedelta(
        hours=offset
    )
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(hours=6, minutes=30)


def test_the_file_explains_the_time_zone_it_names(client, site):
    calendar = Calendar.from_ical(client.get("/events/calendar.ics").content)
    (zone,) = calendar.walk("VTIMEZONE")
    rules = {part["tzname"]: (part["tzoffsetto"].td, part["rrule"]["BYMONTH"]) for part in zone.subcomponents}
    assert rules == {"GMT": (timedelta(0), [10]), "BST": (timedelta(hours=1), [3])}


@pytest.mark.parametrize("last_day", [None, date(2019, 7, 16)])
@pytest.mark.parametrize("end", [time(0, 0), time(1, 30), time(18, 59)])
def test_an_event_that_ends_after_midnight_has_an_end(client, site, last_day, end):
    changed(site.event, start_time=time(19), end_time=end, end_date=last_day)
    (event,) = events_of(client)
    assert event["dtend"].dt.replace(tzinfo=None) == datetime.combine(date(2019, 7, 17), end)
    page = client.get(site.event.url)
    assert f"19:00 to {end:%H:%M} the next day" in " ".join(page.text.split())
    assert site.event.json_ld()["endDate"] == "2019-07-17"


def test_the_file_of_one_event_names_no_calendar(client, site):
    (calendar,) = Calendar.from_ical(client.get("/events/summit/calendar.ics").content).walk("VCALENDAR")
    assert [name for name in calendar if name.startswith("X-")] == []
    (calendar,) = Calendar.from_ical(client.get("/events/calendar.ics").content).walk("VCALENDAR")
    assert calendar["X-WR-CALNAME"].startswith("Events – ")


def test_the_same_events_make_the_same_file(client, site):
    """Though nobody published them: as the moment of their making, which a file must state, stands their day."""
    EventPage.objects.update(last_published_at=None, latest_revision_created_at=None)
    (event,) = events_of(client)
    assert event["dtstamp"].dt == datetime(2019, 7, 16, tzinfo=UTC)


def test_odd_times_make_no_odd_file(client, site):
    changed(site.event, start_time=time(10), end_time=time(10))
    (event,) = events_of(client)
    assert "dtend" not in event
    changed(site.event, start_time=None)
    (event,) = events_of(client)
    assert event["dtstart"].dt == date(2019, 7, 16)
    changed(site.event, start_time=time(10), end_time=None, end_date=date(2019, 7, 17))
    (event,) = events_of(client)
    assert event["dtend"].dt.date() == date(2019, 7, 17)


def test_an_event_not_known_to_the_day_is_left_out_and_that_is_said(client, site):
    assert [str(event["summary"]) for event in events_of(client)] == ["Summit"]
    calendar = Calendar.from_ical(client.get("/events/calendar.ics").content)
    assert "1 event is left out" in calendar["x-wr-caldesc"]
    response = client.get("/events/vague/calendar.ics")
    assert response.status_code == 404
    assert "Page not found" in response.text


def test_identities_are_permanent_and_differ(client, site, add_page):
    add_page(site.events, EventPage, "other", date=date(2020, 1, 1))
    before = {str(event["summary"]): str(event["uid"]) for event in events_of(client)}
    assert len(set(before.values())) == 2
    changed(site.event, title="Renamed", slug="renamed", date=date(2019, 8, 1))
    after = {str(event["summary"]): str(event["uid"]) for event in events_of(client)}
    assert after["Renamed"] == before["Summit"]


def test_drafts_and_unknown_events(client, site):
    assert client.get("/events/nonsense/calendar.ics").status_code == 404
    site.event.unpublish()
    assert client.get("/events/summit/calendar.ics").status_code == 410
    assert events_of(client) == []
    site.vague.unpublish()
    assert "left out" not in client.get("/events/calendar.ics").text


def test_control_characters_and_long_lines(client, site):
    changed(site.event, summary="é" * 299 + "\x07")
    response = client.get("/events/summit/calendar.ics")
    assert max(len(line) for line in response.content.split(b"\r\n")) <= 75
    (event,) = events_of(client, "/events/summit/calendar.ics")
    assert event["description"] == "é" * 299
