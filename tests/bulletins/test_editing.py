"""The form that a bulletin is written in: what is refused, what is kept, and two people at once."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import streamfield

from engagement.bulletins import workflow
from engagement.bulletins.models import Bulletin, BulletinEvent
from nelis.core.models import User
from tests.bulletins.admin_forms import bulletin_form, dashboard, reopened_form

ADD = "wagtailsnippets_bulletins_bulletin:add"


EDIT = "wagtailsnippets_bulletins_bulletin:edit"


class TestTheForm:
    def test_what_is_wrong_is_said_and_nothing_is_lost(self, signed_in, topics):
        client = signed_in("writer", "Content editor")
        response = client.post(reverse(ADD), bulletin_form(subject="", preheader="Still here", slug="atom"))
        html = response.content.decode()
        assert response.status_code == 200
        assert "Still here" in html
        assert "This address is taken." in html
        assert "Kites are made again." in html
        assert not Bulletin.objects.exists()

    def test_a_button_leads_to_one_place(self, signed_in, topics):
        client = signed_in("writer", "Content editor")
        body = streamfield([("button", {"label": "Go", "page": "", "address": ""})])
        assert "one of the two" in client.post(reverse(ADD), bulletin_form(body=body)).content.decode()

    def test_topics_are_kept(self, signed_in, topics):
        client = signed_in("writer", "Content editor")
        client.post(reverse(ADD), bulletin_form() | {"topics": [topics["kites"].pk, topics["bells"].pk]})
        assert {topic.slug for topic in Bulletin.objects.get().topics.all()} == {"kites", "bells"}

    def test_an_edit_takes_the_approval_away(self, signed_in, approved):
        bulletin = approved()
        client = signed_in("second", "Engagement officer")
        client.post(reverse(EDIT, args=[bulletin.pk]), reopened_form(bulletin, subject="Kites, again"))
        bulletin.refresh_from_db()
        assert (bulletin.subject, bulletin.state, bulletin.content_hash) == ("Kites, again", "draft", "")
        assert client.person.pk in workflow.authors(bulletin)

    def test_what_is_being_sent_cant_be_edited(self, signed_in, sending):
        bulletin = sending()
        client = signed_in("second", "Administrator")
        url = reverse(EDIT, args=[bulletin.pk])
        assert client.get(url).url == dashboard(bulletin)
        assert client.post(url, bulletin_form(subject="Other")).url == dashboard(bulletin)
        bulletin.refresh_from_db()
        assert bulletin.subject == "Kites again"

    def test_nor_what_was_scheduled_while_the_form_was_open(self, signed_in, approved, monkeypatch):
        """It was approved when the request came in, and scheduled before it was saved."""
        bulletin = approved()
        client = signed_in("second", "Administrator")
        Bulletin.objects.filter(pk=bulletin.pk).update(state="scheduled")
        monkeypatch.setattr(Bulletin, "is_editable", True)
        response = client.post(reverse(EDIT, args=[bulletin.pk]), reopened_form(bulletin, subject="Other words"))
        html = response.content.decode()
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
        assert first.post(url, bulletin_form(seen=opened[0], subject="Ada’s kites")).url == dashboard(bulletin)
        before = BulletinEvent.objects.count()
        refused = second.post(url, bulletin_form(seen=opened[1], subject="Bela’s kites", preheader="Still here"))
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
        assert second.post(url, bulletin_form(seen=seen(refused), subject="Bela’s kites")).url == dashboard(bulletin)
        bulletin.refresh_from_db()
        assert bulletin.subject == "Bela’s kites"

    @pytest.mark.once
    @pytest.mark.parametrize("sent", ["", "0", "x" * 20])
    def test_a_form_that_was_opened_on_nothing_known(self, signed_in, write, sent):
        bulletin = write()
        client = signed_in("second", "Content editor")
        html = client.post(reverse(EDIT, args=[bulletin.pk]), bulletin_form(seen=sent, subject="Mine")).content.decode()
        assert "after you opened it" in html
        bulletin.refresh_from_db()
        assert bulletin.subject == "Kites again"

    def test_a_transition_is_no_edit(self, signed_in, write, officer):
        """Handed in while somebody has the form open: what they save is a draft again, as at any other time."""
        bulletin = write()
        client = signed_in("second", "Content editor")
        data = reopened_form(bulletin, subject="Kites, again")
        workflow.perform("submit", bulletin, officer)
        assert client.post(reverse(EDIT, args=[bulletin.pk]), data).url == dashboard(bulletin)
        bulletin.refresh_from_db()
        assert (bulletin.subject, bulletin.state) == ("Kites, again", "draft")

    @pytest.mark.once
    def test_it_is_not_deleted(self, signed_in, write):
        bulletin = write()
        client = signed_in("admin", "Administrator")
        url = reverse("wagtailsnippets_bulletins_bulletin:delete", args=[bulletin.pk])
        assert client.post(url).status_code == 302
        bulk = reverse("wagtail_bulk_action", args=["bulletins", "bulletin", "delete"])
        assert client.post(f"{bulk}?id={bulletin.pk}", {"next": "/admin/"}).status_code == 302
        assert Bulletin.objects.exists()


def seen(response):
    """What the form says that it was opened on."""
    (field,) = BeautifulSoup(response.content, "html.parser").find_all("input", {"name": "seen"})
    assert field["type"] == "hidden"
    return field.get("value", "")
