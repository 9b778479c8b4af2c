"""The overview in the admin, and the circuit breaker."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement.mail.models import TransactionalEmail
from engagement.mailing_list.models import (
    CircuitBreaker,
    StaffAction,
)
from nelis.core.models import DrawnChart
from tests.mailing_list_admin.conftest import url


class TestOverview:
    def test_the_first_page_says_that_confirmations_are_held_back(self, officer, signed_in, topics):
        front = reverse("wagtailadmin_home")
        assert "Confirmations are held back" not in officer.get(front).content.decode()
        CircuitBreaker.objects.create(tripped_at=timezone.now(), reason="90 of 100 were not confirmed.")
        TransactionalEmail.objects.create(kind="signup", address="a@example.org", state="retry")
        page = officer.get(front).content.decode()
        assert "Confirmations are held back" in page
        assert "90 of 100 were not confirmed. 1 sign-up waits" in " ".join(page.split())
        assert "Confirmations are held back" not in signed_in("Content editor").get(front).content.decode()

    def test_the_breaker_is_shown_and_reset(self, officer, topics):
        CircuitBreaker.objects.create(tripped_at=timezone.now(), reason="90 of 100 were not confirmed.")
        html = officer.get(url("overview")).content.decode()
        assert "Confirmations are held back" in html
        assert "90 of 100 were not confirmed." in html
        assert officer.get(url("reset_circuit_breaker")).status_code == 405
        html = officer.post(url("reset_circuit_breaker"), follow=True).content.decode()
        assert "Confirmations go out again." in html
        breaker = CircuitBreaker.objects.get()
        assert breaker.tripped_at is None
        assert breaker.reset_by == officer.person
        assert StaffAction.objects.get().action == "reset"

    def test_a_network_is_shown_let_go_and_discarded(self, officer, topics):
        named = CircuitBreaker.objects.create(network_hash="n" * 64, tripped_at=timezone.now(), reason="400 wait.")
        for number in range(3):
            TransactionalEmail.objects.create(
                kind="signup", address=f"kite-{number}@example.org", state="retry", data={"network": "n" * 64}
            )
        TransactionalEmail.objects.create(kind="signup", address="other@example.org", state="retry", data={})
        front = " ".join(officer.get(reverse("wagtailadmin_home")).content.decode().split())
        assert "From 1 network alone. Other sign-ups are not affected. 4 sign-ups wait" in front
        html = officer.get(url("overview")).content.decode()
        assert "400 wait." in html
        assert "kite-2@example.org, kite-1@example.org, kite-0@example.org" in html
        assert "other@example.org" not in html
        assert "nnnn" not in html
        assert "3 sign-ups wait from this network" in officer.get(url("discard_network", named.pk)).content.decode()
        page = officer.post(url("discard_network", named.pk), {"reason": ""})
        assert page.status_code == 200
        page = officer.post(url("discard_network", named.pk), {"reason": "A script"}, follow=True)
        assert "3 discarded." in page.content.decode()
        action = StaffAction.objects.get()
        assert (action.action, action.note, action.people) == ("discarded", "A script", 3)
        assert TransactionalEmail.objects.filter(state="retry").get().address == "other@example.org"
        officer.post(url("reset_network", named.pk))
        named.refresh_from_db()
        assert (named.tripped_at, named.reset_by) == (None, officer.person)

    @pytest.mark.pg
    def test_many_networks_take_no_more_queries(self, officer, topics):
        def cost():
            with CaptureQueriesContext(connection) as queries:
                officer.get(url("overview"))
            return len(queries)

        def hold(number):
            CircuitBreaker.objects.create(network_hash=f"net{number}", tripped_at=timezone.now(), reason="Many.")
            TransactionalEmail.objects.create(
                kind="signup", address=f"{number}@example.org", state="retry", data={"network": f"net{number}"}
            )

        hold(0)
        cost()
        few = cost()
        for number in range(1, 9):
            hold(number)
        assert cost() == few
        networks = officer.get(url("overview")).context["networks"]
        assert [(network.count, network.addresses) for network in networks] == [
            (1, [f"{number}@example.org"]) for number in range(9)
        ]

    def test_counts(self, officer, subscribed, topics):
        subscribed("a@example.org", topics[0], topics[1])
        subscribed("b@example.org", topics[0], state="paused")
        subscribed("c@example.org", topics[0], state="pending")
        response = officer.get(url("overview"))
        counts = {topic.slug: (topic.active, topic.paused) for topic in response.context["topics"]}
        assert counts == {"boats": (1, 1), "bridges": (1, 0), "bells": (0, 0)}
        assert {label: number for _, label, number in response.context["states"]}["Paused"] == 1

    def test_the_charts_are_asked_for(self, officer, subscribed):
        subscribed("a@example.org", days=20)
        html = officer.get(url("overview")).content.decode()
        assert "How the list has grown" in html
        assert "1 person is on the list today." in html
        assert set(DrawnChart.objects.values_list("name", flat=True)) == {"mailing-list-growth", "mailing-list-topics"}
