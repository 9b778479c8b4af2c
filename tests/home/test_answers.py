"""The six questions on the home page, each answered from what the site holds."""

from collections import defaultdict
from datetime import UTC, date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup

from engagement.feedback.models import FeedbackRound
from nelis.home import answers
from nelis.home.home_context import targets_text
from nelis.home.models import TimelinePage
from nelis.progress.models import TargetIndexPage, TargetPage
from sectors.models import (
    EvidenceLink,
    PropositionIndexPage,
    PropositionPage,
    SectorIndexPage,
    SectorPage,
)
from tests.sectors.sample_strategy import SampleStrategy


def pages(**by_name):
    """Pages by type, as the home page looks them up, each with its index."""
    here = [SimpleNamespace(url="/here/")]
    found = defaultdict(list)
    for model in (PropositionIndexPage, SectorIndexPage, TargetIndexPage):
        found[model] = here
    found[PropositionPage] = by_name.get("propositions", [])
    found[SectorPage] = by_name.get("sectors", [])
    found[TargetPage] = by_name.get("targets", [])
    found[TimelinePage] = by_name.get("timelines", [])
    return found


def proposition(stage="proposed", theme=1, as_of=date(2019, 7, 16)):
    return SimpleNamespace(stage=stage, lead_theme_id=theme, as_of=as_of)


KITES, BOATS = SimpleNamespace(pk=1, title="Kites"), SimpleNamespace(pk=2, title="Paper Boats")


@pytest.mark.parametrize(
    ("propositions", "heading", "text"),
    [
        ([proposition()], "One proposition", "All on kites. Stage: proposed at summit, as at July 2019."),
        (
            [proposition(), proposition("funded", 2), proposition("funded", 2)],
            "Three propositions",
            "On kites and paper boats. Stage: 1 proposed at summit and 2 funded, as at July 2019.",
        ),
        (
            [proposition(), proposition(as_of=date(2020, 1, 1))],
            "Two propositions",
            "All on kites. Stage: proposed at summit.",
        ),
        ([proposition(theme=None)], "One proposition", "Stage: proposed at summit, as at July 2019."),
        ([], "No propositions", ""),
    ],
)
def test_what_is_proposed(propositions, heading, text):
    answer = answers.what_is_proposed(pages(propositions=propositions, sectors=[KITES, BOATS]))
    assert (answer.heading, answer.text, answer.url) == (heading, text, "/here/")


def test_for_whom_says_how_much_is_held():
    statuses = {"Kites": "full", "Boats": "partial", "Bells": "stub", "Bows": "stub"}
    sectors = [SimpleNamespace(title=title, content_status=status) for title, status in statuses.items()]
    answer = answers.for_whom(pages(sectors=sectors))
    assert answer.heading == "Four sectors"
    assert answer.text == "Content is held on kites. In part on boats. Not held on bells and bows."


def test_how_far_counts_targets_by_status():
    statuses = {"More kites": "On course", "Boats": "Not enough data", "Bells": "Not enough data"}
    targets = [SimpleNamespace(title=title, deadline_year=2024) for title in statuses]
    rows = [{"target": target, "status": statuses[target.title]} for target in targets]
    assert targets_text(rows) == "More kites: on course. Two: not enough data."
    answer = answers.how_far(pages(targets=targets), "Whatever.")
    assert (answer.heading, answer.text) == ("Three targets for 2024", "Whatever.")


def test_what_changed_is_the_timeline_that_begins_last():
    timelines = [
        SimpleNamespace(title=title, summary=f"{title}.", url=f"/{title}/", first_day=first_day)
        for title, first_day in (("Since", date(2019, 8, 1)), ("Before", None), ("Then", date(2018, 1, 1)))
    ]
    answer = answers.what_changed(pages(timelines=timelines))
    assert (answer.heading, answer.text, answer.url) == ("Since", "Since.", "/Since/")


@pytest.mark.django_db
def test_a_question_whose_page_is_missing_is_left_out():
    found = answers.six_answers(defaultdict(list), "")
    assert [answer.question for answer in found] == ["What do you think?"]


@pytest.mark.django_db
def test_the_rounds_that_are_open_today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 12, 3, 18, tzinfo=UTC))

    def moment(day, hour=9):
        return datetime(2026, 12, day, hour, tzinfo=ZoneInfo("Europe/London"))

    def add(title, opens_at=None, closes_at=None, state="open"):
        slug = title.lower()
        FeedbackRound.objects.create(
            title=title, slug=slug, intro="Say.", opens_at=opens_at, closes_at=closes_at, state=state
        )

    assert answers.what_you_think().text == "Nothing is asked at present. What was asked before is on record."
    add("Draft", state="draft")
    add("Over", closes_at=moment(2))
    add("Ahead", opens_at=moment(4))
    assert "Nothing is asked" in answers.what_you_think().text
    add("Always")
    # Closed at noon: the page may have been made in the morning, and says the day alone.
    add("Today", moment(3), moment(3, 12))
    add("Longer", moment(1), moment(9))
    text = answers.what_you_think().text
    assert "Always: no closing date is set." in text
    assert "Today: until 3 December 2026." in text
    assert "Longer: until 9 December 2026." in text
    for closed in ("Draft", "Over", "Ahead"):
        assert closed not in text


@pytest.mark.django_db
def test_the_home_page_answers_in_order_and_counts_findings(client):
    strategy = SampleStrategy()
    strategy.grow(3)
    EvidenceLink.objects.all().delete()
    findings = strategy.new_findings[:3]
    page = strategy.pages["proposition"][0]
    for finding, relation in zip(findings, ("addresses", "challenges", "challenges"), strict=False):
        EvidenceLink.objects.create(page=page, finding=finding, relation=relation, basis="stated")
    EvidenceLink.objects.create(page=page, finding=findings[1], relation="context", basis="stated")
    soup = BeautifulSoup(client.get("/").content, "html.parser")
    answered = {li.span.text: li for li in soup.select(".answers li")}
    assert list(answered) == [
        "What is proposed?",
        "For whom?",
        "On what evidence?",
        "How far?",
        "What do you think?",
    ]
    total = len(type(findings[0]).objects.filter(live=True))
    text = answered["On what evidence?"].select_one(".text").text
    assert text == f"2 led to a proposition, 1 counts against one and to {total - 3} no proposition responds."
    for li in answered.values():
        assert client.get(li.a["href"]).status_code == 200
