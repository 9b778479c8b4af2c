"""The list of rounds and the page of one: where each stands, what can be responded to, and who sees it."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagement.feedback.models import FeedbackRound
from tests.feedback.form_browser import Browser

LIST = "/feedback/"


def add_round(slug: str, **fields: object) -> FeedbackRound:
    """A public round with no session."""
    words = {"title": slug.replace("-", " ").capitalize(), "intro": "About kites.", "privacy_text": "Two people."}
    return FeedbackRound.objects.create(slug=slug, **(words | fields))


@pytest.fixture
def standing(fair: SimpleNamespace) -> FeedbackRound:
    """The round that asks about every proposition, beside the one about kites."""
    return add_round("one-by-one", is_standing=True, state="open")


@pytest.mark.parametrize("url", [LIST, "/feedback/one-by-one/"])
def test_each_proposition_has_a_way_to_respond_to_it(url: str, standing: FeedbackRound):
    browser = Browser()
    browser.open(url)
    grid = browser.page.main.find("ul", class_="reference-grid")
    for item, ref in zip(grid.find_all("li"), ("P1", "P2"), strict=True):
        link = item.find("a", class_="btn")
        assert " ".join(link.get_text().split()) == f"Respond to {ref}"
        assert link["href"] == f"/propositions/{ref.lower()}/respond/"


def test_a_closed_round_leads_nowhere(standing: FeedbackRound, client: Client):
    standing.state = "closed"
    standing.save()
    html = client.get("/feedback/one-by-one/").content.decode()
    assert "reference-grid" in html
    assert "/respond/" not in html


def test_the_step_a_round_stands_at_is_said(standing: FeedbackRound):
    browser = Browser()
    browser.open("/feedback/one-by-one/")
    (now,) = browser.page.main.find_all(attrs={"aria-current": "step"})
    assert now.b.text == "Open"
    assert "no closing date set" in now.text


def test_of_a_round_that_was_never_open_here_nothing_is_held(standing: FeedbackRound):
    add_round("summit", state="closed")
    browser = Browser()
    browser.open(LIST)
    last = browser.page.main.find_all("ol", class_="round-course")[-1]
    assert last.text.count("not held") == 2


def test_the_code_of_a_room_can_be_typed_in_the_list(fair: SimpleNamespace, client: Client):
    page = client.get(LIST)
    assert 'action="/join/"' in page.content.decode()
    assert not page.cookies
    assert client.post("/join/", {"code": "no such code"}).status_code == 404


def test_a_table_is_chosen_for_whoever_comes_to_write_for_one(db: None, client: Client):
    assert 'id="for-table" checked' in client.get("/join/?for=table").content.decode()
    assert 'id="for-one" checked' in client.get("/join/").content.decode()


@pytest.mark.once
def test_more_rounds_ask_no_more_queries(standing: FeedbackRound, client: Client):
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for number in range(5):
        add_round(f"round-{number}", state="closed" if number % 2 else "open")
    client.get(LIST)
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few)


def test_who_sees_the_answers_and_what_is_asked_stand_on_the_page(standing: FeedbackRound):
    browser = Browser()
    browser.open("/feedback/one-by-one/")
    asked = browser.page.main.find("ol", class_="asked-of-each").text
    assert "Strongly support" in asked
    assert "What should be asked of government" in asked
    seen = browser.page.main.find("dl", class_="who-sees").text
    assert "Two people." in seen
    assert "fewer than 5 people" in " ".join(seen.split())
