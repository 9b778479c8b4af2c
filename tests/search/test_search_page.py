"""The search page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nelis.core.models import GlossaryTerm
from nelis.core.search.index_sync import rebuild_index, sync_suspended


def ask(client, **params):
    return client.get("/search/", params)


def rows(response):
    return [f"{result.kind} {result.ref}".strip() for result in response.context["results"]]


@pytest.fixture
def many(site):
    """Forty-five terms that all hold one word."""
    with sync_suspended():
        GlossaryTerm.objects.bulk_create(GlossaryTerm(term=f"Widget {n:02}", definition="A widget.") for n in range(45))
    rebuild_index()
    return site


def test_the_exact_reference_comes_first(client, site):
    response = ask(client, q="u3")
    assert response.status_code == 200
    assert rows(response) == ["Commitment U3", "Sector Deal"]
    assert 'href="/deals/automotive/#U3"' in response.text


def test_hits_are_marked_and_everything_else_is_escaped(client, site):
    with sync_suspended():
        GlossaryTerm.objects.create(term="Zebra <script>", definition="A zebra & <b>stripes</b>.")
    rebuild_index()
    response = ask(client, q="zebra")
    assert "<mark>Zebra</mark> &lt;script&gt;" in response.text
    assert "A <mark>zebra</mark> &amp; &lt;b&gt;stripes&lt;/b&gt;." in response.text


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_what_is_typed_is_shown_as_text(client, site, typed):
    text = ask(client, q=typed).text
    assert typed not in text
    assert "<script>alert" not in text
    assert client.get("/search/", {"q": "{{ 7|add:7 }}"}).context["query"] == "{{ 7|add:7 }}"


def test_filter_by_kind_with_counts(client, site):
    everything = ask(client, q="automotive")
    counts = {option.value: option.count for facet in everything.context["listing"].facets for option in facet.options}
    assert counts == {"Commitment": 1, "Sector Deal": 1}
    assert '<input type="checkbox" name="kind" value="Sector Deal">' in " ".join(everything.text.split())
    one = ask(client, q="automotive", kind="Commitment")
    assert rows(one) == ["Commitment U3"]
    # The form keeps the words, and the filter can be taken off again.
    assert '<input type="hidden" name="q" value="automotive">' in one.text
    assert 'href="/search/?q=automotive"' in one.text


def test_a_kind_without_words_lists_all_of_it_in_order_of_reference(client, many):
    assert rows(ask(client, kind="Commitment")) == ["Commitment U3"]
    assert ask(client, kind="Glossary").context["listing"].keys[0] == ask(client, q="GVA").context["listing"].keys[0]


def test_twenty_a_page(client, many):
    first = ask(client, q="widget")
    assert len(first.context["results"]) == 20
    assert "Page 1 of 3" in first.text
    assert 'href="?q=widget&amp;page=2"' in first.text
    assert len(ask(client, q="widget", page="3").context["results"]) == 5


@pytest.mark.parametrize("page", ["0", "-1", "4", "99999999999999999999", "x", "1e3", "²", "1.0", "%00"])
def test_a_page_that_does_not_exist_is_404_and_helps(client, many, page):
    response = ask(client, q="widget", page=page)
    assert response.status_code == 404
    assert "The result has 3 pages" in response.text
    assert len(response.context["results"]) == 20


def test_an_unknown_kind_is_404_and_helps(client, site):
    response = ask(client, q="automotive", kind="Nonsense")
    assert response.status_code == 404
    assert "no kind called “Nonsense”" in response.text
    assert rows(response)


def test_a_known_kind_without_results_is_an_answer(client, site):
    response = ask(client, q="automotive", kind="Sector")
    assert response.status_code == 200
    assert "No results of this kind" in response.text


def test_an_empty_query_says_what_can_be_found(client, site):
    response = ask(client)
    assert response.status_code == 200
    assert "What you can search" in response.text
    assert 'href="?kind=Sector+Deal"' in response.text
    assert ask(client, q=" \u202e\x00 ").context["query"] == ""


def test_an_empty_result_helps(client, site):
    response = ask(client, q="manufacturng")
    assert response.status_code == 200
    assert "Nothing found for “manufacturng”" in response.text
    assert '<a href="?q=manufacturing">manufacturing</a>' in response.text
    assert 'href="/sectors/manufacturing/"' in response.text
    nothing = ask(client, q="!!!")
    assert nothing.status_code == 200
    assert "Nothing found" in nothing.text


def test_results_stay_out_of_search_engines(client, site):
    response = ask(client, q="automotive")
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.text


@pytest.mark.parametrize(
    "params", [{}, {"q": "widget"}, {"q": "widgt"}, {"q": "widget lighthouse"}, {"kind": "Glossary"}, {"q": "!"}]
)
def test_at_most_fifteen_queries_however_much_is_found(client, many, params):
    ask(client, **params)
    with CaptureQueriesContext(connection) as queries:
        ask(client, **params)
    assert len(queries) <= 15


def test_other_methods_are_refused(client, site):
    assert client.head("/search/?q=a").status_code == 200
    assert client.post("/search/", {"q": "a"}).status_code == 405


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%ff%fe",
        "q=%",
        "q=%E2%80%AEabc",
        "q=%F0%9F%98%80",
        "q=a&q=b&q=%00",
        "q[]=a",
        "kind=%00&page=%00",
        "kind=" + "x" * 10_000,
        "q=" + "%F0%9F%98%80" * 5_000,
        "q=" + "a" * 1_000_000,
        "q=" + "a+" * 500_000,
    ],
    ids=lambda query: query[:20],
)
def test_bad_input_is_never_an_error_of_ours(client, site, query):
    assert client.get(f"/search/?{query}").status_code in {200, 404}


@pytest.mark.parametrize("query", ["&" * 100_000, "&".join(f"q{n}=1" for n in range(2_000))], ids=["empty", "named"])
def test_too_many_parameters_are_refused_with_help(client, site, query):
    response = client.get(f"/search/?{query}")
    assert response.status_code == 400
    assert "<h1>" in response.text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    q=st.text(st.characters(exclude_categories=["Cs"])),
    kind=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    page=st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.integers().map(str),
)
def test_any_query_string_is_answered(client, site, q, kind, page):
    assert ask(client, q=q, kind=kind, page=page).status_code in {200, 404}


def test_results_of_one_kind_offer_nothing_to_filter_by(client, many):
    """The column would hold a button and no choice."""
    assert "Show results" not in ask(client, q="widget").text
    both = ask(client, q="automotive")
    assert len({result.kind for result in both.context["results"]}) > 1
    assert "Show results" in both.text
    # What was chosen can still be taken back.
    assert "Clear filters" in ask(client, q="widget", kind="Glossary").text
