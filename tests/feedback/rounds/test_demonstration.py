"""The demonstration comes and goes, and says everywhere what it is."""

from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from engagement.feedback.analysis import export_log
from engagement.feedback.models import (
    Answer,
    Code,
    Coding,
    FeedbackRound,
    FormVersion,
    PropositionResponse,
    Response,
    Theme,
)
from sectors.models import PropositionPage


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("demo_round", *arguments, stdout=output)
    return output.getvalue()


def test_it_comes_with_answers_and_goes_without_a_trace(fair: SimpleNamespace, client: Client):
    before = Response.objects.count(), FormVersion.objects.count()
    said = run("--responses", "5")
    made = FeedbackRound.objects.get(is_demonstration=True)
    assert "/feedback/demonstration/" in said
    assert all(session.code in said for session in made.sessions.all())
    assert made.responses.filter(state="submitted", reference__isnull=False).count() == 5
    texts = [*Answer.objects.exclude(text="").values_list("text", flat=True)]
    texts += PropositionResponse.objects.exclude(comment="").values_list("comment", flat=True)
    assert texts
    assert all(text.startswith("Made-up") for text in texts)
    for path in ("/feedback/demonstration/", "/feedback/demonstration/answer/1/"):
        assert "made up by a program" in client.get(path, follow=True).content.decode()
    run("--responses", "5")
    assert made.responses.count() == 5
    assert "5 responses" in run("--remove")
    assert not FeedbackRound.objects.filter(is_demonstration=True).exists()
    assert (Response.objects.count(), FormVersion.objects.count()) == before
    assert "0 responses" in run("--remove")


def test_the_same_answers_each_time(fair: SimpleNamespace):
    def made() -> list[tuple[str, str]]:
        run("--responses", "4")
        stances = PropositionResponse.objects.filter(response__round__is_demonstration=True).order_by("pk")
        found = list(stances.values_list("stance", "comment"))
        run("--remove")
        return found

    assert made() == made() != []


def test_without_a_proposition_there_is_nothing_to_try(db: None):
    PropositionPage.objects.update(live=False)
    with pytest.raises(CommandError, match="No proposition is published"):
        run()
    assert not FeedbackRound.objects.filter(is_demonstration=True).exists()


def test_a_real_round_is_never_taken_for_it(fair: SimpleNamespace):
    FeedbackRound.objects.filter(pk=fair.round.pk).update(slug="demonstration")
    with pytest.raises(CommandError, match="“The kite fair” is at demonstration, and is no demonstration"):
        run("--report")
    assert FeedbackRound.objects.get(pk=fair.round.pk).state == "open"
    assert FeedbackRound.objects.filter(is_demonstration=True).count() == 0


def test_it_goes_with_what_staff_made_of_it(fair: SimpleNamespace):
    run("--responses", "5")
    made = FeedbackRound.objects.get(is_demonstration=True)
    parent = Code.objects.create(round=made, name="Wind")
    code = Code.objects.create(round=made, name="Breeze", parent=parent)
    response = made.responses.first()
    Coding.objects.create(response=response, code=code, anchor="x", start=0, end=1)
    Theme.objects.create(round=made, title="Wind", summary="Wind").codes.add(code)
    export_log.record_export(made, {"shape": "answers", "format": "csv"}, None)
    assert "5 responses" in run("--remove")
    assert not FeedbackRound.objects.filter(is_demonstration=True).exists()
    assert not Code.objects.exists()


def test_it_can_be_reported_back_and_removed_with_that(fair: SimpleNamespace, client: Client):
    run("--report", "--responses=30")
    run("--report")
    page = client.get("/feedback/demonstration/results/").content.decode()
    assert "A made-up theme" in page
    assert "A program made the answers up" in page
    assert Coding.objects.exists()
    run("--remove")
    assert client.get("/feedback/demonstration/results/").status_code == 404
    assert not Theme.objects.exists()
