"""Every transition from every state by every role, four eyes, and an approval that holds for what was shown."""

import itertools
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagement.bulletins import workflow
from engagement.bulletins.models import Bulletin, BulletinEvent, BulletinState
from tests.bulletins.conftest import TEXT, shown_hash

pytestmark = pytest.mark.pg


ROLES = ("Content editor", "Analyst", "Engagement officer", "Publisher", "Administrator")


WRITERS = {"Content editor", "Engagement officer", "Administrator"}


APPROVERS = {"Engagement officer", "Publisher", "Administrator"}


SENDERS = {"Engagement officer", "Administrator"}


#: Which steps people can take from which states, and who.
ALLOWED = {
    "edit": ({"draft", "in_review", "approved"}, WRITERS),
    "submit": ({"draft"}, WRITERS),
    "give_back": ({"in_review", "approved"}, APPROVERS),
    "approve": ({"in_review"}, APPROVERS),
    "schedule": ({"approved"}, SENDERS),
    "unschedule": ({"scheduled"}, SENDERS),
    "pause": ({"sending"}, SENDERS),
    "resume": ({"paused"}, SENDERS),
    "cancel": ({"draft", "in_review", "approved", "scheduled", "preparing", "sending", "paused"}, SENDERS),
    "take_off": ({"sending", "paused", "completed", "exceptions", "cancelled"}, SENDERS),
    "put_back": ({"sending", "paused", "completed", "exceptions", "cancelled"}, SENDERS),
}


SITE_TRANSITIONS = {
    "begin": "scheduled",
    "add_recipients": "preparing",
    "complete": "sending",
    "recount": "completed",
    "reopen": "exceptions",
}


def set_state(bulletin, state, off_the_web=False):
    """The bulletin as it would be in ``state``."""
    snapshot, hashed = None, ""
    if state not in ("draft", "in_review"):
        snapshot = {"audience": {"frequencies": ["immediate"], "topics": []}, "parts": {}}
        hashed = workflow.content_hash(snapshot)
    begun = timezone.now() if state in ("sending", "paused", "completed", "exceptions", "cancelled") else None
    Bulletin.objects.filter(pk=bulletin.pk).update(
        state=state,
        snapshot=snapshot,
        content_hash=hashed,
        started_at=begun,
        off_web_at=begun if off_the_web else None,
        recipient_count=0 if begun else None,
        scheduled_for=timezone.now(),
    )
    bulletin.refresh_from_db()
    return bulletin


def details_of(step, bulletin):
    if step == "approve":
        return {"shown": shown_hash(bulletin)}
    return {"note": "Because."} if step in ("give_back", "take_off") else {}


def test_the_table_names_every_transition():
    assert set(workflow.TRANSITIONS) == set(ALLOWED) | set(SITE_TRANSITIONS)
    assert {step.name for step in workflow.TRANSITIONS.values() if not step.permissions} == set(SITE_TRANSITIONS)


@pytest.mark.once
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("step", ALLOWED)
def test_every_transition_from_every_state(write, staff, role, step):
    bulletin = write()
    user = staff("somebody", role)
    sources, roles = ALLOWED[step]
    for state in BulletinState.values:
        set_state(bulletin, state, off_the_web=step == "put_back")
        if role not in roles:
            with pytest.raises(PermissionDenied):
                workflow.perform(step, bulletin, user, **details_of(step, bulletin))
        elif state not in sources:
            with pytest.raises(workflow.TransitionError):
                workflow.perform(step, bulletin, user, **details_of(step, bulletin))
        else:
            after = workflow.perform(step, bulletin, user, **details_of(step, bulletin))
            assert BulletinEvent.objects.filter(bulletin=after).latest("pk").by == user
            continue
        bulletin.refresh_from_db()
        assert bulletin.state == state


@pytest.mark.parametrize("step", [*SITE_TRANSITIONS])
@pytest.mark.parametrize("role", ["Administrator", "superuser"])
def test_nobody_makes_the_transitions_of_the_site(write, staff, step, role):
    user = staff("somebody", *(() if role == "superuser" else (role,)), superuser=role == "superuser")
    with pytest.raises(PermissionDenied):
        workflow.perform(step, set_state(write(), SITE_TRANSITIONS[step]), user)


@pytest.mark.once
@pytest.mark.parametrize(("role", "step"), [*itertools.product(ROLES, [*ALLOWED, *SITE_TRANSITIONS, "nonsense", ""])])
def test_transitions_that_are_not_offered_are_refused(write, signed_in, role, step):
    """What the page doesn't offer, the address refuses."""
    bulletin = set_state(write(), "in_review")
    client = signed_in("somebody", role)
    sent = {"step": step, "note": "So.", "shown": shown_hash(bulletin), "moment": "2099-01-01T10:00"}
    response = client.post(reverse("bulletin_action", args=[bulletin.pk]), sent)
    bulletin.refresh_from_db()
    sources, roles = ALLOWED.get(step, (set(), set()))
    if step != "edit" and role in roles and "in_review" in sources:
        assert response.status_code == 302
        assert bulletin.state != "in_review"
    else:
        assert bulletin.state == "in_review"


def test_anonymous_users_are_sent_to_the_login(write):
    bulletin = write()
    for name in (
        "dashboard",
        "action",
        "send_now",
        "send_test",
        "preview",
        "progress",
        "certificate",
        "certificate_csv",
    ):
        url = reverse(f"bulletin_{name}", args=[bulletin.pk])
        assert Client().get(url).status_code == 302
        # What was sent comes back, to be sent again by whoever signs in.
        assert Client().post(url).status_code == 403
    bulletin.refresh_from_db()
    assert bulletin.state == "draft"


class TestFourEyes:
    def test_the_author_is_refused(self, write, staff):
        author = staff("author", "Administrator")
        bulletin = write(author=author)
        workflow.perform("submit", bulletin)
        with pytest.raises(workflow.TransitionError, match="somebody else"):
            workflow.perform("approve", bulletin, author, shown=shown_hash(bulletin))

    def test_so_is_whoever_edited_it(self, write, officer):
        bulletin = write()
        workflow.perform("edit", bulletin, officer)
        workflow.perform("submit", bulletin)
        with pytest.raises(workflow.TransitionError, match="somebody else"):
            workflow.perform("approve", bulletin, officer, shown=shown_hash(bulletin))

    def test_and_a_superuser(self, write, staff):
        root = staff("root", superuser=True)
        bulletin = write(author=root)
        workflow.perform("submit", bulletin)
        with pytest.raises(workflow.TransitionError, match="somebody else"):
            workflow.perform("approve", bulletin, root, shown=shown_hash(bulletin))

    def test_even_when_posted_by_hand(self, write, signed_in):
        client = signed_in("root", superuser=True)
        bulletin = write(author=client.person)
        workflow.perform("submit", bulletin)
        response = client.post(
            reverse("bulletin_action", args=[bulletin.pk]), {"step": "approve", "shown": shown_hash(bulletin)}
        )
        assert response.status_code == 422
        assert "somebody else has to approve it" in response.content.decode()
        bulletin.refresh_from_db()
        assert bulletin.state == "in_review"
        assert 'value="approve"' not in client.get(reverse("bulletin_dashboard", args=[bulletin.pk])).content.decode()

    def test_what_the_site_drafted_anybody_with_the_permission_approves(self, db, staff):
        made = Bulletin.objects.create(kind="bulletin", subject="Made", slug="made", body=json.dumps(TEXT))
        workflow.record_creation(made)
        workflow.perform("submit", made)
        after = workflow.perform("approve", made, staff("publisher", "Publisher"), shown=shown_hash(made))
        assert after.state == "approved"

    def test_after_an_approval_counts_who_edited_since(self, approved, officer, staff, writer):
        bulletin = approved()
        second = staff("second", "Engagement officer")
        workflow.perform("edit", bulletin, second)
        workflow.perform("submit", bulletin)
        assert workflow.authors(bulletin) == {second.pk}
        with pytest.raises(workflow.TransitionError):
            workflow.perform("approve", bulletin, second, shown=shown_hash(bulletin))
        assert workflow.perform("approve", bulletin, officer, shown=shown_hash(bulletin)).state == "approved"

    @pytest.mark.parametrize("back_by", ["author", "officer"])
    def test_an_approval_ends_when_it_is_given_back(self, approved, staff, officer, back_by):
        """Handed in again as it was, another snapshot is taken: its author must not be the one who approves that."""
        author = staff("author", "Administrator")
        bulletin = approved(author=author)
        by = author if back_by == "author" else officer
        workflow.perform("give_back", bulletin, by, note="Wait for the figures.")
        workflow.perform("submit", bulletin, author)
        assert author.pk in workflow.authors(bulletin)
        with pytest.raises(workflow.TransitionError, match="somebody else"):
            workflow.perform("approve", bulletin, author, shown=shown_hash(bulletin))
        assert workflow.perform("approve", bulletin, officer, shown=shown_hash(bulletin)).state == "approved"

    def test_so_does_every_approval_before_it(self, approved, staff, officer, writer):
        bulletin = approved()
        second, third = staff("second", "Engagement officer"), staff("third", "Publisher")
        workflow.perform("edit", bulletin, second)
        workflow.perform("submit", bulletin)
        workflow.perform("approve", bulletin, third, shown=shown_hash(bulletin))
        workflow.perform("give_back", bulletin, third, note="Not yet.")
        workflow.perform("submit", bulletin)
        assert workflow.authors(bulletin) == {writer.pk, second.pk}
        # What is approved after that stands again.
        workflow.perform("approve", bulletin, officer, shown=shown_hash(bulletin))
        assert workflow.authors(bulletin) == set()


class TestTheHash:
    def test_a_stale_page_is_refused(self, write, officer):
        bulletin = write()
        workflow.perform("submit", bulletin)
        seen = shown_hash(bulletin)
        Bulletin.objects.filter(pk=bulletin.pk).update(subject="Something else")
        with pytest.raises(workflow.TransitionError, match="changed since"):
            workflow.perform("approve", bulletin, officer, shown=seen)

    @pytest.mark.parametrize("hashed", ["", "0" * 64])
    def test_so_is_none(self, write, officer, hashed):
        bulletin = write()
        workflow.perform("submit", bulletin)
        with pytest.raises(workflow.TransitionError, match="changed since"):
            workflow.perform("approve", bulletin, officer, shown=hashed)

    def test_it_covers_whom_it_is_for(self, write, topics):
        bulletin = write()
        before = shown_hash(bulletin)
        bulletin.topics.add(topics["kites"])
        bulletin.save()
        assert shown_hash(Bulletin.objects.get(pk=bulletin.pk)) != before

    def test_the_same_content_has_the_same(self, write):
        bulletin = write("kites")
        assert shown_hash(bulletin) == shown_hash(Bulletin.objects.get(pk=bulletin.pk))

    def test_what_was_tampered_with_is_not_sent(self, approved, officer):
        bulletin = approved()
        Bulletin.objects.filter(pk=bulletin.pk).update(snapshot=bulletin.snapshot | {"text": "Other words."})
        with pytest.raises(workflow.TransitionError, match="isn’t what was approved"):
            workflow.perform("schedule", bulletin, officer)

    def test_an_edit_takes_the_approval_away(self, approved, officer):
        bulletin = workflow.perform("edit", approved(), officer)
        assert (bulletin.state, bulletin.snapshot, bulletin.content_hash) == ("draft", None, "")
        assert bulletin.approved_by is None

    def test_faults_stop_it(self, write, officer):
        bulletin = write(body=[{"type": "lead", "value": "Dear {{ name }}"}])
        workflow.perform("submit", bulletin)
        with pytest.raises(workflow.TransitionError, match="waits to be filled in"):
            workflow.perform("approve", bulletin, officer, shown=shown_hash(bulletin))
