"""What is found, and in what order. The same on both databases."""

import pytest
from django.contrib.contenttypes.models import ContentType
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nelis.core.models import GlossaryTerm, SearchEntry
from nelis.core.search import index_sync
from nelis.core.search.query import MAX_TERMS, MatchLevel, parse_query, run_search
from nelis.core.text import MAX_QUERY_LENGTH, Priority

pytestmark = [pytest.mark.django_db, pytest.mark.pg]

CHARACTERS = st.characters(categories=["L", "N", "P", "S", "Z", "Cc", "Cf", "M"])


@pytest.fixture
def entries(db):
    """Makes entries straight in the index: (ref, title, summary)."""

    def make(*rows):
        content_type = ContentType.objects.get_for_model(GlossaryTerm)
        made = [
            SearchEntry(
                content_type=content_type,
                object_id=number,
                kind="Page",
                ref=ref,
                title=title,
                names="",
                summary=summary,
                body="",
                url=f"/{number}/",
            )
            for number, (ref, title, summary) in enumerate(rows, 1)
        ]
        SearchEntry.objects.bulk_create(made)
        index_sync._add_to_backends(made)

    return make


def titles(text):
    result = run_search(parse_query(text))
    return [SearchEntry.objects.get(pk=match.pk).title for match in result.matches]


def test_reference_then_title_then_words_together_then_words_apart_then_text(entries):
    entries(
        ("", "Something else", "growth clean clean growth growth"),
        ("", "Growth that is clean", ""),
        ("", "The clean growth fund", ""),
        ("", "Clean growth", ""),
        ("clean growth", "By its reference", ""),
    )
    assert titles("Clean Growth") == [
        "By its reference",
        "Clean growth",
        "The clean growth fund",
        "Growth that is clean",
        "Something else",
    ]


@pytest.mark.parametrize("typed", ["p7", "P7", " P7 ", "Ｐ７", "p7?"])
def test_a_reference_is_found_however_it_is_typed(entries, typed):
    entries(("", "Mentions P7 and P7", "P7 P7 P7"), ("P70", "Another", ""), ("P7", "The one", ""))
    assert titles(typed)[0] == "The one"
    assert "Another" not in titles(typed)


def test_references_with_hyphens_dots_and_pounds_are_found(entries):
    entries(("our-economy-2019", "A report", ""), ("", "A price", "It cost £1.6bn in all"))
    assert titles("our-economy-2019") == ["A report"]
    assert titles("£1.6bn") == ["A price"]


def test_plurals_accents_case_and_apostrophes_make_no_difference(entries):
    entries(("", "Company", "Europe's café"))
    for typed in ("COMPANIES", "company", "Europe’s", "cafe", "Café"):
        assert titles(typed) == ["Company"], typed


def test_singular_and_plural_are_the_same_title(entries):
    entries(("", "Electric vehicles on the road", ""), ("", "Electric vehicle", ""), ("EVs", "A reference", ""))
    assert titles("electric vehicles")[0] == "Electric vehicle"
    assert titles("evs")[0] == "A reference"


def test_words_that_say_nothing_are_left_out_unless_alone(entries):
    entries(("", "Local Industrial Strategy", ""), ("", "The end", ""))
    assert titles("what is the local industrial strategy") == ["Local Industrial Strategy"]
    assert titles("the") == ["The end"]


def test_beginnings_then_some_words_when_nothing_holds_all(entries):
    entries(("", "Electrification", ""), ("", "Battery hub", ""))
    for typed in ("electr", "electrificat"):
        assert run_search(parse_query(typed)).level is MatchLevel.PREFIX
        assert titles(typed) == ["Electrification"]
    assert run_search(parse_query("battery lighthouse")).level is MatchLevel.ANY
    assert titles("battery lighthouse") == ["Battery hub"]
    assert run_search(parse_query("lighthouse")).level is MatchLevel.NONE


# Commas part the attempts, so no attempt holds one.
SYNTAX = """
",',"a,a*,*,AND,a AND,OR NOT,NEAR(a b),a:b,title:a,-a,^a,a)(,%s,\\,a & b | !c,<->,'',a--,{title}:a,a~2
"""


@pytest.mark.parametrize("typed", SYNTAX.strip().split(","))
def test_the_syntax_of_the_databases_means_nothing(entries, typed):
    entries(("", "a", ""), ("", "Nothing", ""))
    run_search(parse_query(typed))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(text=st.text(CHARACTERS) | st.text())
def test_any_text_can_be_searched_for(entries, text):
    query = parse_query(text)
    run_search(query)


def test_long_queries_are_cut():
    query = parse_query(" ".join(f"word{n}" for n in range(10_000)))
    assert len(query.text) <= MAX_QUERY_LENGTH
    assert len(query.terms) <= MAX_TERMS


def test_a_misspelt_query_finds_what_the_corrected_one_holds(entries):
    entries(("", "Productivity", ""), ("", "Automotive strengths", ""))
    results = run_search(parse_query("automotve strenghts"))
    assert (results.level, results.correction) == (MatchLevel.CORRECTED, "automotive strengths")
    assert titles("automotve strenghts") == ["Automotive strengths"]


@pytest.mark.parametrize("typed", ["zzzzzz", "prices", "house prices", "automotve lighthouse", "trength"])
def test_a_word_is_corrected_only_to_a_close_one_that_finds_something(entries, typed):
    entries(("", "Process", ""), ("", "Automotive strengths", ""), ("", "Those houses", ""))
    assert run_search(parse_query(typed)).correction == ""


def test_the_strategy_comes_before_what_explains_it_among_equal_titles(entries):
    entries(("", "Better job", ""), ("", "More jobs", ""))
    SearchEntry.objects.filter(title="Better job").update(priority=Priority.EXPLANATION)
    assert titles("jobs") == ["More jobs", "Better job"]


@pytest.mark.parametrize("typed", ["P7", "p 7", "proposition 7", "Proposition 07", "evidence for P7", "P-7"])
def test_a_named_reference_comes_first(entries, typed):
    entries(
        ("", "Evidence of seven propositions", ""), ("P7", "Kites", ""), ("P70", "Tails", ""), ("SA7", "Strings", "")
    )
    SearchEntry.objects.exclude(ref="").update(kind="Proposition")
    SearchEntry.objects.filter(ref="SA7").update(kind="Finding")
    assert titles(typed)[0] == "Kites"


def test_a_number_that_is_no_reference_names_nothing(entries):
    entries(("P7", "Kites", ""), ("", "Seven 7", ""))
    assert titles("7") == ["Seven 7"]


def test_some_words_rank_by_how_rare_they_are(entries):
    entries(("", "Kite festival", ""), ("", "Kite", ""), ("", "Kite tails", ""), ("", "Lanterns", ""))
    assert titles("kite lanterns submarine")[0] == "Lanterns"
