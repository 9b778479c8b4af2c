"""Other words for what a reader searches for."""

import pytest

from nelis.core.models import GlossaryTerm, SiteSettings
from nelis.core.search.index_sync import rebuild_index
from nelis.core.search.query import MatchLevel, parse_query, run_search
from nelis.core.search.synonyms import make_synonyms

pytestmark = [pytest.mark.django_db, pytest.mark.pg]


def titles(client, text):
    results = client.get("/search/", {"q": text}).context["results"]
    return ["".join(part.text for part in result.title) for result in results]


@pytest.fixture
def synonyms(site, committed):
    """Set the list of synonyms."""

    def save(text):
        with committed():
            SiteSettings.objects.update_or_create(site=site.home.get_site(), defaults={"search_synonyms": text})

    return save


@pytest.fixture
def parks(site, committed):
    with committed():
        GlossaryTerm.objects.create(term="Kite Flying Ground", abbreviation="KFG", definition="A field.")
        GlossaryTerm.objects.create(term="Parking", definition="Beside the Kite Flying Ground.")
        GlossaryTerm.objects.create(term="Opening hours", definition="Of the KFG.")


def test_an_abbreviation_finds_the_full_name_and_the_other_way_round(client, parks):
    for typed in ("KFG", "kite flying ground"):
        assert titles(client, typed)[0] == "Kite Flying Ground"
        assert set(titles(client, typed)) == {"Kite Flying Ground", "Parking", "Opening hours"}
    assert titles(client, "KFG hours") == ["Opening hours"]


def test_words_of_the_list_find_each_other_as_soon_as_it_is_saved(client, site, synonyms):
    assert titles(client, "lorries") == []
    synonyms("lorry, electric vehicle\n")
    assert titles(client, "lorries") == ["Strong in electric vehicles."]
    synonyms("")
    assert titles(client, "lorries") == []


def test_what_was_typed_ranks_before_what_means_the_same(client, site, synonyms, committed):
    with committed():
        GlossaryTerm.objects.create(term="Electric vehicle", definition="A vehicle.")
        GlossaryTerm.objects.create(term="Lorry", definition="Large.")
    synonyms("lorry, electric vehicle")
    assert titles(client, "lorry")[0] == "Lorry"
    assert titles(client, "electric vehicles")[0] == "Electric vehicle"


@pytest.mark.parametrize("text", ["", ",", ",,,\n\n , \n", "alone", "a, a", "\x00, x", "the, of", "x" * 10_000 + ", y"])
def test_any_list_leaves_search_working(client, site, synonyms, text):
    synonyms(text.replace("\x00", ""))
    assert client.get("/search/", {"q": "automotive the x"}).status_code == 200
    assert client.get("/search/", {"q": "a alone"}).status_code == 200


def test_the_words_found_by_a_synonym_are_marked(client, site, synonyms):
    synonyms("lorry, electric vehicle")
    assert "<mark>electric</mark> <mark>vehicles</mark>" in client.get("/search/", {"q": "lorry"}).text


def test_the_longest_phrase_counts():
    synonyms = make_synonyms([["tax break", "enterprise zone"], ["break", "pause"]])
    found = list(synonyms.split(["tax", "break", "zone", "break"]))
    assert found == [
        (("tax", "break"), {("enterpris", "zone")}),
        (("zone",), frozenset()),
        (("break",), {("paus",)}),
    ]


def test_sections_without_an_object_are_found(client, site):
    rebuild_index()
    assert "Leave the mailing list, or change what it sends" in titles(client, "leave the mailing list")
    assert run_search(parse_query("have your say")).level is MatchLevel.ALL
    assert client.get("/search/", {"q": "leave the mailing list"}).context["results"][0].url == "/mailing-list/link/"
