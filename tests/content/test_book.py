"""The book of the loaded content: everything is in it, it stands by itself, and it follows a correction."""

import re

import pytest
import yaml
from bs4 import BeautifulSoup
from django.conf import settings

from nelis.evidence.figures import NOT_HELD
from nelis.evidence.models import Statistic
from nelis.home.models import BookPage

# Read-only, and told by the files: nothing here comes out differently on another database.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("loaded")]

LARGEST = 1_000_000
#: Attributes and elements by which a document asks for something else.
ASKING = ("script", "iframe", "object", "embed", "audio", "video", "img", "picture", "source", "base", "form")


def entries(file):
    return yaml.safe_load((settings.BASE_DIR / file).read_text(encoding="utf-8"))


@pytest.fixture
def html(client):
    response = client.get("/book/")
    assert response.status_code == 200
    return response.text


@pytest.fixture
def book(html):
    return BeautifulSoup(html, "html.parser")


def words(thing):
    """Its text without any blanks, which differ between files and page."""
    return re.sub(r"\s+", "", thing.get_text() if hasattr(thing, "get_text") else str(thing))


def plain(html):
    return words(BeautifulSoup(html, "html.parser"))


def test_it_is_small_enough_to_send(html):
    assert 100_000 < len(html.encode()) <= LARGEST


def test_every_proposition_with_all_its_parts(book):
    for entry in entries("sectors/content/propositions.yaml"):
        heading = book.find(id=f"proposition-{entry['ref'].lower()}")
        assert words(entry["title"]) in words(heading)
        text = words(heading.parent)
        wanted = [entry["summary"], entry["source_title"], plain(entry["what_we_propose"]), plain(entry.get("why", ""))]
        wanted += [part[key] for part in entry.get("components", ()) for key in ("title", "description") if key in part]
        wanted += [ask["text"] for ask in entry.get("asks", ())]
        wanted += [outcome["text"] for outcome in entry.get("outcomes", ())]
        wanted += [line["rationale"] for line in entry["evidence"]]
        wanted += [link["rationale"] for link in entry["links"] if "rationale" in link]
        wanted += [role["note"] for role in entry.get("organisations", ()) if "note" in role]
        missing = [one for one in wanted if words(one) not in text]
        assert missing == [], entry["ref"]


def test_evidence_against_is_marked_as_plainly_as_evidence_for(book):
    for entry in entries("sectors/content/propositions.yaml"):
        section = book.find(id=f"proposition-{entry['ref'].lower()}").parent
        against = sum(line["relation"] == "challenges" for line in entry["evidence"])
        assert len(section.select(".mark.against")) == against


def test_every_finding_with_what_it_led_to(book):
    led = {line["finding"] for entry in entries("sectors/content/propositions.yaml") for line in entry["evidence"]}
    for entry in entries("nelis/evidence/content/findings.yaml"):
        line = book.find(id=f"finding-{entry['ref'].lower()}")
        assert words(entry["statement"]) in words(line)
        assert ("Nopropositionresponds" in words(line)) == (entry["ref"] not in led)


def test_every_figure_with_its_doubts(book):
    for entry in entries("nelis/evidence/content/statistics.yaml"):
        line = book.find(id=f"figure-{entry['key'].lower()}")
        text = words(line)
        assert words(entry["label"]).lower() in text.lower(), entry["key"]
        assert words(entry.get("note", "")) in text
        assert (words(NOT_HELD) in text) == (entry.get("status") == "missing")
        in_dispute = "disputed" in line.find_parent("li").get("class", []) if line.find_parent("li") else False
        assert in_dispute == (entry.get("status") == "disputed")


def test_every_source_is_a_numbered_note(book):
    notes = book.select("ol.notes > li")
    listed = {note["id"]: words(note) for note in notes}
    for entry in entries("nelis/evidence/content/sources.yaml"):
        text = listed[f"source-{entry['ref'].lower()}"]
        assert words(entry["title"]) in text
        assert ("Notheld" in text) != entry.get("held", False)
    numbers = {note["id"]: number for number, note in enumerate(notes, 1)}
    marks = book.select("a.note")
    assert len(marks) > 100
    wrong = [mark for mark in marks if words(mark) != f"[source{numbers[mark['href'][1:]]}]"]
    assert wrong == []


@pytest.mark.parametrize(
    ("file", "fields"),
    [
        ("sectors/content/foundations.yaml", ["title", "national_aim"]),
        ("sectors/content/grand_challenges.yaml", ["title", "summary", "status_note"]),
        ("sectors/content/sector_deals.yaml", ["title", "summary", "status_note"]),
        ("sectors/content/sectors.yaml", ["title", "summary", "gap_note"]),
        ("sectors/content/sub_sectors.yaml", ["title", "summary", "gap_note"]),
        ("sectors/content/projects.yaml", ["title", "summary"]),
        ("nelis/progress/content/targets.yaml", ["title", "summary"]),
        ("nelis/home/content/timeline.yaml", ["title", "note"]),
        ("nelis/home/content/governance.yaml", ["name", "role"]),
        ("nelis/home/content/glossary.yaml", ["term", "definition"]),
    ],
)
def test_the_rest_of_the_strategy(book, file, fields):
    text = words(book.main)
    wanted = [words(entry[name]) for entry in entries(file) for name in fields if entry.get(name)]
    for name in ("commitments", "priority_areas"):
        rows = [row for entry in entries(file) for row in entry.get(name, ())]
        wanted += [words(row[key]) for row in rows for key in ("title", "description") if key in row]
    assert [one for one in wanted if one not in text] == []


def test_gaps_are_in_it(book):
    gaps = words(book.find(id="gaps").parent)
    for title in ("Artificial Intelligence", "Construction", "Creative industries", "Nuclear", "Tourism"):
        assert words(title) in gaps
    assert "C3" in gaps
    assert "C5" in gaps


def test_it_asks_for_nothing_from_elsewhere(book, html):
    assert book.find_all(ASKING) == []
    assert [link["href"] for link in book.find_all("link") if link["rel"] != ["canonical"]] == ["data:,"]
    assert not re.search(r"url\((?!#)|@import", html)
    assert book.select("[style], [onclick], [onload]") == []


def test_every_link_inside_it_leads_somewhere_and_every_other_is_whole(book):
    ids = [thing["id"] for thing in book.select("[id]")]
    assert len(ids) == len(set(ids))
    targets = [link["href"] for link in book.select("a[href]")]
    assert [target for target in targets if target.startswith("#") and target[1:] not in ids] == []
    assert [target for target in targets if not target.startswith(("#", "http://", "https://", "mailto:"))] == []


def test_every_address_on_the_site_answers(book, client):
    addresses = {link["href"].partition("#")[0] for link in book.select(f'a[href^="{settings.BASE_URL}"]')}
    assert len(addresses) > 50
    for address in addresses:
        assert client.get(address.removeprefix(settings.BASE_URL)).status_code == 200, address


def test_the_contents_list_names_every_chapter_in_order(book):
    listed = [link["href"] for link in book.select("nav > ol > li > a")]
    assert listed == [f"#{heading['id']}" for heading in book.select("main > section > h2")]
    assert len(listed) >= 13


def shown_values(html):
    """Every value of a figure in the book."""
    return [words(value) for value in BeautifulSoup(html, "html.parser").select(".fig .v")]


def test_a_correction_shows_on_the_next_request(client, html):
    figure = Statistic.objects.filter(fact_key="iamp-jobs").first()
    before, times = words(figure.figure.text), shown_values(html).count(words(figure.figure.text))
    assert times >= 1
    figure.value, figure.qualifier = 987_654, "exact"
    figure.low = figure.high = None
    figure.save_revision().publish()
    after = client.get("/book/").text
    assert shown_values(after).count("987,654") >= 1
    assert shown_values(after).count(before) + shown_values(after).count("987,654") == times
    number = re.compile(r"<dt>Content version</dt>\s*<dd>(\d+)</dd>")
    assert int(number.search(after)[1]) > int(number.search(html)[1])


def test_readers_find_it(client):
    """Among all pages, and where the propositions are."""
    address = BookPage.objects.get().url
    for path in ("/", "/propositions/", "/local-industrial-strategy/"):
        page = BeautifulSoup(client.get(path).content, "html.parser")
        assert page.find(id="all-pages").find("a", href=address), path
    for path in ("/propositions/", "/local-industrial-strategy/"):
        page = BeautifulSoup(client.get(path).content, "html.parser")
        assert page.main.find("a", href=address), path
