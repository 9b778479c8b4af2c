"""Suppressed addresses in the admin: looked up, suppressed and lifted."""

import pytest

from engagement.mail.addresses import address_hash
from engagement.mailing_list import erasure_log, subscription_service
from engagement.mailing_list.models import (
    StaffAction,
    Suppression,
)
from tests.mailing_list_admin.conftest import url


class TestSuppressions:
    def test_one_is_looked_up_and_that_it_was_is_written_down(self, officer, topics):
        subscription_service.suppress(address_hash("anna@example.org"), "bounced")
        html = officer.post(url("suppressions"), {"address": "ANNA@example.org"}).content.decode()
        assert "This address is suppressed: mail to it bounced for good" in html
        html = officer.post(url("suppressions"), {"address": "bert@example.org"}).content.decode()
        assert "This address is not suppressed" in html
        assert StaffAction.objects.filter(action="checked", by=officer.person, note="").count() == 2

    def test_an_address_that_is_not_on_the_list_is_kept_out_and_let_go(self, officer, topics, tmp_path, settings):
        settings.DATA_DIR = tmp_path
        said = {"address": "Anna@example.org", "reason": "By letter"}
        page = officer.post(url("suppress_address"), said, follow=True).content.decode()
        assert "Nothing will ever be sent to this address." in page
        assert Suppression.objects.get().reason == "never"
        erasure_log.write_log()
        assert "kept out for good already" in officer.post(url("suppress_address"), said).content.decode()
        page = officer.post(url("lift_suppression"), said | {"reason": "A mistake"}, follow=True).content.decode()
        assert "can sign up again" in page
        # As somebody who left: they can come back by themselves, and no import brings them.
        assert Suppression.objects.get().reason == "left"
        assert "kept out for good" in officer.post(url("lift_suppression"), said).content.decode()
        acts = StaffAction.objects.order_by("pk").values_list("action", "note", "by")
        assert list(acts) == [
            ("suppressed", "By letter", officer.person.pk),
            ("lifted", "A mistake", officer.person.pk),
        ]
        # Nor does the list by which a backup is put right keep them out for good.
        erasure_log.write_log()
        erasure_log.replay()
        assert Suppression.objects.get().reason == "left"

    def test_a_complaint_by_mistake_is_lifted_and_a_subscription_is_ended(
        self, officer, subscribed, tmp_path, settings
    ):
        settings.DATA_DIR = tmp_path
        one = subscribed("anna@example.org")
        officer.post(url("suppress_address"), {"address": "anna@example.org", "reason": "By letter"})
        one.refresh_from_db()
        assert one.state == "ended"
        Suppression.objects.update(reason="complained")
        officer.post(url("lift_suppression"), {"address": "anna@example.org", "reason": "Wrong button"})
        assert Suppression.objects.get().reason == "left"
        assert set(StaffAction.objects.values_list("action", "subscription")) == {
            ("suppressed", one.uuid),
            ("lifted", one.uuid),
        }

    @pytest.mark.parametrize("name", ["suppress_address", "lift_suppression"])
    @pytest.mark.parametrize("missing", ["address", "reason"])
    def test_nothing_is_done_without_an_address_or_a_reason(self, officer, topics, name, missing):
        subscription_service.suppress(address_hash("bert@example.org"), "never")
        said = {"address": "bert@example.org" if name == "lift" else "anna@example.org", "reason": "So", missing: ""}
        assert "There is a problem" in officer.post(url(name), said).content.decode()
        assert Suppression.objects.get().reason == "never"
        assert not StaffAction.objects.exists()

    def test_counts_and_no_list(self, officer, topics):
        subscription_service.suppress(address_hash("anna@example.org"), "bounced")
        html = officer.get(url("suppressions")).content.decode()
        assert Suppression.objects.get().address_hash not in html
        assert dict(officer.get(url("suppressions")).context["reasons"])["Mail to it bounced for good"] == 1
