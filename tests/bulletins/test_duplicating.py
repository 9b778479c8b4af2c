"""Duplicating a bulletin: a new draft with what another says, and nothing of what became of that."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from engagement.bulletins import workflow
from engagement.bulletins.models import Bulletin, BulletinEvent
from nelis.core.models.references import free_slug
from tests.bulletins.admin_forms import bulletin_form, dashboard

pytestmark = [pytest.mark.django_db, pytest.mark.pg]

COPY = "wagtailsnippets_bulletins_bulletin:copy"


def test_a_sent_bulletin_is_duplicated(signed_in, sending, subscribe):
    subscribe("ada", "kites")
    sent = sending("kites", cannot_wait=True)
    client = signed_in("second", "Content editor")
    page = BeautifulSoup(client.get(dashboard(sent)).content, "html.parser")
    url = reverse(COPY, args=[sent.pk])
    assert page.find("a", string="Duplicate")["href"] == url
    form = BeautifulSoup(client.get(url).content, "html.parser")
    assert form.find("input", {"name": "subject"})["value"] == "Kites again"
    assert form.find("input", {"name": "slug"})["value"] == "kites-again-2"
    assert [box["value"] for box in form.select("input[name=topics][checked]")] == [str(sent.topics.get().pk)]
    assert form.find("input", {"name": "cannot_wait"}).has_attr("checked")
    assert "Kites are made in Exampleshire again." in str(form)
    fields = bulletin_form(slug="kites-again-2", topics=[str(sent.topics.get().pk)])
    assert client.post(url, fields).status_code == 302
    copy = Bulletin.objects.get(slug="kites-again-2")
    assert (copy.state, copy.author, copy.approved_by, copy.snapshot) == ("draft", client.person, None, None)
    assert (copy.scheduled_for, copy.started_at, copy.recipient_count, copy.content_hash) == (None, None, None, "")
    assert [event.action for event in BulletinEvent.objects.filter(bulletin=copy)] == ["created"]
    assert workflow.authors(copy) == {client.person.pk}
    sent.refresh_from_db()
    assert (sent.state, sent.recipient_count) == ("sending", 1)


def test_each_duplicate_gets_an_address_of_its_own(write):
    for slug in ("a-2", "a-3", "b" * 80):
        write(slug=slug)
    assert free_slug(Bulletin, "a") == "a-4"
    assert free_slug(Bulletin, "a-2") == "a-4"
    long = free_slug(Bulletin, "b" * 80)
    assert long.endswith("-2")
    assert len(long) <= 80


def test_what_the_site_drafts_is_not_duplicated(signed_in, write):
    digest = write(kind="weekly")
    client = signed_in("second", "Engagement officer")
    assert "Duplicate" not in client.get(dashboard(digest)).content.decode()
    assert client.get(reverse(COPY, args=[digest.pk])).status_code == 404


def test_only_by_those_who_may_write_one(signed_in, write):
    bulletin = write()
    for name, group in (("publisher", "Publisher"), ("analyst", "Analyst")):
        client = signed_in(name, group)
        assert "Duplicate" not in client.get(dashboard(bulletin)).content.decode()
        assert client.get(reverse(COPY, args=[bulletin.pk])).status_code == 302
        client.post(reverse(COPY, args=[bulletin.pk]), bulletin_form(slug="eve"))
    assert Bulletin.objects.count() == 1
