"""What isn't public is in no answer: drafts, what was taken down, and rounds that aren't reported back."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from engagement.feedback.models import FeedbackRound
from nelis.core.models import ChangeEntry, ContentVersion, GlossaryTerm
from nelis.evidence.models import Finding, Source, Statistic
from nelis.home.models import EventIndexPage, EventPage, NewsIndexPage, NewsPage
from nelis.open_data.api import RESOURCES
from sectors.models import Contact, Organisation, PropositionPage
from tests.open_data.addresses import all_addresses, read_all
from tests.open_data.sample_series import make_series
from tests.sectors.sample_strategy import SampleStrategy, add

pytestmark = pytest.mark.django_db
SECRET = "Kittiwake"
#: The field of each model that readers would know it by.
NAMES: dict[type[Any], str] = {
    Source: "title",
    Statistic: "label",
    Finding: "statement",
    Organisation: "name",
    GlossaryTerm: "definition",
    Contact: "name",
}


@pytest.fixture
def full_strategy(strategy: SampleStrategy) -> SampleStrategy:
    """The strategy with news, events, terms, rounds and series besides."""
    news, events = add(strategy.home, NewsIndexPage, "news"), add(strategy.home, EventIndexPage, "events")
    today = timezone.localdate()
    for number in range(2):
        add(NewsIndexPage.objects.get(pk=news.pk), NewsPage, f"news-{number}", date=today)
        add(EventIndexPage.objects.get(pk=events.pk), EventPage, f"event-{number}", date=today)
        GlossaryTerm.objects.create(term=f"Term {number}", definition="A word.")
        fields = {"title": f"Round {number}", "intro": "Say.", "privacy_text": "Nobody sees it."}
        FeedbackRound.objects.create(slug=f"round-{number}", state=FeedbackRound.State.REPORTED, **fields)
    # Of a source that stays: what is withdrawn of it has tests of its own.
    make_series(Source.objects.order_by("pk").first())
    return strategy


def test_every_kind_of_thing_is_among_them(full_strategy: SampleStrategy):
    assert [resource.name for resource in RESOURCES if not resource.public().exists()] == []


def test_what_was_taken_down_is_in_no_answer(full_strategy: SampleStrategy, client: Client):
    asked = all_addresses()
    # Everything but the first of each kind is taken down, with all that hangs on the first.
    hide(Page.objects.filter(slug__regex=r"-[1-9]$"), "title")
    for model, name in NAMES.items():
        hide(model.objects.exclude(pk=model.objects.order_by("pk").values("pk")[:1]), name)
    FeedbackRound.objects.filter(slug="round-1").update(title=SECRET, state=FeedbackRound.State.CLOSED)
    ChangeEntry.objects.update(kind=ChangeEntry.Kind.MINOR, title=SECRET)
    # Written past the signals.
    ContentVersion.bump()
    answers = read_all(client)
    assert [address for address, text in answers.items() if SECRET in text] == []
    # What they were found by leads nowhere now, and says no more.
    gone = {address: client.get(address) for address in set(asked) - set(answers)}
    assert gone
    assert {response.status_code for response in gone.values()} == {404}
    assert [address for address, response in gone.items() if SECRET in response.content.decode()] == []


def hide(rows: Any, name: str) -> None:
    for pk in rows.values_list("pk", flat=True):
        rows.model.objects.filter(pk=pk).update(live=False, **{name: f"{SECRET} {pk}"})


def test_drafts_are_in_no_answer(full_strategy: SampleStrategy, client: Client):
    for page in Page.objects.filter(depth__gt=2).specific():
        page.title = page.summary = SECRET
        if isinstance(page, PropositionPage):
            page.what_we_propose = page.source_title = SECRET
        page.save_revision()
    for model, name in NAMES.items():
        for thing in model.objects.all():
            setattr(thing, name, SECRET)
            thing.save_revision()
    assert [address for address, text in read_all(client).items() if SECRET in text] == []


def test_nothing_of_staff_is_in_any_record():
    """The schemas are the list of what is published: no field names an account, a file's path or a note of editors."""
    private = {"reviewed_by", "reviewed_on", "imported_by", "owner", "email", "review_due", "checked", "known_as"}
    for resource in RESOURCES:
        schema = resource.record.model_json_schema(mode="serialization")
        for part in (schema, *schema.get("$defs", {}).values()):
            assert private.isdisjoint(part.get("properties", {})), resource.name
