"""The overview in the admin, and the circuit breaker."""

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
        assert "90 of 100 were not confirmed. 1 sign-up waits" in page
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
