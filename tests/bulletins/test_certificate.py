"""The certificate: its numbers add up, and addresses are for those who may see them."""

import csv
import io
import tracemalloc

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from engagement.bulletins.admin import certificate
from engagement.bulletins.models import BulletinEvent, Delivery
from engagement.mail.models import DeliveryState as Row
from engagement.mailing_list.models import Subscription


class TestTheCertificate:
    @pytest.fixture
    def sent(self, sending, subscribe):
        """One mail in every state; one of the readers has been erased since."""
        for state in Row.values:
            subscribe(state)
        bulletin = sending()
        for row in Delivery.objects.select_related("subscription"):
            row.state = row.subscription.address.partition("@")[0]
            row.response = "=1+1" if row.state == "failed" else ""
            row.save()
        Subscription.objects.get(address="bounced@example.org").delete()
        return bulletin

    def read(self, client, bulletin):
        response = client.get(reverse("bulletin_certificate_csv", args=[bulletin.pk]))
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def test_it_adds_up(self, signed_in, sent):
        client = signed_in("officer2", "Engagement officer")
        rows = self.read(client, sent)
        mails = [row for row in rows if row["mail"].count("-") == 4]
        assert len(mails) == sent.recipient_count == len(Row.values)
        sums = {row["state"]: int(row["attempts"]) for row in rows if row["mail"] == "sum"}
        assert sums == dict.fromkeys(Row.labels, 1)
        assert rows[-1]["attempts"] == str(sent.recipient_count)
        assert {row["content (SHA-256)"] for row in mails} == {sent.content_hash}
        html = client.get(reverse("bulletin_certificate", args=[sent.pk])).content.decode()
        assert "The numbers add up." in html
        assert sent.content_hash in html

    def test_addresses_are_for_those_who_may_see_them(self, signed_in, sent):
        officer, analyst = signed_in("officer2", "Engagement officer"), signed_in("analyst", "Analyst")
        seen = {row["address"] for row in self.read(officer, sent)}
        assert "accepted@example.org" in seen
        assert "erased" in seen
        assert "bounced@example.org" not in seen
        assert {row["address"] for row in self.read(analyst, sent)} == {"not shown", ""}
        page = reverse("bulletin_certificate", args=[sent.pk])
        assert "failed@example.org" in officer.get(page).content.decode()
        assert "@example.org" not in main(analyst.get(f"{page}?state=accepted"))
        assert BulletinEvent.objects.filter(action="exported").count() == 2

    def test_a_formula_is_words(self, signed_in, sent):
        rows = self.read(signed_in("officer2", "Engagement officer"), sent)
        assert [row["server’s reply"] for row in rows if row["state"] == "Refused" and row["server’s reply"]] == [
            "'=1+1"
        ]

    def test_there_is_none_before_there_are_recipients(self, signed_in, approved):
        bulletin = approved()
        client = signed_in("analyst", "Analyst")
        for name in ("certificate", "certificate_csv"):
            assert client.get(reverse(f"bulletin_{name}", args=[bulletin.pk])).status_code == 404

    @pytest.mark.once
    def test_a_long_file_needs_no_more_memory(self, sending, subscribe):
        bulletin = sending()

        def peak(rows):
            Delivery.objects.bulk_create(
                (Delivery(bulletin=bulletin, address_hash=f"{len(found)}-{rows}-{n}") for n in range(rows)),
                batch_size=1000,
            )
            tracemalloc.start()
            count = sum(1 for _ in certificate.csv_rows(bulletin, True))
            used = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            found.append(count)
            return used

        found: list[int] = []
        few = peak(2500)
        many = peak(12500)
        assert found[1] > found[0] * 5
        # Five times as many rows: if they were all kept, so would be the memory.
        assert many < few * 2.5


def main(response):
    return str(BeautifulSoup(response.content, "html.parser").find("main"))
