"""The list of changes: everything readers are told of, by day, kind, subject and since a day, as a page and as Atom."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from bs4 import Tag
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from nelis.core.change_log import create_entry
from nelis.core.models import ChangeEntry
from nelis.core.models.change_log import NoteData
from nelis.core.search.index_sync import rebuild_index
from nelis.evidence.models import GeoArea, PageStatistic, Source, Statistic
from sectors.changes import parse_since
from sectors.models import ChangesPage, PropositionPage
from tests.html import text_of

pytestmark = pytest.mark.pg

Read = Callable[..., Tag]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def log(kites: SimpleNamespace) -> SimpleNamespace:
    """The kites with an entry in the list of changes on each of three days."""
    for day, kind, thing, note in (
        (1, "new", kites.sector, ""),
        (2, "content", kites.proposition, "Wind is free."),
        (3, "correction", kites.sector, "It was <b>wrong</b>."),
    ):
        entry = create_entry(thing, kind, note)
        ChangeEntry.objects.filter(pk=entry.pk).update(at=datetime(2020, 3, day, 12, tzinfo=UTC))
    # What is called minor is kept and not told.
    create_entry(kites.sector, "minor", "A comma.")
    rebuild_index()
    cache.clear()
    return kites


def notes(main: Tag) -> list[str]:
    return [item.h3.get_text(" ", strip=True) for item in main.select("[id^=change-]")]


def test_newest_first_by_day(log: SimpleNamespace, read: Read):
    main = read("/changes/")
    assert [text_of(day) for day in main.select("[id^=day-]")] == ["3 March 2020", "2 March 2020", "1 March 2020"]
    assert notes(main) == ["Kite making", "P1 Kite hub", "Kite making"]
    assert "It was <b>wrong</b>." in text_of(main)
    assert "A comma." not in text_of(main)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?kind=correction", ["Kite making"]),
        ("?subject=proposition", ["P1 Kite hub"]),
        ("?about=p1", ["P1 Kite hub"]),
        ("?about=kite-making&kind=new", ["Kite making"]),
        ("?since=2020-03-02", ["Kite making", "P1 Kite hub"]),
        ("?since=2020-03-03&subject=proposition", []),
        ("?since=2199-01-01", []),
        ("?since=", ["Kite making", "P1 Kite hub", "Kite making"]),
    ],
)
def test_filters_and_since(log: SimpleNamespace, read: Read, query: str, found: list[str]):
    assert notes(read(f"/changes/{query}")) == found


@pytest.mark.parametrize("query", ["?since=yesterday", "?since=2020-13-01", "?since=20200301", "?kind=zz", "?page=9"])
def test_what_doesn_t_exist_is_said(log: SimpleNamespace, read: Read, query: str):
    main = read(f"/changes/{query}", status=404)
    assert len(notes(main)) == 3
    if "page" not in query:
        assert "Part of this address is not known" in text_of(main)


def test_a_day_begins_at_midnight_here(log: SimpleNamespace, read: Read):
    """In summer, half past eleven in the evening in UTC is the next day in London."""
    ChangeEntry.objects.filter(note="Wind is free.").update(at=datetime(2020, 7, 1, 23, 30, tzinfo=UTC))
    assert notes(read("/changes/?since=2020-07-02")) == ["P1 Kite hub"]
    assert text_of(read("/changes/").select_one("[id^=day-]")) == "2 July 2020"


def test_the_feed_tells_the_same(log: SimpleNamespace, client: Client):
    feed = ElementTree.fromstring(client.get("/changes/atom/").content)  # noqa: S314 - made by ourselves
    entries = feed.findall(f"{ATOM}entry")
    titles = [entry.findtext(f"{ATOM}title") for entry in entries]
    assert titles == ["Correction: Kite making", "Changed: P1 Kite hub", "New: Kite making"]
    assert entries[0].findtext(f"{ATOM}summary") == "<p>It was &lt;b&gt;wrong&lt;/b&gt;.</p>"
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 3
    feed = ElementTree.fromstring(client.get("/changes/atom/?about=p1&since=2020-03-02").content)  # noqa: S314
    assert [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")] == ["Changed: P1 Kite hub"]
    assert client.get("/changes/atom/?kind=zz").status_code == 404


def test_no_feed_without_the_list(kites: SimpleNamespace, client: Client):
    ChangesPage.objects.get().unpublish()
    assert client.get("/changes/atom/").status_code == 410


def test_a_new_version_leads_to_the_comparison(log: SimpleNamespace, read: Read):
    for summary in ("One.", "Two."):
        page = PropositionPage.objects.get(pk=log.proposition.pk)
        page.summary, page.pending_change_note = summary, NoteData("content", f"Now {summary}")
        page.save_revision().publish()
    rebuild_index()
    item = read("/changes/").select_one("[id^=change-]")
    assert item.find("a", string="Compare with the version before")["href"] == f"{page.url}compare/?from=1&to=2"
    assert "About it, In short: “One.” became “Two.”." in text_of(item)


def test_a_corrected_figure_changes_its_page_and_the_list(log: SimpleNamespace, read: Read):
    source = Source.objects.create(ref="X1", title="Kite review", kind="review", held=True)
    area = GeoArea.objects.create(code="ex", name="Exampleshire")
    figure = Statistic(key="K1", label="kites flown", value=70, geography=area, source=source)
    figure.save()
    figure.save_revision().publish()
    PageStatistic.objects.create(page=log.sector, statistic=figure)
    figure.value, figure.pending_change_note = 71, NoteData("correction", "Two figures had changed places.")
    figure.save_revision().publish()
    rebuild_index()
    assert "71" in text_of(read(log.sector.url))
    item = read("/changes/").select_one("[id^=change-]")
    text = " ".join(item.get_text(" ").split())
    assert "Correction Figure K1 71 kites flown Two figures had changed places." in text
    assert "Figure: “70 kites flown” became “71 kites flown”." in text


def test_the_number_of_queries_is_the_same_with_more(log: SimpleNamespace, client: Client):
    def count() -> int:
        # The first request after a change reads the glossary and the topics anew, for all that follow.
        client.get("/changes/")
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/changes/").status_code == 200
        return len(queries)

    client.get("/changes/")
    few = count()
    for number in range(40):
        create_entry(log.sector if number % 2 else log.proposition, "content", f"Again {number}.")
    assert count() == few
    assert few <= 15


@given(st.text(max_size=12))
def test_no_text_is_too_odd_for_a_day(raw: str):
    day = parse_since(raw)
    assert day is None or day.isoformat() == raw
