"""Posters: what is drawn on them leads where it says."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
import segno
from bs4 import BeautifulSoup
from defusedxml.ElementTree import fromstring
from django.test import Client
from django.urls import reverse

from engagement.feedback.models import RoundSession
from engagement.feedback.rounds.session_codes import assign_session_codes, join_address, join_url, qr_svg
from tests.feedback.staff import signed_in


@pytest.fixture
def officer(db: None) -> Client:
    return signed_in("Engagement officer")


@pytest.fixture
def coded(fair: SimpleNamespace) -> SimpleNamespace:
    assign_session_codes(fair.round)
    fair.sessions = [RoundSession.objects.get(pk=one.pk) for one in fair.sessions]
    return fair


def url(name: str, fair: SimpleNamespace, *args: Any) -> str:
    return reverse(name, args=[fair.round.pk, *args])


def test_what_is_drawn_is_the_whole_address(coded: SimpleNamespace, settings: Any, client: Client):
    settings.BASE_URL = "https://strategy.example.org"
    target = join_url(coded.sessions[0])
    assert re.fullmatch(r"https://strategy\.example\.org/join/KT7194-[0-9A-Z]{4}-[0-9A-Z]{4}/", target)
    drawn = path_of(qr_svg(target))
    assert drawn == path_of(segno.make(target, error="q", micro=False).svg_inline(scale=10, border=4))
    assert client.get(target.removeprefix("https://strategy.example.org")).status_code == 302


def path_of(svg: str) -> str:
    """The lines that are drawn, without what is said about them."""
    return re.findall(r'\bd="([^"]+)"', svg)[-1]


@pytest.mark.parametrize("inline", [True, False])
def test_the_drawing_is_plain(coded: SimpleNamespace, inline: bool):
    svg = qr_svg(join_url(coded.sessions[0]), inline=inline)
    root = fromstring(svg)
    assert root.tag.endswith("svg")
    assert "style" not in svg
    assert "script" not in svg


def test_the_file_is_saved_under_its_code(officer: Client, coded: SimpleNamespace):
    answer = officer.get(url("feedback_poster_svg", coded, coded.sessions[0].pk))
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"] == 'attachment; filename="join-KT7194.svg"'
    assert fromstring(answer.content).get("width")


def test_all_posters_and_one(officer: Client, coded: SimpleNamespace):
    page = BeautifulSoup(officer.get(url("feedback_posters_print", coded)).content, "html.parser")
    assert [one.h1.text for one in page.select(".poster")] == ["Kites", "The fair itself"]
    for poster, session in zip(page.select(".poster"), coded.sessions, strict=True):
        assert poster.select_one(".code").text == session.code
        assert poster.select_one(".join").text == join_address()
        assert session.code in poster.select_one(".url").text
        assert poster.svg is not None
    page = BeautifulSoup(officer.get(url("feedback_poster_print", coded, coded.sessions[1].pk)).content, "html.parser")
    assert [one.h1.text for one in page.select(".poster")] == ["The fair itself"]


def test_without_a_code_there_is_no_poster(officer: Client, coded: SimpleNamespace):
    RoundSession.objects.update(code=None)
    assert officer.get(url("feedback_poster_print", coded, coded.sessions[0].pk)).status_code == 404
    assert officer.get(url("feedback_poster_svg", coded, coded.sessions[0].pk)).status_code == 404
    assert "get their codes when the round is opened" in officer.get(url("feedback_posters", coded)).content.decode()
    assert officer.get(url("feedback_posters_print", coded)).status_code == 200


def test_a_code_that_is_misused_is_changed(officer: Client, coded: SimpleNamespace, client: Client):
    page = officer.post(url("feedback_replace_code", coded, coded.sessions[0].pk), follow=True).content.decode()
    code = RoundSession.objects.get(pk=coded.sessions[0].pk).code
    assert code != "KT7194"
    assert f"The code is {code} now" in page
    assert client.get("/join/KT7194/", follow=True).status_code == 404
    assert client.get(f"/join/{code}/").status_code == 302
    (event,) = coded.round.events.filter(action="new code")
    assert event.note == f"{code} in place of KT7194"


@pytest.mark.parametrize("group", ["Content editor", "Analyst", "Publisher"])
def test_others_look_and_change_no_code(coded: SimpleNamespace, group: str):
    client = signed_in(group)
    assert client.get(url("feedback_posters", coded)).status_code == 200
    client.post(url("feedback_replace_code", coded, coded.sessions[0].pk))
    assert RoundSession.objects.get(pk=coded.sessions[0].pk).code == "KT7194"


def test_the_public_sees_no_posters(coded: SimpleNamespace, client: Client):
    for name, args in (("feedback_posters", ()), ("feedback_poster_svg", (coded.sessions[0].pk,))):
        assert client.get(url(name, coded, *args)).status_code == 302
