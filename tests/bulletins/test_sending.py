"""How a bulletin begins, pauses by itself, completes and is cancelled."""

import pytest
from django.utils import timezone

from engagement.bulletins import delivery_stats, streams, workflow
from engagement.bulletins.models import Bulletin, Delivery
from engagement.mail.models import DeliveryState as Row
from nelis.core.models import ContentVersion

pytestmark = pytest.mark.pg


class TestSending:
    def test_it_begins_when_it_is_time(self, approved, officer, subscribe):
        subscribe("ada")
        later = timezone.now() + timezone.timedelta(hours=1)
        bulletin = workflow.perform("schedule", approved(), officer, moment=later)
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert bulletin.state == "scheduled"
        Bulletin.objects.filter(pk=bulletin.pk).update(scheduled_for=timezone.now())
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert (bulletin.state, bulletin.recipient_count) == ("sending", 1)

    def test_a_time_past_is_refused(self, approved, officer):
        past = timezone.now() - timezone.timedelta(hours=1)
        with pytest.raises(workflow.TransitionError, match="past"):
            workflow.perform("schedule", approved(), officer, moment=past)

    def test_it_ends_when_nothing_is_open(self, sending, subscribe):
        for name in "abc":
            subscribe(name)
        bulletin = sending()
        rows = Delivery.objects.filter(bulletin=bulletin)
        first = rows.first()
        rows.exclude(pk=first.pk).update(state=Row.ACCEPTED)
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert bulletin.state == "sending"
        rows.filter(pk=first.pk).update(state=Row.UNKNOWN)
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert bulletin.state == "exceptions"

    def test_nobody_to_send_to(self, sending):
        bulletin = sending()
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert (bulletin.state, bulletin.recipient_count) == ("completed", 0)

    def test_a_missing_row_is_never_complete(self, sending, subscribe):
        subscribe("ada")
        bulletin = sending()
        Delivery.objects.filter(bulletin=bulletin).delete()
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert bulletin.state == "sending"

    def test_cancelling_leaves_alone_what_was_handed_over(self, sending, subscribe, officer):
        for state in Row.values:
            subscribe(state)
        bulletin = sending()
        for row in Delivery.objects.filter(bulletin=bulletin).select_related("subscription"):
            row.state = row.subscription.address.partition("@")[0]
            row.save()
        workflow.perform("cancel", bulletin, officer)
        counts = delivery_stats.DeliveryCounts.of(bulletin)
        assert counts.skipped == {"cancelled": 3, "": 1}
        assert counts.number(Row.SENDING) == 1
        assert counts.total == bulletin.recipient_count
        # The one that was on its way comes back, to be tried again: it isn't.
        Delivery.objects.filter(bulletin=bulletin, state=Row.SENDING).update(state=Row.RETRY)
        streams.run_maintenance()
        assert delivery_stats.DeliveryCounts.of(bulletin).skipped["cancelled"] == 4

    def test_the_archive_is_renewed_when_it_changes(self, approved, officer):
        before = ContentVersion.current()
        bulletin = workflow.perform("schedule", approved(), officer)
        assert ContentVersion.current() == before
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert ContentVersion.current() > before


class TestPausingByItself:
    @pytest.fixture
    def hundred(self, sending, subscribe, settings):
        settings.BULLETIN_PAUSE_MINIMUM = 20
        for number in range(40):
            subscribe(f"n{number}")
        bulletin = sending()
        keys = list(Delivery.objects.filter(bulletin=bulletin).values_list("pk", flat=True))
        Delivery.objects.filter(pk__in=keys[:30]).update(state=Row.ACCEPTED, settled_at=timezone.now())
        return bulletin, keys

    def settle(self, keys, state):
        Delivery.objects.filter(pk__in=keys).update(state=state, settled_at=timezone.now())

    @pytest.mark.parametrize("state", [Row.BOUNCED, Row.FAILED, Row.COMPLAINED])
    def test_too_many(self, hundred, state):
        bulletin, keys = hundred
        self.settle(keys[:1], state)
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert bulletin.state == ("sending" if state != Row.COMPLAINED else "paused")
        self.settle(keys[:3], state)
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert bulletin.state == "paused"
        assert ("1 of 30" if state == Row.COMPLAINED else "3 of 30") in bulletin.pause_reason

    def test_too_many_in_doubt(self, hundred, officer, settings):
        """However large the list: each is work for a person."""
        settings.BULLETIN_PAUSE_MINIMUM, settings.BULLETIN_PAUSE_UNKNOWN = 1000, 5
        bulletin, keys = hundred
        self.settle(keys[:4], Row.UNKNOWN)
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert bulletin.state == "sending"
        self.settle(keys[:5], Row.UNKNOWN)
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert (bulletin.state, "5 mails" in bulletin.pause_reason) == ("paused", True)
        workflow.perform("resume", bulletin, officer)
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert bulletin.state == "sending"

    def test_too_few_to_tell(self, hundred, settings):
        bulletin, keys = hundred
        settings.BULLETIN_PAUSE_MINIMUM = 31
        self.settle(keys[:5], Row.BOUNCED)
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert bulletin.state == "sending"

    def test_it_isnt_held_against_it_twice(self, hundred, officer):
        bulletin, keys = hundred
        self.settle(keys[:5], Row.BOUNCED)
        streams.run_maintenance()
        workflow.perform("resume", bulletin, officer)
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert (bulletin.state, bulletin.pause_reason) == ("sending", "")

    def test_a_list_with_dead_addresses_pauses_once(self, approved, officer, subscribe, settings):
        """A fifth of it is refused from the beginning to the end: who resumed it knows."""
        settings.BULLETIN_PAUSE_MINIMUM = 20
        keys, bulletin = self.large(approved, officer, subscribe)
        pauses = []
        for start in range(0, 200, 20):
            self.settle(keys[start : start + 4], Row.FAILED)
            self.settle(keys[start + 4 : start + 20], Row.ACCEPTED)
            streams.run_maintenance()
            bulletin.refresh_from_db()
            if bulletin.state == "paused":
                pauses.append(bulletin.pause_reason)
                workflow.perform("resume", bulletin, officer)
        assert pauses == ["4 of 20 mails bounced or were refused."]

    def test_it_pauses_again_when_it_gets_much_worse(self, approved, officer, subscribe, settings):
        settings.BULLETIN_PAUSE_MINIMUM = 20
        keys, bulletin = self.large(approved, officer, subscribe)
        for refused, expected in ((4, "paused"), (8, "sending"), (20, "paused")):
            part, keys = keys[:20], keys[20:]
            self.settle(part[:refused], Row.FAILED)
            self.settle(part[refused:], Row.ACCEPTED)
            streams.run_maintenance()
            bulletin.refresh_from_db()
            assert bulletin.state == expected
            if expected == "paused":
                workflow.perform("resume", bulletin, officer)
        # All of twenty were refused, and a person went on all the same: there is nothing worse.
        self.settle(keys[:40], Row.FAILED)
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert bulletin.state == "sending"

    def test_a_pause_before_there_is_anything_to_see_accepts_nothing(self, hundred, officer):
        bulletin, keys = hundred
        Delivery.objects.filter(bulletin=bulletin).update(state=Row.PENDING, settled_at=None)
        self.settle(keys[:1], Row.FAILED)
        workflow.perform("pause", bulletin, officer)
        workflow.perform("resume", bulletin, officer)
        self.settle(keys[1:3], Row.FAILED)
        self.settle(keys[3:30], Row.ACCEPTED)
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert bulletin.state == "paused"

    def large(self, approved, officer, subscribe):
        for number in range(200):
            subscribe(f"n{number}")
        bulletin = workflow.perform("schedule", approved(), officer)
        streams.run_maintenance()
        return list(Delivery.objects.filter(bulletin=bulletin).values_list("pk", flat=True)), bulletin

    def test_too_many_wait_because_the_server_refuses_us(self, hundred, officer, settings):
        settings.BULLETIN_PAUSE_REFUSED = 5
        bulletin, keys = hundred
        waiting = {"state": Row.RETRY, "reason": "refused-policy", "sending_at": timezone.now(), "settled_at": None}
        for number, expected in ((4, "sending"), (5, "paused")):
            Delivery.objects.filter(pk__in=keys[:number]).update(**waiting)
            streams.run_maintenance()
            bulletin.refresh_from_db()
            assert bulletin.state == expected
        assert "5 mails wait" in bulletin.pause_reason
        # Until they were tried again.
        workflow.perform("resume", bulletin, officer)
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert bulletin.state == "sending"

    def test_nothing_is_sent_while_it_is_paused(self, hundred, officer):
        bulletin, _ = hundred
        assert streams.BULLETIN_STREAM.sendable(Delivery.objects.all()).exists()
        workflow.perform("pause", bulletin, officer, note="Wait.")
        assert not streams.BULLETIN_STREAM.sendable(Delivery.objects.all()).exists()
