"""Writing, looking, approving, sending and accounting, through the admin."""

import csv
import io
import tracemalloc

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from engagement.bulletins import workflow
from engagement.bulletins.admin import certificate
from engagement.bulletins.emails import compose_test, send_test
from engagement.bulletins.models import Bulletin, BulletinEvent, Delivery
from engagement.mail.models import DeliveryState as Row
from engagement.mail.models import TransactionalEmail
from engagement.mailing_list.models import Subscription
from nelis.core.models import User

PAYLOAD = '"><img src=x onerror=run()>'
ADD = "wagtailsnippets_bulletins_bulletin:add"
EDIT = "wagtailsnippets_bulletins_bulletin:edit"


def form(**changes):
    data = {
        "subject": "Kites again",
        "preheader": "They fly.",
        "slug": "kites-again",
        "is_public": "on",
        "body": streamfield(
            [
                ("lead", "Kites are made again."),
                ("heading", "Why now"),
                ("text", rich_text("<p>Because of the wind.</p>")),
                ("button", {"label": "See them", "page": "", "address": "https://example.org/"}),
            ]
        ),
    }
    return nested_form_data(data | changes)


def written(bulletin, **changes):
    """The form of a bulletin that is there, as its page was opened just now."""
    return form(seen=str(workflow.last_edit(bulletin).pk), **changes)


def desk(bulletin):
    return reverse("bulletin_dashboard", args=[bulletin.pk])


def act(client, bulletin, step, **more):
    return client.post(reverse("bulletin_action", args=[bulletin.pk]), {"step": step} | more)


def test_from_writing_to_the_certificate(signed_in, subscribe):
    """Three people, each doing what is theirs."""
    subscribe("ada")
    writer = signed_in("writer", "Content editor")
    answer = writer.post(reverse(ADD), form())
    bulletin = Bulletin.objects.get()
    assert answer.url == desk(bulletin)
    assert bulletin.author == writer.person
    assert act(writer, bulletin, "submit").status_code == 302
    publisher = signed_in("publisher", "Publisher")
    page = BeautifulSoup(publisher.get(desk(bulletin)).content, "html.parser")
    hashed = page.find("input", {"name": "shown"})["value"]
    assert act(publisher, bulletin, "approve", shown=hashed).status_code == 302
    assert act(publisher, bulletin, "schedule", now="on").status_code == 302  # Sent back to the front.
    bulletin.refresh_from_db()
    assert (bulletin.state, bulletin.content_hash) == ("approved", hashed)
    officer = signed_in("officer", "Engagement officer")
    act(officer, bulletin, "schedule", now="on")
    bulletin.refresh_from_db()
    assert bulletin.state == "scheduled"
    said = [event.action for event in BulletinEvent.objects.filter(bulletin=bulletin)]
    assert said == ["created", "submitted", "approved", "scheduled"]


class TestTheForm:
    def test_what_is_wrong_is_said_and_nothing_is_lost(self, signed_in, topics):
        client = signed_in("writer", "Content editor")
        answer = client.post(reverse(ADD), form(subject="", preheader="Still here", slug="atom"))
        html = answer.content.decode()
        assert answer.status_code == 200
        assert "Still here" in html
        assert "This address is taken." in html
        assert "Kites are made again." in html
        assert not Bulletin.objects.exists()

    def test_a_button_leads_to_one_place(self, signed_in, topics):
        client = signed_in("writer", "Content editor")
        body = streamfield([("button", {"label": "Go", "page": "", "address": ""})])
        assert "one of the two" in client.post(reverse(ADD), form(body=body)).content.decode()

    def test_topics_are_kept(self, signed_in, topics):
        client = signed_in("writer", "Content editor")
        client.post(reverse(ADD), form() | {"topics": [topics["kites"].pk, topics["bells"].pk]})
        assert {topic.slug for topic in Bulletin.objects.get().topics.all()} == {"kites", "bells"}

    def test_an_edit_takes_the_approval_away(self, signed_in, approved):
        bulletin = approved()
        client = signed_in("second", "Engagement officer")
        client.post(reverse(EDIT, args=[bulletin.pk]), written(bulletin, subject="Kites, again"))
        bulletin.refresh_from_db()
        assert (bulletin.subject, bulletin.state, bulletin.content_hash) == ("Kites, again", "draft", "")
        assert client.person.pk in workflow.authors(bulletin)

    def test_what_is_on_its_way_cant_be_edited(self, signed_in, sending):
        bulletin = sending()
        client = signed_in("second", "Administrator")
        url = reverse(EDIT, args=[bulletin.pk])
        assert client.get(url).url == desk(bulletin)
        assert client.post(url, form(subject="Other")).url == desk(bulletin)
        bulletin.refresh_from_db()
        assert bulletin.subject == "Kites again"

    def test_nor_what_was_sent_while_the_form_was_open(self, signed_in, approved, monkeypatch):
        """It was approved when the request came in, and scheduled before it was saved."""
        bulletin = approved()
        client = signed_in("second", "Administrator")
        Bulletin.objects.filter(pk=bulletin.pk).update(state="scheduled")
        monkeypatch.setattr(Bulletin, "is_editable", True)
        answer = client.post(reverse(EDIT, args=[bulletin.pk]), written(bulletin, subject="Other words"))
        html = answer.content.decode()
        assert "so this can’t be done any more" in html
        assert "Other words" in html
        bulletin.refresh_from_db()
        assert (bulletin.subject, bulletin.state) == ("Kites again", "scheduled")
        assert bulletin.content_hash

    def test_two_who_write_at_once_dont_undo_each_other(self, signed_in, write):
        """Both opened it; the second to save is told, and may decide with what they typed still there."""
        bulletin = write()
        first, second = signed_in("first", "Content editor"), signed_in("second", "Engagement officer")
        User.objects.filter(pk=first.person.pk).update(first_name="Ada", last_name="Kite")
        url = reverse(EDIT, args=[bulletin.pk])
        opened = [seen(client.get(url)) for client in (first, second)]
        assert opened[0] == opened[1] != ""
        assert first.post(url, form(seen=opened[0], subject="Ada’s kites")).url == desk(bulletin)
        before = BulletinEvent.objects.count()
        refused = second.post(url, form(seen=opened[1], subject="Bela’s kites", preheader="Still here"))
        assert refused.status_code == 200
        html = refused.content.decode()
        assert "Ada Kite changed it on" in html
        assert f"{timezone.localtime():%Y}" in html
        assert "Bela’s kites" in html
        assert "Still here" in html
        bulletin.refresh_from_db()
        assert (bulletin.subject, bulletin.preheader) == ("Ada’s kites", "They fly.")
        assert BulletinEvent.objects.count() == before
        # Now they know, and save again.
        assert second.post(url, form(seen=seen(refused), subject="Bela’s kites")).url == desk(bulletin)
        bulletin.refresh_from_db()
        assert bulletin.subject == "Bela’s kites"

    @pytest.mark.once
    @pytest.mark.parametrize("sent", ["", "0", "x" * 20])
    def test_a_form_that_was_opened_on_nothing_known(self, signed_in, write, sent):
        bulletin = write()
        client = signed_in("second", "Content editor")
        html = client.post(reverse(EDIT, args=[bulletin.pk]), form(seen=sent, subject="Mine")).content.decode()
        assert "after you opened it" in html
        bulletin.refresh_from_db()
        assert bulletin.subject == "Kites again"

    def test_a_step_is_no_writing(self, signed_in, write, officer):
        """Handed in while somebody has the form open: what they save is a draft again, as at any other time."""
        bulletin = write()
        client = signed_in("second", "Content editor")
        data = written(bulletin, subject="Kites, again")
        workflow.perform("submit", bulletin, officer)
        assert client.post(reverse(EDIT, args=[bulletin.pk]), data).url == desk(bulletin)
        bulletin.refresh_from_db()
        assert (bulletin.subject, bulletin.state) == ("Kites, again", "draft")

    @pytest.mark.once
    def test_it_is_not_deleted(self, signed_in, write):
        bulletin = write()
        client = signed_in("admin", "Administrator")
        url = reverse("wagtailsnippets_bulletins_bulletin:delete", args=[bulletin.pk])
        assert client.post(url).url == desk(bulletin)
        bulk = reverse("wagtail_bulk_action", args=["bulletins", "bulletin", "delete"])
        assert client.post(f"{bulk}?id={bulletin.pk}", {"next": "/admin/"}).url == desk(bulletin)
        assert Bulletin.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("mail", "Kites are made again."),
        ("phone", "max-inline-size: 320px"),
        ("dark", "color-scheme: dark"),
        ("text", "KITES AGAIN"),
        ("web", 'class="lede"'),
        ("checks", "Nothing stands in the way of approval."),
    ],
)
def test_previews(signed_in, topics, mode, words):
    client = signed_in("writer", "Content editor")
    url = reverse("wagtailsnippets_bulletins_bulletin:preview_on_add")
    assert client.post(url, form()).json() == {"is_valid": True, "is_available": True}
    answer = client.get(url, {"mode": mode})
    assert answer.status_code == 200
    html = answer.content.decode()
    assert words in html
    assert "<wagtail-userbar" in html
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "script-src 'self' 'unsafe-inline'" not in policy
    assert client.post(url, form(subject="", slug="", body=streamfield([]))).json()["is_available"]
    assert client.get(url, {"mode": mode}).status_code == 200


@pytest.mark.once
def test_nothing_that_was_written_runs(signed_in, write):
    body = [{"type": "lead", "value": PAYLOAD}, {"type": "heading", "value": PAYLOAD}]
    bulletin = write(subject=PAYLOAD, preheader=PAYLOAD, body=body)
    client = signed_in("officer", "Engagement officer")
    act(client, bulletin, "submit")
    act(client, bulletin, "give_back", note=PAYLOAD)
    pages = [
        desk(bulletin),
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
    assert "has a control character in it" in client.get(desk(bulletin)).content.decode()
    for mode in ("mail", "text", "dark", "phone"):
        answer = client.get(f"{reverse('bulletin_preview', args=[bulletin.pk])}?as={mode}")
        assert answer.status_code == 200
        assert "has a control character in it" in answer.content.decode()
    bulletin = workflow.perform("submit", bulletin, officer)
    with pytest.raises(workflow.TransitionError, match="control character"):
        workflow.perform("approve", bulletin, officer, shown="")
    # A test of it says nothing, rather than failing again and again.
    assert compose_test(send_test(bulletin, "officer@example.org")).reason == "unfit"


def test_a_note_of_any_bytes(signed_in, write, officer):
    bulletin = workflow.perform("submit", write(), officer)
    client = signed_in("second", "Engagement officer")
    answer = act(client, bulletin, "give_back", note="\0")
    assert answer.status_code == 422
    assert "Say what should change." in answer.content.decode()
    assert act(client, bulletin, "give_back", note="Why\0? " * 100).status_code == 302
    note = BulletinEvent.objects.get(action="given_back").note
    assert note.startswith("Why? Why?")
    assert len(note) <= 200


class TestTheDesk:
    @pytest.mark.once
    @pytest.mark.parametrize("moment", ["", "yesterday", "2019-07-16T10:00", "9" * 50])
    def test_a_moment_that_will_not_do(self, signed_in, approved, moment):
        bulletin = approved()
        client = signed_in("second", "Engagement officer")
        answer = act(client, bulletin, "schedule", moment=moment)
        html = answer.content.decode()
        assert answer.status_code == 422
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
        assert url in client.get(desk(bulletin)).content.decode()
        html = client.get(url).content.decode()
        assert '<p class="lede">Kites are made in Exampleshire again.</p>' in html
        page = BeautifulSoup(client.get(desk(bulletin)).content, "html.parser")
        act(client, bulletin, "approve", shown=page.find("input", {"name": "shown"})["value"])
        # From then on it is what was approved, whatever stands in the row.
        Bulletin.objects.filter(pk=bulletin.pk).update(body="[]")
        assert "Kites are made in Exampleshire again." in client.get(url).content.decode()

    def test_giving_back_takes_a_word(self, signed_in, write):
        bulletin = write()
        workflow.perform("submit", bulletin)
        client = signed_in("publisher", "Publisher")
        assert "Say what should change." in act(client, bulletin, "give_back").content.decode()
        act(client, bulletin, "give_back", note="Which kites?")
        bulletin.refresh_from_db()
        assert bulletin.state == "draft"
        assert "Which kites?" in client.get(desk(bulletin)).content.decode()

    def test_it_is_taken_off_the_web_and_put_back(self, signed_in, sending):
        bulletin = sending()
        client = signed_in("second", "Engagement officer")
        assert "Take it off the web" not in signed_in("publisher", "Publisher").get(desk(bulletin)).content.decode()
        assert "Take it off the web" in client.get(desk(bulletin)).content.decode()
        assert act(client, bulletin, "take_off").status_code == 422
        assert act(client, bulletin, "take_off", note="The date is wrong.").status_code == 302
        html = client.get(desk(bulletin)).content.decode()
        assert "The date is wrong." in html
        assert ">On the web</a>" not in html
        assert "Take it off the web" not in html
        event = BulletinEvent.objects.get(action="taken_off_the_web")
        assert (event.by, event.note) == (client.person, "The date is wrong.")
        assert act(client, bulletin, "put_back").status_code == 302
        assert ">On the web</a>" in client.get(desk(bulletin)).content.decode()
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
        answer = client.get(reverse("bulletin_progress", args=[bulletin.pk]))
        assert "1 of 4 settled, 3 to go." in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        html = client.get(desk(bulletin)).content.decode()
        assert "1 of 4 settled, 3 to go." in html
        assert ">Refresh</a>" in html

    def test_it_costs_the_same_however_long_the_list(self, signed_in, sending, subscribe):
        def cost():
            with CaptureQueriesContext(connection) as asked:
                client.get(desk(bulletin))
            return len(asked)

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
        answer = client.get(reverse("bulletin_certificate_csv", args=[bulletin.pk]))
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
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


def seen(response):
    """What the form says that it was opened on."""
    (field,) = BeautifulSoup(response.content, "html.parser").find_all("input", {"name": "seen"})
    assert field["type"] == "hidden"
    return field.get("value", "")
