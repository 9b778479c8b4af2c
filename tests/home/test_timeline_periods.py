"""Two timelines share the items: each shows those of its period, and what is known of the steps announced for later."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Page, Site

from nelis.evidence.models import Source
from nelis.home.models import HomePage, NextStepsPage, Step, TimelineEvent, TimelinePage
from nelis.home.search_urls import timeline_event
from tests.home.builders import add

pytestmark = pytest.mark.django_db

SUMMIT = date(2019, 7, 16)
LAST = date(2019, 7, 31)


def event(ref, start):
    return TimelineEvent.objects.create(
        ref=ref,
        track="other",
        title=f"Thing {ref}",
        best_estimate="some day",
        start=start,
        precision="day",
        confidence="high" if start else "low",
    )


@pytest.fixture
def root(db):
    page = add(Page.get_first_root_node(), HomePage, "start", hero_statement="A plan to 2030")
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=page, is_default_site=True)
    return page


@pytest.fixture
def periods(root):
    before = add(root, TimelinePage, "before", last_day=LAST, shows_steps=False)
    after = add(root, TimelinePage, "after", first_day=date(2019, 8, 1))
    return before, after


def titles(page):
    return [found.title for found in page.events]


@pytest.mark.parametrize(
    ("start", "is_after"), [(SUMMIT, False), (LAST, False), (date(2019, 8, 1), True), (date(2025, 1, 1), True)]
)
def test_an_item_stands_on_the_page_of_the_period_in_which_it_begins(periods, client, start, is_after):
    found = event("Q1", start)
    shown, other = reversed(periods) if is_after else periods
    assert (titles(shown), titles(other)) == ([found.title], [])
    assert timeline_event(found) == f"{shown.get_url()}#Q1"
    assert found.title in client.get(shown.get_url()).text
    assert found.title not in client.get(other.get_url()).text


def test_an_item_without_a_date_stands_on_the_earliest_page_alone(periods):
    found = event("Q2", None)
    assert [titles(page) for page in periods] == [[found.title], []]
    assert timeline_event(found).startswith(periods[0].get_url())


def test_a_period_doesn_t_end_before_it_begins(root):
    with pytest.raises(ValidationError) as error:
        TimelinePage(title="Odd", slug="odd", summary="Odd.", first_day=LAST, last_day=SUMMIT).full_clean()
    assert "last_day" in error.value.message_dict


def test_each_step_says_what_is_known_of_it_and_where(root, client, periods):
    source = Source.objects.create(ref="minute", title="A minute of Exampleshire", kind="papers", held=True)
    steps = add(root, NextStepsPage, "next")
    Step.objects.create(
        page=steps, title="Listen", text="People are asked.", record_held=True, known="In part", known_source=source
    )
    Step.objects.create(page=steps, title="Publish", text="It is printed.", known="No record that it was printed")
    Step.objects.create(page=steps, title="Rest", text="All go home.")
    for page in (steps, periods[1]):
        html = client.get(page.get_url()).text
        assert "In part" in html
        assert source.get_absolute_url() in html
        assert "No record that it was printed" in html
        assert "We hold no public record of it" in html
    assert "Listen" not in client.get(periods[0].get_url()).text


def test_a_record_is_named(root):
    steps = add(root, NextStepsPage, "next")
    with pytest.raises(ValidationError) as error:
        Step(page=steps, title="Listen", text="People are asked.", record_held=True, known="In part").full_clean()
    assert list(error.value.message_dict) == ["known_source"]
