"""Which topics a change is news for, told with the content of the first run."""

import pytest
import yaml
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from engagement.mailing_list.models import Topic
from engagement.mailing_list.topic_matching import topics_for
from nelis.core.change_log import create_entry
from nelis.core.models import ChangeEntry
from nelis.evidence.models import Finding, Source, Statistic
from nelis.home.models import EventPage, TimelineEvent
from nelis.progress.models import TargetPage
from sectors.models import (
    EvidenceLink,
    GrandChallengePage,
    Organisation,
    ProjectPage,
    PropositionPage,
    SectorPage,
    SubSectorPage,
)

# Read-only, and asked by plain joins.
pytestmark = pytest.mark.once

WHOLE = "whole-strategy"
SECTORS = {"advanced-manufacturing", "automotive", "pharmaceuticals", "chemicals"}


def news(thing) -> set[str]:
    """The slugs of the topics that a change of ``thing`` is news for."""
    entry = create_entry(thing, ChangeEntry.Kind.CONTENT)
    slugs = dict(Topic.objects.values_list("pk", "slug"))
    return {slugs[key] for key in topics_for([entry])[entry.pk]}


def test_the_file_has_a_topic_for_every_sector_challenge_and_proposition(loaded):
    pages = set(Topic.objects.values_list("page", flat=True))
    for model in (SectorPage, SubSectorPage, GrandChallengePage, PropositionPage):
        assert set(model.objects.values_list("pk", flat=True)) <= pages
    titles = dict(PropositionPage.objects.values_list("pk", "title"))
    for topic in Topic.objects.filter(group="proposition"):
        assert topic.name.endswith(titles[topic.page_id])
    file = settings.BASE_DIR / "engagement/mailing_list/content/topics.yaml"
    assert len(yaml.safe_load(file.read_text())) == Topic.objects.count() == 25
    assert not Topic.objects.filter(page=None).exists()


def test_a_proposition_is_news_for_itself_and_what_it_is_tied_to(loaded):
    found = news(PropositionPage.objects.get(ref="P8"))
    assert {WHOLE, "p8", "advanced-manufacturing"} <= found
    assert not found & {f"p{number}" for number in range(1, 12) if number != 8}


def test_a_sector_is_no_news_for_whoever_follows_one_proposition(loaded):
    found = news(SectorPage.objects.get(slug="advanced-manufacturing"))
    assert {WHOLE, "advanced-manufacturing"} <= found
    assert not {slug for slug in found if slug.startswith("p") and slug[1:].isdigit()}
    assert "automotive" not in found


def test_a_branch_is_news_for_its_sector(loaded):
    found = news(SubSectorPage.objects.get(slug="chemicals"))
    assert {WHOLE, "chemicals", "advanced-manufacturing"} <= found
    assert not found & {"automotive", "pharmaceuticals", "digital", "energy"}


def test_a_finding_is_news_where_it_is_about_and_for_what_answers_it(loaded):
    assert {WHOLE, "chemicals", "advanced-manufacturing"} <= news(Finding.objects.get(ref="SC1"))
    for line in EvidenceLink.objects.select_related("page", "finding")[:5]:
        assert line.page.ref.lower() in news(line.finding)


def test_a_figure_is_news_where_it_is_shown(loaded):
    found = news(Statistic.objects.get(key="F17"))
    assert {WHOLE, "automotive"} <= found
    assert "digital" not in found


def test_a_figure_on_progress_is_news_for_targets(loaded):
    target = TargetPage.objects.exclude(latest=None).first()
    assert "targets" in news(target.latest)
    assert news(target) == {WHOLE, "targets"}


def test_an_event_is_news_for_events_and_for_what_a_session_was_about(loaded):
    found = news(EventPage.objects.get(slug="engagement-summit"))
    assert {WHOLE, "events", "advanced-manufacturing"} <= found
    assert not found & {"digital", "energy"}


def test_a_project_an_organisation_and_an_item_of_the_timeline_are_news_where_they_belong(loaded):
    assert "p10" in news(ProjectPage.objects.get(title="National Centre for surface technologies"))
    assert "automotive" in news(Organisation.objects.get(slug="nissan"))
    item = TimelineEvent.objects.exclude(related_page=None).first()
    assert WHOLE in news(item)


def test_what_is_tied_to_nothing_is_news_for_the_whole_strategy_alone(loaded):
    assert news(Page.objects.get(slug="privacy").specific) == {WHOLE}
    assert news(Source.objects.first()) == {WHOLE}


def test_what_is_gone_is_still_news_for_the_whole_strategy(loaded):
    entry = create_entry(PropositionPage.objects.get(ref="P8"), ChangeEntry.Kind.WITHDRAWN)
    entry.object_id = 999_999
    assert topics_for([entry])[entry.pk] == {Topic.objects.get(slug=WHOLE).pk}


def test_a_hundred_changes_take_as_many_queries_as_one(loaded):
    things = [
        *PropositionPage.objects.all(),
        *Finding.objects.all(),
        *Statistic.objects.all(),
        *Organisation.objects.all(),
        *EventPage.objects.all(),
    ]
    one_of_each = {type(thing): number for number, thing in enumerate(things)}.values()
    entries = [create_entry(thing, ChangeEntry.Kind.CONTENT) for thing in things]
    counts = []
    for some in ([entries[number] for number in one_of_each], entries):
        ContentType.objects.clear_cache()
        with CaptureQueriesContext(connection) as context:
            topics_for(some)
        counts.append(len(context))
    assert len(entries) >= 60
    assert counts[1] == counts[0]
    assert counts[1] <= 15
    assert topics_for([]) == {}


def test_pages_lead_to_their_topic(loaded, client):
    for path, slug, words in (
        ("/propositions/battery-innovation-hub/", "p8", "Tell me when this changes"),
        ("/sectors/advanced-manufacturing/chemicals/", "chemicals", "Tell me when this changes"),
        ("/targets/more-jobs/", "targets", "Tell me about targets"),
        ("/events/engagement-summit/", "events", "Tell me about events"),
    ):
        page = client.get(path).text
        assert f'<a href="/mailing-list/?topic={slug}">{words}</a>' in page, path
    assert "?topic=" not in client.get("/privacy/").text
    assert f"?topic={WHOLE}" in client.get("/changes/").text
