"""News, events and the glossary."""

from collections.abc import Iterable
from datetime import date, time
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from nelis.core.models import GlossaryTerm
from nelis.core.search.urls import single_page_url
from nelis.core.site_address import absolute_url
from nelis.home.models import EventPage, NewsPage
from nelis.open_data.connections import page_fields
from nelis.open_data.parameters import PublishedSince, Ref
from nelis.open_data.references import figure_line, source_reference
from nelis.open_data.resources import ReadRouter, Resource, published_pages
from nelis.open_data.schemas import FigureLine, ListOf, OneOf, PageRecord, Record, Reference

__all__ = ["EVENTS", "NEWS", "TERMS", "router"]

router = ReadRouter(tags=["News, events and words"])


class NewsItem(PageRecord):
    """A piece of news, or our summary of a piece published elsewhere."""

    date: date
    kind: Annotated[str, OneOf(NewsPage.Kind)]
    author: str
    original_title: str
    original_url: str


class Session(Record):
    """One session of an event."""

    title: str
    text: str
    paper: Reference | None


class Event(PageRecord):
    """A gathering."""

    first_day: date | None = Field(description="Null where it isn’t known to the day.")
    last_day: date | None
    start_time: time | None
    end_time: time | None
    when: str = Field(description="The date in words, no more exactly than it is known.")
    venue: str
    attendance: FigureLine | None
    sessions: list[Session]


class Term(Record):
    """A word of the glossary."""

    term: str
    abbreviation: str
    definition: str
    see_also: list[str]
    url: str = Field(description="Its place in the glossary; empty while there is no public glossary.")


def public_news() -> QuerySet[Any]:
    """Return the published news, newest first."""
    return published_pages(NewsPage).order_by("-date", "-pk")


def news_records(pages: Iterable[NewsPage]) -> list[NewsItem]:
    """Make records of news. Two queries."""
    pages = list(pages)
    fields = page_fields(pages)
    return [
        NewsItem(
            **fields[page.pk],
            date=page.date,
            kind=page.news_kind,
            author=page.author,
            original_title=page.original_title,
            original_url=page.original_url,
        )
        for page in pages
    ]


def public_events() -> QuerySet[Any]:
    """Return the published events, newest first."""
    events = published_pages(EventPage).select_related("attendance").prefetch_related("sessions__paper")
    return events.order_by("-date", "-pk")


def event_records(pages: Iterable[EventPage]) -> list[Event]:
    """Make records of events. Two queries."""
    pages = list(pages)
    fields = page_fields(pages)
    return [
        Event(
            **fields[page.pk],
            first_day=page.date if page.date_precision == "day" else None,
            last_day=page.last_day if page.date_precision == "day" else None,
            start_time=page.start_time,
            end_time=page.end_time,
            when=page.when,
            venue=page.venue,
            attendance=figure_line(page.attendance) if page.attendance and page.attendance.live else None,
            sessions=[
                Session(title=session.title, text=session.text, paper=source_reference(session.paper))
                for session in page.sessions.all()
            ],
        )
        for page in pages
    ]


def public_terms() -> QuerySet[Any]:
    """Return the published terms of the glossary."""
    return GlossaryTerm.objects.filter(live=True).prefetch_related("see_also").order_by("term")


def term_records(terms: Iterable[GlossaryTerm]) -> list[Term]:
    """Make records of terms. One query."""
    glossary = single_page_url("home.GlossaryPage")
    return [
        Term(
            term=term.term,
            abbreviation=term.abbreviation,
            definition=term.definition,
            see_also=[other.term for other in term.see_also.all() if other.live],
            url=absolute_url(f"{glossary}#{term.anchor}") if glossary else "",
        )
        for term in terms
    ]


NEWS = Resource("news", "piece of news", NewsItem, public_news, news_records, "slug")
EVENTS = Resource("events", "event", Event, public_events, event_records, "slug")
TERMS = Resource("glossary", "term", Term, public_terms, term_records, "term")


@router.read("/news", ListOf[NewsItem], summary="List the news")
def list_news(request: HttpRequest, filters: Query[PublishedSince]) -> ListOf[NewsItem]:
    """News, newest first."""
    return NEWS.part(request, public_news().filter(**filters.since()), filters)


@router.read("/news/{ref}", NewsItem, summary="Get one piece of news")
def get_news(request: HttpRequest, ref: Ref) -> NewsItem:
    """A piece of news, by the slug of its page."""
    return NEWS.one(ref)


@router.read("/events", ListOf[Event], summary="List the events")
def list_events(request: HttpRequest, filters: Query[PublishedSince]) -> ListOf[Event]:
    """Events, newest first, with their sessions and papers."""
    return EVENTS.part(request, public_events().filter(**filters.since()), filters)


@router.read("/events/{ref}", Event, summary="Get one event")
def get_event(request: HttpRequest, ref: Ref) -> Event:
    """An event, by the slug of its page."""
    return EVENTS.one(ref)


@router.read("/glossary", ListOf[Term], summary="List the terms of the glossary")
def list_terms(request: HttpRequest, filters: Query[PublishedSince]) -> ListOf[Term]:
    """The words that the site explains."""
    return TERMS.part(request, public_terms().filter(**filters.since()), filters)
