"""The dashboard: from writing to the certificate, what the buttons refuse, and how far the sending has come."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.bulletins import workflow
from engagement.bulletins.emails import compose_test, send_test
from engagement.bulletins.models import Bulletin, BulletinEvent, Delivery
from engagement.mail.models import DeliveryState as Row
from engagement.mail.models import TransactionalEmail
from tests.bulletins.admin_forms import bulletin_form, dashboard, press, send_now

PAYLOAD = '"><img src=x onerror=run()>'


ADD = "wagtailsnippets_bulletins_bulletin:add"


def test_from_writing_to_the_certificate(signed_in, subscribe):
    """Three people, each doing what is theirs."""
    subscribe("ada")
    writer = signed_in("writer", "Content editor")
    response = writer.post(reverse(ADD), bulletin_form())
    bulletin = Bulletin.objects.get()
    assert response.url == dashboard(bulletin)
    assert bulletin.author == writer.person
    assert press(writer, bulletin, "submit").status_code == 302
    publisher = signed_in("publisher", "Publisher")
    page = BeautifulSoup(publisher.get(dashboard(bulletin)).content, "html.parser")
    hashed = page.find("input", {"name": "shown"})["value"]
    assert press(publisher, bulletin, "approve", shown=hashed).status_code == 302
    assert send_now(publisher, bulletin, people="1").status_code == 302  # Sent back to the front.
    bulletin.refresh_from_db()
    assert (bulletin.state, bulletin.content_hash) == ("approved", hashed)
    officer = signed_in("officer", "Engagement officer")
    send_now(officer, bulletin)
    bulletin.refresh_from_db()
    assert bulletin.state == "scheduled"
    actions = [event.action for event in BulletinEvent.objects.filter(bulletin=bulletin)]
    assert actions == ["created", "submitted", "approved", "scheduled"]


@pytest.mark.once
def test_nothing_that_was_written_runs(signed_in, write):
    body = [{"type": "lead", "value": PAYLOAD}, {"type": "heading", "value": PAYLOAD}]
    bulletin = write(subject=PAYLOAD, preheader=PAYLOAD, body=body)
    client = signed_in("officer", "Engagement officer")
    press(client, bulletin, "submit")
    press(client, bulletin, "give_back", note=PAYLOAD)
    pages = [
        dashboard(bulletin),
        reverse("wagtailsnippets_bulletins_bulletin:list"),
        reverse("wagtailsnippets_bulletins_bulletin:inspect", args=[bulletin.pk]),
        *(
            f"{reverse('bulletin_preview', args=[bulletin.pk])}?as={mode}"
            for mode in ("mail", "text", "dark", "phone", "web")
        ),
    ]
    for url in pages:
        html = client.get(url).content.decode()
        assert "onerror=run()" in html
        assert "<img src=x" not in html


@pytest.mark.once
@pytest.mark.parametrize("fields", [{"subject": "Kites\r\nBcc: eve@example.org"}, {"subject": "Kites\x92"}])
def test_a_subject_that_can_be_no_header_is_said_to_be_wrong(signed_in, write, officer, fields):
    bulletin = write(**fields)
    client = signed_in("second", "Engagement officer")
    assert "has a control character in it" in client.get(dashboard(bulletin)).content.decode()
    for mode in ("mail", "text", "dark", "phone"):
        response = client.get(f"{reverse('bulletin_preview', args=[bulletin.pk])}?as={mode}")
        assert response.status_code == 200
        assert "has a control character in it" in response.content.decode()
    bulletin = workflow.perform("submit", bulletin, officer)
    with pytest.raises(workflow.TransitionError, match="control character"):
        workflow.perform("approve", bulletin, officer, shown="")
    # A test of it says nothing, rather than failing again and again.
    assert compose_test(send_test(bulletin, "officer@example.org")).reason == "unfit"


def test_a_note_of_any_bytes(signed_in, write, officer):
    bulletin = workflow.perform("submit", write(), officer)
    client = signed_in("second", "Engagement officer")
    response = press(client, bulletin, "give_back", note="\0")
    assert response.status_code == 422
    assert "Say what should change." in response.content.decode()
    assert press(client, bulletin, "give_back", note="Why\0? " * 100).status_code == 302
    note = BulletinEvent.objects.get(action="given_back").note
    assert note.startswith("Why? Why?")
    assert len(note) <= 200


class TestTheDashboard:
    @pytest.mark.once
    @pytest.mark.parametrize("moment", ["", "yesterday", "2019-07-16T10:00", "9" * 50])
    def test_a_moment_that_will_not_do(self, signed_in, approved, moment):
        bulletin = approved()
        client = signed_in("second", "Engagement officer")
        response = press(client, bulletin, "schedule", moment=moment)
        html = response.content.decode()
        assert response.status_code == 422
        assert "There is a problem" in html
        assert "<title>" in html
        assert BeautifulSoup(html, "html.parser").title.get_text().strip().startswith("Error: ")
        field = BeautifulSoup(html, "html.parser").find(id="id_moment")
        assert field["aria-describedby"] == "moment-error"
        assert field["value"] == moment

    @pytest.mark.once
    def test_whoever_approves_sees_its_web_page(self, signed_in, write):
        """As it is approved: who approves may not open the form, and so not its preview either."""
        bulletin = workflow.perform("submit", write())
        client = signed_in("publisher", "Publisher")
        url = f"{reverse('bulletin_preview', args=[bulletin.pk])}?as=web"
        assert url in client.get(dashboard(bulletin)).content.decode()
        html = client.get(url).content.decode()
        assert '<p class="lede">Kites are made in Exampleshire again.</p>' in html
        page = BeautifulSoup(client.get(dashboard(bulletin)).content, "html.parser")
        press(client, bulletin, "approve", shown=page.find("input", {"name": "shown"})["value"])
        # From then on it is what was approved, whatever stands in the row.
        Bulletin.objects.filter(pk=bulletin.pk).update(body="[]")
        assert "Kites are made in Exampleshire again." in client.get(url).content.decode()

    def test_giving_back_takes_a_word(self, signed_in, write):
        bulletin = write()
        workflow.perform("submit", bulletin)
        client = signed_in("publisher", "Publisher")
        assert "Say what should change." in press(client, bulletin, "give_back").content.decode()
        press(client, bulletin, "give_back", note="Which kites?")
        bulletin.refresh_from_db()
        assert bulletin.state == "draft"
        assert "Which kites?" in client.get(dashboard(bulletin)).content.decode()

    def test_it_is_taken_off_the_web_and_put_back(self, signed_in, sending):
        bulletin = sending()
        client = signed_in("second", "Engagement officer")
        assert (
            "Take it off the web" not in signed_in("publisher", "Publisher").get(dashboard(bulletin)).content.decode()
        )
        assert "Take it off the web" in client.get(dashboard(bulletin)).content.decode()
        assert press(client, bulletin, "take_off").status_code == 422
        assert press(client, bulletin, "take_off", note="The date is wrong.").status_code == 302
        html = client.get(dashboard(bulletin)).content.decode()
        assert "The date is wrong." in html
        assert ">On the web</a>" not in html
        assert "Take it off the web" not in html
        event = BulletinEvent.objects.get(action="taken_off_the_web")
        assert (event.by, event.note) == (client.person, "The date is wrong.")
        assert press(client, bulletin, "put_back").status_code == 302
        assert ">On the web</a>" in client.get(dashboard(bulletin)).content.decode()
        assert BulletinEvent.objects.filter(action="put_back_on_the_web").exists()

    def test_a_test_mail(self, signed_in, write, staff, subscribe):
        bulletin = write()
        colleague = staff("colleague", "Analyst")
        outsider = staff("outsider")
        client = signed_in("publisher", "Publisher")
        url = reverse("bulletin_send_test", args=[bulletin.pk])
        assert client.post(url, {"to": colleague.pk}).status_code == 302
        assert [mail.address for mail in TransactionalEmail.objects.all()] == ["colleague@example.org"]
        for somebody in (outsider.pk, "eve@example.org", ""):
            assert client.post(url, {"to": somebody}).status_code == 422
        assert TransactionalEmail.objects.count() == 1
        signed_in("analyst", "Analyst").post(url, {"to": colleague.pk})
        assert TransactionalEmail.objects.count() == 1

    def test_progress(self, signed_in, sending, subscribe):
        for number in range(4):
            subscribe(f"p{number}")
        bulletin = sending()
        client = signed_in("analyst", "Analyst")
        Delivery.objects.filter(pk=Delivery.objects.first().pk).update(
            state=Row.ACCEPTED, settled_at=bulletin.recipients_listed_at
        )
        response = client.get(reverse("bulletin_progress", args=[bulletin.pk]))
        assert "1 of 4 settled, 3 to go." in response.content.decode()
        assert "no-store" in response["Cache-Control"]
        html = client.get(dashboard(bulletin)).content.decode()
        assert "1 of 4 settled, 3 to go." in html
        assert ">Refresh</a>" in html

    def test_it_costs_the_same_however_long_the_list(self, signed_in, sending, subscribe):
        def cost():
            with CaptureQueriesContext(connection) as queries:
                client.get(dashboard(bulletin))
            return len(queries)

        for number in range(3):
            subscribe(f"p{number}")
        bulletin = sending()
        client = signed_in("analyst", "Analyst")
        cost()
        few = cost()
        first = Delivery.objects.first()
        for number in range(20):
            person = subscribe(f"q{number}")
            Delivery.objects.create(bulletin=bulletin, subscription=person, address_hash=person.address_hash)
        assert first is not None
        assert cost() == few
