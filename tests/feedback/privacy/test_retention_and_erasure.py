"""What names somebody goes when its time is over, when they ask, and again after a backup was restored."""

import json
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from engagement.feedback import personal_data
from engagement.feedback.analysis import duplicates, export_log
from engagement.feedback.analysis.export_log import ERASED
from engagement.feedback.models import (
    Answer,
    Export,
    FeedbackRound,
    OutcomeMail,
    PropositionResponse,
    Quotation,
    Respondent,
    Response,
    RoundEvent,
    WrongCode,
)
from engagement.feedback.privacy import retention, withdrawals
from engagement.feedback.reporting import notifications
from engagement.feedback.responses import submissions
from engagement.feedback.rounds.opening import close
from engagement.feedback.streams import on_settled
from engagement.mail.addresses import address_hash
from engagement.mail.message import Message, Skip
from engagement.mail.scheduler import PERIODIC_TASKS
from engagement.mailing_list import abuse, emails, erasure_log
from engagement.mailing_list import personal_data as registry
from engagement.mailing_list.models import Suppression
from engagement.mailing_list.retention import run as run_retention
from tests.feedback.builders import (
    COMMENT,
    choose_quotation,
    close_and_report,
    compact_html,
    get_officer,
    shown_about,
    submit_answers,
    write_report,
)
from tests.feedback.staff import client_for
from tests.feedback.staff import make_staff as person_of_staff

pytestmark = pytest.mark.pg

WILMA = "wilma@example.org"
PERSON = {
    "name": "Wilma Weather",
    "organisation": "Exampleshire Kites",
    "role": "Flyer",
    "address": WILMA,
    "capacity": "organisation",
    "may_contact": True,
    "may_quote": True,
}


def run(*arguments: str) -> str:
    output = StringIO()
    call_command(*arguments, stdout=output)
    return output.getvalue()


def reported_with(fair: SimpleNamespace, policy: str = "quotes") -> Response:
    """A reported round in which Wilma is quoted by name."""
    FeedbackRound.objects.filter(pk=fair.round.pk).update(publish_policy=policy)
    fair.round.refresh_from_db()
    mine = submit_answers(fair, comment=COMMENT, **PERSON)
    write_report(fair, mine)
    choose_quotation(fair, mine, is_named=True)
    close_and_report(fair)
    return mine


def results(client: Client) -> str:
    return client.get("/feedback/kite-fair/results/").content.decode()


# --- in time ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reported", "months", "until"),
    [
        (datetime(2026, 1, 31, 9, tzinfo=UTC), 1, datetime(2026, 2, 28, 9, tzinfo=UTC)),
        (datetime(2026, 12, 1, tzinfo=UTC), 12, datetime(2027, 12, 1, tzinfo=UTC)),
        (datetime(2028, 2, 29, tzinfo=UTC), 12, datetime(2029, 2, 28, tzinfo=UTC)),
        (datetime(2026, 5, 5, tzinfo=UTC), 0, datetime(2026, 5, 5, tzinfo=UTC)),
    ],
)
def test_until_when_contact_details_are_kept(reported: datetime, months: int, until: datetime):
    assert retention.contact_kept_until(FeedbackRound(reported_at=reported, contact_months=months)) == until
    assert retention.contact_kept_until(FeedbackRound(contact_months=months)) is None


def test_contact_details_go_so_many_months_after_the_report(fair: SimpleNamespace, client: Client):
    mine = reported_with(fair)
    assert "Wilma Weather" in results(client)
    end = retention.contact_kept_until(fair.round)
    assert run_retention(now=end - timedelta(minutes=1))["respondents emptied of their contact details"] == 0
    assert run_retention(now=end, dry_run=True)["respondents emptied of their contact details"] == 1
    assert Respondent.objects.get().address == WILMA
    assert run_retention(now=end)["respondents emptied of their contact details"] == 1
    person = Respondent.objects.get(response=mine)
    assert [getattr(person, field) for field in retention.CONTACT_FIELDS] == [""] * len(retention.CONTACT_FIELDS)
    assert (person.capacity, person.may_contact, person.may_quote) == ("organisation", False, True)
    page = results(client)
    assert "Wilma" not in page
    assert "Kites need wind" in page
    assert sum(run_retention(now=end).values()) == 0


def test_a_round_that_is_never_reported_keeps_them_as_long_after_its_end(fair: SimpleNamespace, client: Client):
    submit_answers(fair, **PERSON)
    close(fair.round)
    closed = fair.round.events.get(action="closed").at
    end = retention.contact_kept_until(fair.round)
    # There is a 29 February only in some years.
    day = 28 if (closed.month, closed.day) == (2, 29) else closed.day
    assert (end.year, end.month, end.day) == (closed.year + 1, closed.month, day)
    assert run_retention(now=end - timedelta(minutes=1))["respondents emptied of their contact details"] == 0
    assert Respondent.objects.get().address == WILMA
    assert run_retention(now=end)["respondents emptied of their contact details"] == 1
    assert Respondent.objects.get().address == ""
    page = compact_html(client.get("/feedback/kite-fair/"))
    assert "12 months after the results are reported back; or after the round has ended, if they never are" in page


@pytest.mark.parametrize("is_reported", [True, False])
def test_a_report_begins_the_time_anew(fair: SimpleNamespace, is_reported: bool):
    """Nobody is forgotten before they were told, if the report comes within the time."""
    mine = submit_answers(fair, **PERSON)
    write_report(fair, mine)
    close_and_report(fair)
    before = timezone.now() - timedelta(days=300)
    FeedbackRound.objects.update(closes_at=before)
    if not is_reported:
        FeedbackRound.objects.update(reported_at=None, state="closed")
    run_retention(now=timezone.now() + timedelta(days=100))
    assert bool(Respondent.objects.get().address) is is_reported


def test_an_open_round_keeps_them(fair: SimpleNamespace):
    submit_answers(fair, **PERSON)
    FeedbackRound.objects.update(closes_at=None)
    fair.round.refresh_from_db()
    run_retention(now=timezone.now() + timedelta(days=3000))
    assert Respondent.objects.get().address == WILMA
    assert retention.contact_kept_until(fair.round) is None


def test_a_closing_time_that_passed_is_the_end_though_nobody_closed_it(fair: SimpleNamespace):
    submit_answers(fair, **PERSON)
    fair.round.refresh_from_db()
    assert retention.contact_kept_until(fair.round) > fair.round.closes_at
    run_retention(now=fair.round.closes_at + timedelta(days=367))
    assert Respondent.objects.get().address == ""


def test_files_with_details_are_told_of_after_the_end(fair: SimpleNamespace):
    submit_answers(fair, **PERSON)
    close(fair.round)
    long_ago = timezone.now() - timedelta(days=400)
    export = export_log.record_export(
        fair.round, {"shape": "answers", "format": "csv", "personal": True, "reason": "x"}, get_officer()
    )
    assert export_log.stale_exports(fair.round) == []
    Export.objects.filter(pk=export.pk).update(at=long_ago)
    FeedbackRound.objects.update(closes_at=long_ago)
    (held,) = export_log.stale_exports(FeedbackRound.objects.get(pk=fair.round.pk))
    assert held.contact_expired_at


def test_the_desk_says_until_when(fair: SimpleNamespace):
    submit_answers(fair, **PERSON)
    client = client_for(person_of_staff())
    desk, report_desk = (reverse(name, args=[fair.round.pk]) for name in ("feedback_dashboard", "feedback_report"))
    close(fair.round)
    until = date_format(timezone.localtime(retention.contact_kept_until(fair.round)), "j F Y")
    for address in (desk, report_desk):
        page = compact_html(client.get(address))
        assert f"emptied after {until}, unless the round is reported back before that" in page


def test_what_was_never_sent_goes_a_month_after_the_end(fair: SimpleNamespace):
    sent, unsent = submit_answers(fair), submit_answers(fair, comment=COMMENT)
    Response.objects.filter(pk=unsent.pk).update(state="saved", reference=None)
    close(fair.round)
    # It was closed before its time.
    end = fair.round.events.get(action="closed").at
    assert end < fair.round.closes_at
    run_retention(now=end + timedelta(days=29))
    assert Response.objects.filter(pk=unsent.pk).exists()
    run_retention(now=end + timedelta(days=31))
    assert not Response.objects.filter(pk=unsent.pk).exists()
    assert Response.objects.filter(pk=sent.pk).exists()
    assert not PropositionResponse.objects.filter(comment=COMMENT).exists()


def test_in_a_round_without_an_end_it_goes_after_a_year(fair: SimpleNamespace):
    FeedbackRound.objects.update(closes_at=None)
    unsent = submit_answers(fair)
    Response.objects.update(state="saved", reference=None)
    run_retention(now=timezone.now() + timedelta(days=364))
    assert Response.objects.filter(pk=unsent.pk).exists()
    run_retention(now=timezone.now() + timedelta(days=366))
    assert not Response.objects.exists()


def test_it_is_a_job_and_a_command(fair: SimpleNamespace):
    WrongCode.objects.create(at=timezone.now() - timedelta(days=8))
    assert "1  wrong codes forgotten" in run("retention", "--dry-run")
    assert WrongCode.objects.exists()
    assert "1 wrong codes forgotten" in PERIODIC_TASKS["mailing_list.retention"].run()
    assert not WrongCode.objects.exists()
    assert PERIODIC_TASKS["mailing_list.retention"].run() == "Nothing was due."


# --- when somebody asks -----------------------------------------------------------------------------


def test_everything_held_has_the_answers(fair: SimpleNamespace, django_assert_max_num_queries):
    mine = reported_with(fair)
    notifications.queue_notifications(fair.round, get_officer())
    held = registry.collect_data("Wilma@Example.org")
    (row,) = held["feedback"]
    assert (row["round"], row["reference"], row["name"]) == ("The kite fair", mine.reference, "Wilma Weather")
    assert COMMENT in [line["answer"] for line in row["said"]]
    assert "Support" in [line["answer"] for line in row["said"]]
    assert held["feedback_mails"][0]["round"] == "The kite fair"
    json.dumps(held)
    assert registry.collect_data("nobody@example.org")["feedback"] == []
    assert registry.collect_data("")["feedback"] == []
    assert COMMENT in run("personal_data", "export", WILMA)


def test_erasing_takes_the_person_and_leaves_the_words(fair: SimpleNamespace, client: Client):
    reported_with(fair)
    assert registry.erase(WILMA)["feedback"] == 1
    assert not Respondent.objects.exists()
    assert PropositionResponse.objects.filter(comment=COMMENT).exists()
    # The leave to quote them went with the person.
    assert "Kites need wind" not in results(client)


def test_words_go_too_for_whoever_wishes(fair: SimpleNamespace, client: Client):
    mine = reported_with(fair, "anonymous")
    assert "Kites need wind" in results(client)
    registry.erase(WILMA, with_answers=True)
    mine.refresh_from_db()
    assert mine.state == "withdrawn"
    assert not Answer.objects.exists()
    assert not PropositionResponse.objects.exists()
    assert not Quotation.objects.exists()
    assert "Kites need wind" not in results(client)


def test_an_address_that_was_changed_is_known_by_the_new_one(fair: SimpleNamespace):
    mine = submit_answers(fair, **PERSON)
    for changed in ("new@example.org", ""):
        shown = shown_about(Respondent.objects.get())
        submissions.save_respondent(fair.round, mine.client_key, {"address": changed}, shown)
        assert Respondent.objects.get().address_hash == (address_hash(changed) if changed else "")


# --- after a backup was restored --------------------------------------------------------------------


def test_an_erasure_is_done_again_and_not_to_who_came_back(fair: SimpleNamespace, tmp_path: Path):
    before = submit_answers(fair, **PERSON)
    registry.erase(WILMA)
    erasure_log.write_log(tmp_path / "erasures.txt")
    # The backup has the person again; and somebody answered after the erasure.
    Respondent.objects.create(response=before, **PERSON)
    later = submit_answers(fair, **PERSON)
    assert erasure_log.replay(tmp_path / "erasures.txt")["erased"] == 1
    assert [person.response_id for person in Respondent.objects.all()] == [later.pk]
    assert erasure_log.replay(tmp_path / "erasures.txt")["erased"] == 0


def test_a_withdrawal_is_done_again(fair: SimpleNamespace, tmp_path: Path):
    gone, stays = submit_answers(fair, comment=COMMENT), submit_answers(fair)
    withdrawals.withdraw(gone)
    path = tmp_path / "erasures.txt"
    assert erasure_log.write_log(path) == erasure_log.write_log(path) == 1
    assert gone.client_key not in path.read_text()
    Response.objects.filter(pk=gone.pk).update(state="submitted")
    PropositionResponse.objects.create(
        response=gone,
        form=fair.form,
        proposition=fair.propositions[0],
        version=fair.propositions[0].versions.get(),
        comment=COMMENT,
    )
    assert "1 withdrawn again" in run("replay_erasures", "--log", str(path))
    assert not PropositionResponse.objects.filter(comment=COMMENT).exists()
    stays.refresh_from_db()
    assert stays.state == "submitted"
    assert "0 withdrawn again" in run("replay_erasures", "--log", str(path))


def test_whoever_is_on_no_list_sees_and_erases_by_a_mailed_link(fair: SimpleNamespace, client: Client):
    submit_answers(fair, comment=COMMENT, **PERSON)
    submit_answers(fair, comment="Another one.", **PERSON)
    asked = abuse.queue_request(abuse.PREFERENCES, WILMA, RequestFactory().get("/"))
    letter = emails.preferences(asked)
    assert isinstance(letter, Message)
    path = re.search(r"https?://[^/]+(/\S+)", letter.text)[1]
    page = client.get(path, follow=True).content.decode()
    assert page.count("The kite fair") == 2
    data = client.get(path.replace("/manage/", "/manage/data.json")).json()
    assert len(data["feedback"]) == 2
    erase = path.replace("/manage/", "/manage/erase/")
    assert "2 responses" in client.get(erase).content.decode()
    assert client.post(erase, {"words": "on"}).status_code == 302
    assert not PropositionResponse.objects.exclude(comment="").exists()
    assert not Respondent.objects.exists()
    assert client.get(path).status_code == 404


def mailed(client: Client, address: str = WILMA) -> str:
    """The address of the page that is opened by a link mailed to somebody."""
    letter = emails.preferences(abuse.queue_request(abuse.PREFERENCES, address, RequestFactory().get("/")))
    assert isinstance(letter, Message)
    return re.search(r"https?://[^/]+(/\S+)", letter.text)[1]


def test_a_mailed_link_shows_nobodys_words(fair: SimpleNamespace, client: Client):
    """Nobody confirmed that the address belongs to who answered: it may have been mistyped, or made up."""
    mine = submit_answers(fair, comment=COMMENT, **PERSON)
    path = mailed(client)
    for url in (path, path.replace("/manage/", "/manage/data.json"), path.replace("/manage/", "/manage/erase/")):
        # The key in the footer of every page has the word “Supports”.
        page = client.get(url, follow=True).content.decode().partition("<footer")[0]
        assert "</main>" in page or "{" in page
        for secret in (COMMENT, "Wilma Weather", mine.reference, mine.client_key, "Support"):
            assert secret not in page
    # Staff, who ask who somebody is, see all of it; and so does whoever has the key.
    assert COMMENT in run("personal_data", "export", WILMA)
    assert COMMENT in client.get(f"/feedback/kite-fair/check/?k={mine.client_key}").content.decode()


def test_whoever_it_was_not_takes_the_address_off(fair: SimpleNamespace, client: Client):
    mine, theirs = submit_answers(fair, comment=COMMENT, **PERSON), submit_answers(fair, address="other@example.org")
    path = mailed(client)
    token = path.partition("?")[2]
    held = client.get(path, follow=True).content.decode()
    url = re.search(r'action="(/feedback/not-mine/[^"]+)"', held)[1]
    assert url.endswith(token)
    assert client.get(url).status_code == 302
    assert Respondent.objects.get(response=mine).address == WILMA
    assert "was taken off" in client.post(url).content.decode()
    person = Respondent.objects.get(response=mine)
    assert (person.address, person.address_hash, person.may_contact) == ("", "", False)
    assert (person.name, person.may_quote) == (PERSON["name"], PERSON["may_quote"])
    assert PropositionResponse.objects.get(response=mine).comment == COMMENT
    assert Respondent.objects.get(response=theirs).address == "other@example.org"
    # Files that were taken before still hold it, and that is known.
    assert RoundEvent.objects.filter(action=ERASED, response=mine).exists()
    assert "under no answers" in client.post(url).content.decode()
    assert client.post(url.replace("t=", "t=x")).status_code == 404
    assert registry.collect_data(WILMA)["feedback"] == []


def test_who_gave_no_answers_is_told_that_nothing_is_held(fair: SimpleNamespace):
    asked = abuse.queue_request(abuse.PREFERENCES, "nobody@example.org", RequestFactory().get("/"))
    letter = emails.preferences(asked)
    assert isinstance(letter, Message)
    assert "nothing" in letter.subject


# --- the ledger of mails ----------------------------------------------------------------------------


def told(fair: SimpleNamespace) -> Response:
    """A response whose respondent was told what came of the round."""
    mine = reported_with(fair)
    assert notifications.queue_notifications(fair.round, get_officer()) == 1
    assert OutcomeMail.objects.get().answered == mine
    return mine


@pytest.mark.parametrize(
    "forget",
    [
        lambda: withdrawals.withdraw(Response.objects.get()),
        lambda: registry.erase(WILMA),
        lambda: registry.erase(WILMA, with_answers=True),
        lambda: personal_data.detach_address(address_hash(WILMA)),
    ],
    ids=["withdrawn", "erased", "erased with the words", "taken off"],
)
def test_the_ledger_forgets_the_answers_with_the_person(fair: SimpleNamespace, forget):
    told(fair)
    forget()
    row = OutcomeMail.objects.get()
    assert row.answered is None
    assert notifications.compose(row) == Skip("erased")
    # Somebody with that address, who isn't told a second time; and may still say that they want no such mail.
    FeedbackRound.objects.update(state="open")
    fair.round.refresh_from_db()
    submit_answers(fair, **PERSON)
    FeedbackRound.objects.update(state="reported")
    assert notifications.notification_status(fair.round).waiting == 0
    assert notifications.queue_notifications(fair.round, get_officer()) == 0
    row.state = "complained"
    on_settled(row)
    assert Suppression.objects.filter(address_hash=address_hash(WILMA)).exists()


def test_the_ledger_forgets_the_address_in_time(fair: SimpleNamespace):
    told(fair)
    row = OutcomeMail.objects.get()
    other = Response.objects.create(round=fair.round, form=fair.form, client_key="x", state="withdrawn")
    OutcomeMail.objects.create(round=fair.round, answered=other, address_hash=address_hash("other@example.org"))
    fair.round.refresh_from_db()
    end = retention.contact_kept_until(fair.round)
    words = "mails that forgot whom they went to"
    assert run_retention(now=end - timedelta(minutes=1))[words] == 0
    # What was sent of late may still come back.
    OutcomeMail.objects.update(created_at=end - timedelta(days=29))
    assert run_retention(now=end)[words] == 0
    assert not OutcomeMail.objects.filter(answered__isnull=False).exists()
    assert OutcomeMail.objects.filter(address_hash=address_hash(WILMA)).exists()
    later = end + timedelta(days=2)
    assert run_retention(now=later, dry_run=True)[words] == 2
    assert run_retention(now=later)[words] == 2
    assert run_retention(now=later)[words] == 0
    kept = set(OutcomeMail.objects.values_list("address_hash", flat=True))
    assert len(kept) == 2
    assert not kept & {address_hash(WILMA), address_hash("other@example.org")}
    assert registry.collect_data(WILMA)["feedback_mails"] == []
    # What is reported after that names nobody.
    row.refresh_from_db()
    row.state = "complained"
    on_settled(row)
    assert not Suppression.objects.exists()


# --- duplicates -------------------------------------------------------------------------------------


@pytest.mark.parametrize("goes", ["withdrawn", "erased"])
def test_what_repeats_withdrawn_answers_counts_again(fair: SimpleNamespace, client: Client, goes: str):
    first = submit_answers(fair, comment=COMMENT, **PERSON)
    second, third = (submit_answers(fair, comment=COMMENT * 2, address="ada@example.org") for _ in range(2))
    for one in (second, third):
        duplicates.mark_duplicate(one, first, get_officer())
    assert list(fair.round.responses.all().counted()) == [first]
    assert duplicates.suspected_duplicates(fair.round) == []
    if goes == "withdrawn":
        withdrawals.withdraw(first)
    else:
        registry.erase(WILMA, with_answers=True)
    assert set(fair.round.responses.all().counted()) == {second, third}
    events = RoundEvent.objects.filter(action="unmarked duplicate").order_by("pk")
    assert [one.response for one in events] == [second, third]
    assert {one.note for one in events} == {f"of {first}, which was withdrawn"}
    # Staff look at them again.
    (found,) = duplicates.suspected_duplicates(fair.round)
    assert (found.response, found.first) == (third.pk, second.pk)
    page = client_for(person_of_staff()).get(reverse("feedback_duplicates", args=[fair.round.pk])).content.decode()
    assert "To be decided: 1" in page
    assert "Marked as duplicates: 0" in page


def test_a_duplicate_is_not_said_to_count(fair: SimpleNamespace, client: Client):
    first, second = submit_answers(fair, comment=COMMENT), submit_answers(fair)
    write_report(fair, first)
    duplicates.mark_duplicate(second, first, get_officer())
    close_and_report(fair)
    said = {}
    for one in (first, second):
        late = client.get(f"/feedback/kite-fair/check/?k={one.client_key}")
        assert late.status_code == 410
        found = client.post("/feedback/kite-fair/outcome/", {"reference": one.reference})
        said[one.pk] = [" ".join(page.content.decode().split()) for page in (late, found)]
    late, found = said[first.pk]
    assert "arrived and counts" in late
    assert "counted" not in found
    late, found = said[second.pk]
    assert "It isn’t counted" in late
    assert "aren’t counted" in found
    for page in (late, found):
        assert "arrived and counts" not in page
        assert "Your answers were counted" not in page
        assert first.reference not in page
