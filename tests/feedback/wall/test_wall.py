"""The wall of a room: what it never shows, however often one looks, and what the facilitator lets onto it."""

import re
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from engagement.feedback.analysis.counts import Tally
from engagement.feedback.models import (
    Approval,
    FeedbackRound,
    Redaction,
    Respondent,
    Response,
    RoundEvent,
    Wall,
)
from engagement.feedback.privacy import withdrawals
from engagement.feedback.responses import submissions
from engagement.feedback.responses.keys import new_client_key
from engagement.feedback.responses.parsing import AnswerData, ParsedPage, StanceData
from engagement.feedback.rounds.opening import close
from engagement.feedback.schema import COMMENT_PARTS, STANCE_GROUPS, STANCES
from engagement.feedback.wall.live_results import ResultLine, next_results
from tests.feedback.builders import shown_now
from tests.feedback.staff import signed_in

pytestmark = pytest.mark.pg

SMALLEST = 5
WALL = "/feedback/wall/KT7194/"
#: What stances are shown as where six are too fine.
SUPPORT, _, OPPOSE, _ = STANCE_GROUPS


@pytest.fixture
def officer(db: None) -> Client:
    return signed_in("Engagement officer")


@pytest.fixture
def room(fair: SimpleNamespace, officer: Client, client: Client) -> "Standing":
    return Standing(fair, officer, client)


class Standing:
    """Somebody who runs the wall, and somebody who looks at it."""

    def __init__(self, fair: SimpleNamespace, officer: Client, looker: Client) -> None:
        self.fair, self.officer, self.looker = fair, officer, looker
        self.session = fair.sessions[0]
        self.proposition = f"p{fair.propositions[0].pk}"
        self.why = str(fair.why.key)

    def people(self, count: int, stance: str = "support", words: str = "", **about: Any) -> list[Response]:
        return [self.person(stance, words, **about) for _ in range(count)]

    def person(self, stance: str = "support", words: str = "", key: str = "", **about: Any) -> Response:
        form, key = self.fair.form, key or new_client_key()
        page = form.schema.pages[0]
        parts = dict.fromkeys(COMMENT_PARTS, "")
        read = ParsedPage({self.why: AnswerData(words)}, {self.proposition: StanceData(stance, parts)}, {})
        submissions.save_page(self.fair.round, form, key, page, read, self.session, shown=shown_now(key, page))
        response = submissions.submit(self.fair.round, key)
        if about:
            Respondent.objects.create(response=response, **about)
        return response

    def table(self, stance: str) -> None:
        response = self.person(stance)
        Response.objects.filter(pk=response.pk).update(mode="table", people=10)

    def turn(self, step: str, **sent: Any) -> Any:
        url = reverse("feedback_wall_action", args=[self.fair.round.pk, self.session.pk])
        answer = self.officer.post(url, {"do": step, **sent}, follow=True)
        assert answer.status_code == 200
        return self.read(answer)

    def ask(self, key: str) -> Any:
        return self.turn("put", question=key)

    def page(self) -> Tag:
        """The facilitator's."""
        url = reverse("feedback_wall", args=[self.fair.round.pk, self.session.pk])
        return self.read(self.officer.get(url))

    def wall(self, later: int = 10) -> Tag:
        """The wall, ``later`` seconds after it was looked at last."""
        Wall.objects.exclude(counted_at=None).update(counted_at=timezone.now() - timedelta(seconds=later))
        answer = self.looker.get(WALL)
        assert answer.status_code == 200
        assert not answer.cookies
        return self.read(answer)

    def read(self, answer: Any) -> Tag:
        main = BeautifulSoup(answer.content, "html.parser").main
        assert main is not None
        return main

    def shown(self, later: int = 10) -> dict[str, str]:
        """The lines of results."""
        rows = self.wall(later).select(".wall-lines tbody tr")
        return {row.th.text: re.sub(r"\s+", " ", row.td.text).strip() for row in rows}


@pytest.mark.parametrize(("share", "strokes"), [(None, 0), (0, 0), (5, 1), (35, 7), (100, 20)])
def test_a_stroke_is_five_in_a_hundred(share: int | None, strokes: int):
    places = ResultLine("Support", share).strokes
    assert len(places) == strokes
    assert all(0 < place < 100 for place in places)


def test_what_speaks_against_is_drawn_in_another_way():
    kinds = {label: ResultLine(label, 5).kind for label in (*STANCES.values(), *STANCE_GROUPS)}
    assert {label for label, kind in kinds.items() if kind == "con"} == {
        "Oppose",
        "Strongly oppose",
        "Oppose, strongly or not",
    }
    assert {label for label, kind in kinds.items() if kind == "mid"} == {"Neither", "Unsure"}


def test_the_strokes_are_the_rounded_share(room: Standing):
    room.ask(room.proposition)
    for _ in range(SMALLEST):
        room.person()
    room.turn("show")
    lines = room.wall().select(".wall-lines tbody tr")
    for line in lines:
        share = re.match(r"\s*(\d+) %", line.td.text)
        assert len(line.select(".on")) == (int(share[1]) // 5 if share else 0)
    assert any(line.select(".on") for line in lines)


def test_at_first_it_invites(room: Standing):
    main = room.wall()
    assert main.h1.text.strip() == "Kites"
    assert "KT 7194" in main.text
    assert "testserver/join" in main.text
    assert main.select_one(".scan")["aria-label"].startswith("Code to scan")
    assert main.select_one(".scan svg path")
    assert not main.select(".wall-lines")


def test_results_come_when_they_are_released_and_enough_have_answered(room: Standing):
    room.ask(room.proposition)
    room.people(SMALLEST - 1)
    assert room.shown() == {}
    room.turn("show")
    main = room.wall()
    assert "when enough people have answered" in main.text
    assert not main.select(".wall-lines")
    room.person()
    assert room.shown()[SUPPORT] == "100 %"
    room.turn("hide")
    assert room.shown() == {}


def test_a_proposition_says_what_is_asked_of_it(room: Standing):
    room.ask(room.proposition)
    page = room.wall()
    assert "How far do you support it?" in page.text
    assert [item.text for item in page.select(".wall-options li")] == [*STANCES.values()]
    assert room.fair.form.schema.pages[0].propositions[0].summary in page.text
    # Results need the room, and name the stances themselves.
    room.people(10)
    room.turn("show")
    assert "How far do you support it?" in room.wall().text
    assert not room.wall().select(".wall-options")
    room.ask(room.why)
    assert "How far" not in room.wall().text


def test_one_more_answer_changes_nothing_that_can_be_seen(room: Standing):
    room.ask(room.proposition)
    room.turn("show")
    room.people(10)
    before = room.wall()
    room.person("oppose")
    assert str(room.wall()) == str(before)
    # Nor does hiding and showing, or another question in between.
    room.turn("hide")
    room.turn("show")
    assert str(room.wall()) == str(before)
    room.ask(room.why)
    room.ask(room.proposition)
    room.turn("show")
    assert str(room.wall()) == str(before)


def test_the_next_step_comes_with_enough_new_answers(room: Standing):
    room.ask(room.proposition)
    room.turn("show")
    room.people(10)
    assert room.shown()[SUPPORT] == "100 %"
    room.people(SMALLEST - 1, "oppose")
    assert room.shown()[SUPPORT] == "100 %"
    room.people(1, "oppose")
    assert (room.shown()[SUPPORT], room.shown()[OPPOSE]) == ("65 %", "35 %")


def test_small_numbers_are_not_shown(room: Standing):
    room.ask(room.proposition)
    room.turn("show")
    room.people(12)
    room.people(2, "oppose")
    shown = room.shown()
    assert shown[OPPOSE] == "too few to show"
    # One more is hidden, so that the small one can't be worked out from the rest.
    assert Counter(shown.values())["too few to show"] >= 2


def test_an_answer_that_is_changed_gives_nobody_away(room: Standing):
    room.ask(room.proposition)
    room.turn("show")
    room.people(9)
    key = new_client_key()
    room.person("support", key=key)
    before = room.shown()
    room.person("oppose", key=key)
    assert room.shown() == before


def test_tables_are_shown_apart(room: Standing):
    room.ask(room.proposition)
    room.turn("show")
    room.people(SMALLEST, "support")
    for _ in range(SMALLEST):
        room.table("oppose")
    captions = [one.text for one in room.wall().select(".wall-lines caption")]
    assert [one.split(",")[0] for one in captions] == ["People", "Tables"]


def test_how_many_is_rounded_down(room: Standing):
    room.people(SMALLEST - 1)
    assert "answered" not in room.wall().text
    room.people(4)
    assert "5 people or more have answered" in room.wall().text


def test_withdrawn_and_doubled_answers_count_nowhere(room: Standing):
    room.ask(room.proposition)
    room.turn("show")
    people = room.people(SMALLEST)
    withdrawals.withdraw(people[0])
    Response.objects.filter(pk=people[1].pk).update(duplicate_of=people[2])
    room.people(1)
    assert room.shown() == {}


def test_looking_often_counts_once(room: Standing):
    room.ask(room.proposition)
    room.turn("show")
    room.people(SMALLEST)
    room.wall()
    # However slow the machine: it isn't time to count again.
    Wall.objects.update(counted_at=timezone.now() + timedelta(hours=1))
    with CaptureQueriesContext(connection) as few:
        room.looker.get(WALL)
    room.people(20)
    with CaptureQueriesContext(connection) as later:
        room.looker.get(WALL)
    assert len(few) == len(later)
    assert not any("propositionresponse" in one["sql"] for one in later)


def test_words_stand_there_only_when_approved(room: Standing):
    FeedbackRound.objects.update(publish_policy="anonymous")
    room.ask(room.why)
    room.person(words="More wind.")
    assert "More wind." not in room.wall().text
    assert "More wind." in room.page().text
    approve(room, "More wind.")
    assert "More wind." in room.wall().text
    assert Approval.objects.get().end == len("More wind.")
    event = RoundEvent.objects.filter(action="wall").last()
    assert (event.note, event.by.username) == ("Kites: words approved", "Engagement officer")
    room.turn("take_off", approval=Approval.objects.get().pk)
    assert "More wind." not in room.wall().text


def approve(room: Standing, words: str) -> Tag:
    """Press the button beside the words."""
    item = next(one for one in room.page().select(".wall-words li") if words in one.blockquote.text)
    sent = {field["name"]: field["value"] for field in item.select("input") if field["name"] != "csrfmiddlewaretoken"}
    return room.turn(sent.pop("do"), **sent)


def test_words_that_change_leave_the_wall(room: Standing):
    FeedbackRound.objects.update(publish_policy="anonymous")
    room.ask(room.why)
    key = new_client_key()
    room.person(words="More wind.", key=key)
    approve(room, "More wind.")
    room.person(words="Something rude.", key=key)
    assert not room.wall().select(".wall-words")
    # And what was looked at a moment ago can't be approved any more.
    room.person(words="More wind.", key=key)
    page = room.page()
    room.person(words="Something rude.", key=key)
    sent = {
        one["name"]: one["value"] for one in page.select(".wall-words input") if one["name"] != "csrfmiddlewaretoken"
    }
    assert sent["do"] == "take_off"
    seen = room.page().select_one(".wall-words input[name=digest]")["value"]
    room.person(words="Something ruder.", key=key)
    room.turn("approve", response=Response.objects.get().pk, anchor=room.why, digest=seen)
    assert not room.wall().select(".wall-words")


def test_withdrawn_words_are_gone(room: Standing):
    FeedbackRound.objects.update(publish_policy="anonymous")
    room.ask(room.why)
    response = room.person(words="More wind.")
    approve(room, "More wind.")
    withdrawals.withdraw(response)
    assert "More wind." not in room.wall().text
    assert not Approval.objects.exists()


@pytest.mark.parametrize(
    ("policy", "offered"), [("nothing", []), ("quotes", ["Quote me."]), ("anonymous", ["", "Quote me."])]
)
def test_only_words_that_the_round_promised_to_show(room: Standing, policy: str, offered: list[str]):
    FeedbackRound.objects.update(publish_policy=policy)
    room.ask(room.why)
    silent = room.person(words="Not me.", may_quote=False)
    room.person(words="Quote me.", may_quote=True)
    page = room.page()
    assert len(page.select(".wall-words li")) == len(offered)
    assert ("Not me." in page.text) == (policy == "anonymous")
    # Pressing a button that isn't there does nothing either.
    from engagement.feedback.wall.moderation import hash_text

    room.turn("approve", response=silent.pk, anchor=room.why, digest=hash_text("Not me."))
    assert ("Not me." in room.wall().text) == (policy == "anonymous")


def test_blacked_out_words_stay_so_and_long_ones_are_not_offered(room: Standing):
    FeedbackRound.objects.update(publish_policy="anonymous")
    room.ask(room.why)
    response = room.person(words="Ask Ada Example about it.")
    Redaction.objects.create(response=response, anchor=room.why, start=4, end=15, reason="personal")
    room.person(words="x" * 251)
    assert [one.text.strip() for one in room.page().select(".wall-words blockquote")] == ["Ask […] about it."]
    approve(room, "about it.")
    assert "Ask […] about it." in room.wall().text


def test_the_facilitator_goes_from_question_to_question(room: Standing):
    page = room.page()
    assert "First question" in page.text
    room.ask(room.proposition)
    assert "Kite hub" in room.wall().h1.text.strip()
    assert "question 1 of 3" in room.wall().text
    page = room.page()
    assert "Next question" in page.text
    assert "Previous question" not in page.text
    room.ask("")
    assert room.wall().h1.text.strip() == "Kites"
    room.ask("not-a-question")
    assert room.wall().h1.text.strip() == "Kites"


def test_the_facilitator_sees_whole_numbers_as_they_come(room: Standing):
    room.ask(room.proposition)
    room.people(2, "oppose")
    url = reverse("feedback_wall", args=[room.fair.round.pk, room.session.pk])
    part = BeautifulSoup(room.officer.get(url, {"part": "counts"}).content, "html.parser")
    assert part.main is None
    rows = {row.td.text: row.select("td")[1].text for row in part.select("table")[1].select("tbody tr")}
    assert rows["Oppose"] == "2"


def test_the_facilitators_page_follows_by_itself(room: Standing):
    """What a colleague put on the wall, what came in, and new words: each part can be asked for alone."""
    FeedbackRound.objects.update(publish_policy="anonymous")
    parts = [part["data-look"] for part in room.page().select("[data-look]")]
    assert parts == ["?part=now", "?part=counts", "?part=words"]
    room.ask(room.why)
    room.person(words="More wind.")
    url = reverse("feedback_wall", args=[room.fair.round.pk, room.session.pk])
    now, counts, words = (room.officer.get(url + part).content.decode() for part in parts)
    assert "What is missing?" in now
    assert "(on the wall)" in counts
    assert "More wind." in words
    assert all("<main" not in part for part in (now, counts, words))
    still = room.read(room.officer.get(url, {"still": 1}))
    assert not still.select("[data-look]")
    assert "Update automatically" in still.text


def test_only_who_runs_rounds_may_run_the_wall(room: Standing):
    for group in ("Analyst", "Viewer"):
        if not Group.objects.filter(name=group).exists():
            continue
        other = signed_in(group)
        for name, method in (("feedback_wall", other.get), ("feedback_wall_action", other.post)):
            answer = method(reverse(name, args=[room.fair.round.pk, room.session.pk]), {"do": "show"})
            assert answer.status_code in (302, 403), name
    assert not Wall.objects.exists()


@pytest.mark.parametrize("path", ["/feedback/wall/AA0000/", "/feedback/wall/x/"])
def test_no_such_room(client: Client, fair: SimpleNamespace, path: str):
    assert client.get(path, follow=True).status_code == 404


def test_a_round_that_is_being_built_has_no_wall(client: Client, fair: SimpleNamespace):
    FeedbackRound.objects.update(state="draft")
    assert client.get(WALL, follow=True).status_code == 404


def test_a_round_that_is_over_invites_nobody(room: Standing):
    close(room.fair.round)
    main = room.wall()
    assert "takes no answers now" in main.text
    assert not main.select(".scan")


def test_the_wall_asks_the_database_no_more_for_more_answers(room: Standing):
    FeedbackRound.objects.update(publish_policy="anonymous")
    room.ask(room.why)
    counts = []
    for more in (1, 12):
        room.people(more, words="Wind.")
        for _ in range(more):
            waiting = room.page().select(".wall-words input[value=approve]")
            if waiting:
                approve_first(room)
        with CaptureQueriesContext(connection) as wall:
            room.looker.get(WALL)
        with CaptureQueriesContext(connection) as page:
            room.page()
        counts.append((len(wall), len(page)))
    assert counts[0] == counts[1]


def approve_first(room: Standing) -> None:
    item = next(one for one in room.page().select(".wall-words li") if one.select("input[value=approve]"))
    sent = {field["name"]: field["value"] for field in item.select("input") if field["name"] != "csrfmiddlewaretoken"}
    room.turn(sent.pop("do"), **sent)


LABELS = list(STANCES.values())
arrivals = st.lists(st.sampled_from(LABELS), max_size=60)


@pytest.mark.once
@given(arrivals, st.integers(min_value=3, max_value=8))
def test_each_step_stands_for_enough_people(people: list[str], smallest: int):
    """Whoever watches every look sees a change only when ``smallest`` people or more came since the last."""
    step, counts, at_last = None, Counter(), 0
    for number, stance in enumerate(people, start=1):
        counts[stance] += 1
        tally = Tally("p1", "P1", "", {label: counts[label] for label in LABELS}, number, groups=STANCE_GROUPS)
        after = next_results(step, tally, smallest)
        if after != step:
            assert number - at_last >= smallest
            at_last = number
            for label, share in after["lines"]:
                assert share is None or share % 5 == 0
                assert share in (None, 0) or sum(counts[one] for one in STANCE_GROUPS.get(label, [label])) >= smallest
        step = after
