"""Writing a report and publishing it, as an engagement officer does it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from engagement.feedback.models import Code, OfficialResponse, Quotation, Theme
from engagement.feedback.rounds.opening import close
from tests.feedback.builders import COMMENT, comment_place, make_coding, submit_answers, write_report
from tests.feedback.staff import client_for, make_staff, signed_in

DESK = "feedback_report"


def url(fair: SimpleNamespace, name: str = DESK, *more: Any) -> str:
    return reverse(name, args=[fair.round.pk, *more])


def act(client: Client, fair: SimpleNamespace, do: str, **data: Any) -> str:
    """The desk after a button on it was pressed, as the desk stands now."""
    shown = client.get(url(fair)).context or {}
    data = {"seen": shown.get("seen", "")} | data
    return client.post(url(fair, "feedback_report_action"), {"do": do, **data}, follow=True).content.decode()


def test_from_a_theme_to_the_site(olive: Client, otto: Client, fair: SimpleNamespace, client: Client):
    code = Code.objects.create(round=fair.round, name="Wind")
    for _ in range(6):
        submit_answers(fair)
    close(fair.round)
    olive.post(url(fair, "feedback_theme_add"), {"title": "No wind", "summary": "x", "codes": code.pk, "sort_order": 0})
    theme = Theme.objects.get()
    assert list(theme.codes.all()) == [code]
    first, second = fair.propositions
    version = first.versions.get()
    said = {"you_said": "Wind!", "reason": "Added.", "themes": theme.pk, "sort_order": 0, "decision": "changed"}
    olive.post(
        url(fair, "feedback_official_response_add"), said | {f"p{first.pk}": version.pk, f"p{second.pk}": "about"}
    )
    official = OfficialResponse.objects.get()
    assert {(one.proposition_id, one.version_id) for one in official.outcomes.all()} == {
        (first.pk, version.pk),
        (second.pk, None),
    }
    assert "Wind!" in olive.get(url(fair, "feedback_report_preview")).content.decode()
    assert "so somebody else publishes it" in act(olive, fair, "publish")
    assert client.get("/feedback/kite-fair/results/").status_code == 404
    assert "reported back" in act(otto, fair, "publish")
    assert "Wind!" in client.get("/feedback/kite-fair/results/").content.decode()
    actions = [event.action for event in fair.round.events.all() if event.by]
    assert actions == ["theme written", "response written", "reported back"]


def test_what_is_wrong_is_said_and_nothing_lost(olive: Client, fair: SimpleNamespace):
    first = fair.propositions[0]
    typed = {"you_said": "", "reason": "Because.", "decision": "noted", f"p{first.pk}": first.versions.get().pk}
    response = olive.post(url(fair, "feedback_official_response_add"), typed)
    page = response.content.decode()
    assert "There is a problem" in page
    assert "only have come of it where something was changed" in page
    assert "Because." in page
    assert not OfficialResponse.objects.exists()


def test_a_round_that_is_open_is_not_reported(olive: Client, fair: SimpleNamespace):
    write_report(fair, submit_answers(fair))
    page = act(olive, fair, "publish")
    assert "The round isn’t closed." in page
    fair.round.refresh_from_db()
    assert fair.round.state == "open"


def test_taking_back_needs_a_reason(olive: Client, fair: SimpleNamespace, client: Client):
    write_report(fair, submit_answers(fair))
    close(fair.round)
    act(olive, fair, "publish")
    act(olive, fair, "take_back", why="  ")
    assert client.get("/feedback/kite-fair/results/").status_code == 200
    act(olive, fair, "take_back", why="A name was in it.")
    assert client.get("/feedback/kite-fair/results/").status_code == 404
    assert fair.round.events.last().note == "A name was in it."


def test_what_is_published_is_taken_back_before_it_is_deleted(olive: Client, otto: Client, fair: SimpleNamespace):
    made = write_report(fair, submit_answers(fair))
    close(fair.round)
    act(olive, fair, "publish")
    row = {"what": "response", "number": made.official.pk}
    assert "Take it back first" in act(olive, fair, "delete", **row)
    act(olive, fair, "take_back_one", **row)
    assert "An administrator can delete it." in act(olive, fair, "delete", **row)
    act(otto, fair, "delete", **row)
    assert not OfficialResponse.objects.exists()


def test_nobody_deletes_what_a_colleague_wrote(olive: Client, fair: SimpleNamespace):
    oona = client_for(make_staff("Engagement officer", "oona"))
    for author, other in ((olive, oona), (oona, olive)):
        author.post(url(fair, "feedback_theme_add"), {"title": "Rain", "summary": "x", "sort_order": 0})
        row = {"what": "theme", "number": Theme.objects.get().pk}
        assert "A colleague wrote it" in act(other, fair, "delete", **row)
        act(author, fair, "delete", **row)
        assert not Theme.objects.exists()


def test_words_are_chosen_from_what_was_coded(olive: Client, otto: Client, fair: SimpleNamespace, client: Client):
    type(fair.round).objects.filter(pk=fair.round.pk).update(publish_policy="quotes")
    fair.round.refresh_from_db()
    mine = submit_answers(fair, comment=COMMENT, name="Wilma Weather", may_quote=True)
    other = submit_answers(fair, comment="Never quote this one.")
    made = write_report(fair, mine)
    span = made.code.codings.get()
    hers = make_coding(other, made.code, comment_place(fair), 0, 15)
    close(fair.round)
    page = olive.get(url(fair, "feedback_quotations"), {"code": made.code.pk}).content.decode()
    assert "Kites need wind" in page
    assert "Never quote" not in page
    olive.post(url(fair, "feedback_quotations"), {"span": hers.pk})
    assert not Quotation.objects.exists()
    olive.post(url(fair, "feedback_quotations"), {"span": span.pk, "theme": made.theme.pk, "named": "on"})
    quotation = Quotation.objects.get()
    assert (quotation.published_at, quotation.is_named, quotation.theme) == (None, True, made.theme)
    act(otto, fair, "publish")
    assert "Wilma Weather" in client.get("/feedback/kite-fair/results/").content.decode()
    act(olive, fair, "unquote", number=quotation.pk)
    assert "Kites need wind" not in client.get("/feedback/kite-fair/results/").content.decode()


NAMES = [DESK, "feedback_report_preview", "feedback_theme_add", "feedback_official_response_add", "feedback_quotations"]


@pytest.mark.once
@pytest.mark.parametrize("name", NAMES)
def test_who_is_let_in(fair: SimpleNamespace, name: str):
    for group in ("Content editor", "Analyst", "Publisher"):
        assert signed_in(group).get(url(fair, name)).status_code in (302, 403), group
    for group in ("Engagement officer", "Administrator"):
        assert signed_in(group).get(url(fair, name)).status_code == 200, group


def test_others_publish_nothing(fair: SimpleNamespace):
    write_report(fair, submit_answers(fair))
    close(fair.round)
    act(signed_in("Analyst"), fair, "publish")
    fair.round.refresh_from_db()
    assert fair.round.state == "closed"


@pytest.mark.parametrize("number", ["0", "x", "9" * 30, ""])
def test_rows_that_are_not_there(olive: Client, fair: SimpleNamespace, number: str):
    for do in ("delete", "take_back_one", "unquote"):
        response = olive.post(url(fair, "feedback_report_action"), {"do": do, "number": number})
        assert response.status_code == 404
    assert olive.post(url(fair, "feedback_quotations"), {"span": number}).status_code == 404


def test_as_many_queries_with_more_rows(olive: Client, fair: SimpleNamespace, django_assert_max_num_queries):
    def asked() -> int:
        with django_assert_max_num_queries(80) as found:
            olive.get(url(fair))
        return len(found)

    write_report(fair, submit_answers(fair))
    olive.get(url(fair))
    before = asked()
    for number in range(5):
        Theme.objects.create(round=fair.round, title=f"Theme {number}", summary="x")
        fair.round.official_responses.create(you_said="x", decision="noted", reason="y")
    assert asked() == before
