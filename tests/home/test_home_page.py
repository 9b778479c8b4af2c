"""What the home page shows: counts, words and what comes next."""

from datetime import date
from types import SimpleNamespace

from nelis.home.dated_items import DatedItem
from nelis.home.home_context import add_sector_notes, next_steps
from nelis.home.models import Step


def test_a_sector_says_what_it_holds():
    full = SimpleNamespace(pk=1, path="00010001", content_status="full")
    empty = SimpleNamespace(pk=2, path="00010002", content_status="partial")
    stub = SimpleNamespace(pk=3, path="00010003", content_status="stub")
    branches = [SimpleNamespace(path="000100010001")]
    propositions = [
        SimpleNamespace(lead_theme_id=1),
        SimpleNamespace(lead_theme_id=1),
        SimpleNamespace(lead_theme_id=9),
    ]
    add_sector_notes([full, empty, stub], branches, propositions)
    assert full.note == "2 propositions, 1 sub-sector"
    assert not full.missing
    assert empty.note == "No propositions yet"
    assert not empty.missing
    assert stub.missing


def dated(title, day, is_past=True, is_event=True):
    shape = "event" if is_event else "news"
    return DatedItem(shape, shape, "Event", title, "/x/", "then", day or date(2019, 1, 1), day, is_past=is_past)


def test_next_is_the_last_event_known_to_the_day_and_then_the_steps():
    newest = [
        dated("Ahead", date(2030, 1, 1), is_past=False),
        dated("News", date(2019, 8, 1), is_event=False),
        dated("Vague", None),
        dated("Summit", date(2019, 7, 16)),
        dated("Older", date(2018, 1, 1)),
    ]
    steps = [
        Step(title="Listen", text="", status="now"),
        Step(title="Draft", text=""),
        Step(title="Agree", text="", date_text="2020"),
    ]
    items = next_steps(newest, steps, date(2019, 7, 16))
    assert [item["title"] for item in items] == ["Summit", "Listen", "Draft", "Agree"]
    assert [item["done"] for item in items] == [True, False, False, False]
    assert [item["when"] for item in items[1:]] == ["Under way in July 2019", "", "2020"]


def test_without_a_past_event_there_are_only_steps():
    assert [item["title"] for item in next_steps([dated("Vague", None)], [Step(title="Draft", text="")])] == ["Draft"]
