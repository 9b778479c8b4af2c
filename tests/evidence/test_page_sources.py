"""The figures a page shows and its sources: rivals together, each thing once, a fixed number of queries."""

from decimal import Decimal

import pytest
from wagtail.models import Page

from nelis.evidence.models import GeoArea, PageSource, PageStatistic, Source, Statistic
from nelis.evidence.page_sources import body_statistics, page_sources, page_statistics


@pytest.fixture
def page(db):
    return Page.get_first_root_node()


def source(ref, **fields):
    return Source.objects.create(**({"ref": ref, "title": f"Source {ref}", "kind": "report"} | fields))


def statistic(key, **fields):
    area, _ = GeoArea.objects.get_or_create(code="X1", defaults={"name": "Exampleshire"})
    given = {"label": "things", "value": Decimal(3), "geography": area} | fields
    return Statistic.objects.create(key=key, **({"source": source(f"of-{key}")} | given))


def dispute(key, **fields):
    return statistic(key, status="disputed", fact_key="sites", **fields)


def show(page, *statistics):
    for number, statistic_ in enumerate(statistics):
        PageStatistic.objects.create(page=page, statistic=statistic_, sort_order=number)


def test_a_disputed_figure_comes_with_every_live_rival_and_once(page, django_assert_num_queries):
    plain, second, first = statistic("A1"), dispute("B2"), dispute("B1")
    dispute("B3", live=False)
    show(page, second, plain, first)
    with django_assert_num_queries(1):
        shown = page_statistics([page])[page.pk]
    assert shown == [[first, second], plain]
    assert first.rivals == [second]
    assert plain.rivals == []


def test_a_rival_that_no_page_shows_comes_with_each_page_that_shows_another(page):
    child = page.add_child(instance=Page(title="One", slug="one"))
    unseen, seen = dispute("B1"), dispute("B2")
    show(page, seen)
    show(child, seen)
    assert page_statistics([page, child]) == {page.pk: [[unseen, seen]], child.pk: [[unseen, seen]]}


def test_no_pages_no_figures(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert page_statistics([]) == {}


def test_what_is_not_live_is_not_shown(page):
    show(page, statistic("A1", live=False))
    assert page_statistics([page]) == {page.pk: []}


def test_figures_of_several_pages_cost_the_same(page, django_assert_num_queries):
    child = page.add_child(instance=Page(title="One", slug="one"))
    show(page, statistic("A1"))
    show(child, statistic("A2"), statistic("A3"))
    with django_assert_num_queries(1):
        shown = page_statistics([page, child])
    assert [len(figures) for figures in shown.values()] == [1, 2]


def test_only_disputed_figures_have_rivals(db, django_assert_num_queries):
    confirmed = statistic("A1", fact_key="sites")
    first, second = dispute("B1"), dispute("B2")
    with django_assert_num_queries(1):
        Statistic.attach_rivals([confirmed, first, second])
    assert (confirmed.rivals, first.rivals, second.rivals) == ([], [second], [first])
    with django_assert_num_queries(0):
        Statistic.attach_rivals([confirmed])


def test_sources_are_the_pages_own_and_then_those_of_its_figures(page):
    own, other = source("S1"), source("S2")
    PageSource.objects.create(page=page, source=other, sort_order=1)
    PageSource.objects.create(page=page, source=own, sort_order=0)
    rivals = [dispute("B1"), dispute("B2")]
    same = statistic("A1", source=own)
    hidden = statistic("A2", source=source("S9", live=False))
    assert page_sources(page, [same, rivals, hidden]) == [own, other, rivals[0].source, rivals[1].source]


def test_a_page_without_text_has_no_figures_in_it():
    class Bare:
        body = None

    assert body_statistics(Bare()) == []
