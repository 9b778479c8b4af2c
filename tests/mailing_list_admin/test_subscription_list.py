"""The list of subscriptions in the admin: search, filters, pages and export."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagement.mailing_list.models import (
    StaffAction,
    Subscription,
)
from tests.mailing_list_admin.conftest import url


def exported(response):
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


class TestListing:
    def addresses(self, client, **asked):
        html = client.get(url("subscriptions"), asked).content.decode()
        return {one.address for one in Subscription.objects.all() if one.address in html}

    def test_found_by_part_of_the_address(self, officer, subscribed):
        subscribed("anna@example.org")
        subscribed("bert@example.com", organisation="Exampleshire Boats")
        assert self.addresses(officer, q="ANNA@") == {"anna@example.org"}
        assert self.addresses(officer, q="boats") == {"bert@example.com"}
        assert self.addresses(officer, q="%") == set()

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"state": "paused"}, {"b@example.org"}),
            ({"state": ["paused", "pending"]}, {"b@example.org", "c@example.org"}),
            ({"frequency": "monthly"}, {"a@example.org"}),
            ({"method": "paper"}, {"c@example.org"}),
            ({"created_at_from": "2019-07-01", "created_at_to": "2019-07-31"}, {"a@example.org"}),
            ({"created_at_from": "nonsense"}, {"a@example.org", "b@example.org", "c@example.org"}),
            ({"state": "nonsense"}, {"a@example.org", "b@example.org", "c@example.org"}),
        ],
    )
    def test_filters(self, officer, subscribed, asked, found):
        subscribed("a@example.org", frequency="monthly")
        subscribed("b@example.org", state="paused")
        subscribed("c@example.org", state="pending", method="paper")
        Subscription.objects.filter(address="a@example.org").update(
            created_at=timezone.make_aware(timezone.datetime(2019, 7, 16, 12))
        )
        assert self.addresses(officer, **asked) == found

    def test_by_topic(self, officer, subscribed, topics):
        subscribed("a@example.org", topics[0], topics[1])
        subscribed("b@example.org", topics[2])
        assert self.addresses(officer, topics=topics[1].pk) == {"a@example.org"}

    def test_pages(self, officer, subscribed):
        for n in range(51):
            subscribed(f"p{n:02}@example.org", days=n)
        assert "p50@example.org" not in self.addresses(officer)
        assert self.addresses(officer, p=2) == {"p50@example.org"}
        assert officer.get(url("subscriptions"), {"p": "9" * 30}).status_code == 200

    def test_no_page_of_peoples_data_is_kept_by_a_browser(self, officer, subscribed):
        one = subscribed("anna@example.org")
        for address in (url("subscriptions"), url("subscription", one.pk), url("overview"), url("export")):
            assert "no-store" in officer.get(address)["Cache-Control"], address

    def test_wagtails_own_export_is_off(self, officer, subscribed):
        subscribed("anna@example.org", name="=1+1")
        response = officer.get(url("subscriptions"), {"export": "csv"})
        assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("name", ["overview", "subscriptions", "export"])
def test_queries_dont_grow_with_the_list(officer, subscribed, topics, name):
    counted = []
    for count in (2, 30):
        for n in range(count):
            subscribed(f"p{count}-{n}@example.org", *topics)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = officer.get(url(name))
            if response.streaming:
                response.getvalue()
        counted.append(len(queries))
    # A chart is asked for on the first visit.
    assert counted[1] <= counted[0]


class TestExport:
    def test_what_the_filters_show(self, officer, subscribed, topics):
        subscribed("a@example.org", topics[1], topics[0], frequency="weekly", days=3)
        subscribed("b@example.org", state="paused")
        [row] = exported(officer.get(url("export"), {"state": "active"}))
        assert row["address"] == "a@example.org"
        assert row["topics"] == "boats|bridges"
        assert row["frequency"] == "Once a week"

    def test_formulas_are_neutralised(self, officer, subscribed):
        subscribed("a@example.org", name="=HYPERLINK(1)", organisation="@SUM(1)")
        subscribed("=cmd@example.org")
        rows = {row["address"]: row for row in exported(officer.get(url("export")))}
        assert rows["a@example.org"]["name"] == "'=HYPERLINK(1)"
        assert rows["a@example.org"]["organisation"] == "'@SUM(1)"
        assert "'=cmd@example.org" in rows

    def test_it_is_written_down_without_what_was_searched_for(self, officer, subscribed):
        subscribed("anna@example.org")
        subscribed("bert@example.org")
        officer.get(url("export"), {"q": "anna@", "state": "active"})
        act = StaffAction.objects.get()
        assert (act.action, act.by, act.people) == ("exported", officer.person, 1)
        assert act.note == "Filters: state=active, searched"

    def test_nothing_in_its_address_stops_it_or_is_kept_if_it_names_somebody(self, officer, subscribed):
        subscribed("anna@example.org")
        assert officer.get(url("export") + "?topics=%00&who=anna%40example.org").status_code == 200
        assert StaffAction.objects.get().note == "Filters: topics=, who=[mail address]"
