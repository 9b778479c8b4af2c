"""Two who press “Save” in the same moment: one is saved, the other is told."""

import threading
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from nelis.core.admin.edit_views import EditConflictMixin
from nelis.core.models import User
from nelis.evidence.models import GeoArea
from nelis.home.models import StandardPage
from tests.admin.sample_site import SampleSite, resent

TOLD = "after you opened it. Nothing of yours is saved yet"


@pytest.mark.pg
def test_two_in_the_same_moment(another_database):
    with another_database(content=False):
        site = SampleSite.build()
        page = site.make(StandardPage)
        area = GeoArea.objects.create(code="x", name="Exampleshire")
        clients = [Client(), Client()]
        for number, client in enumerate(clients):
            client.force_login(User.objects.create_user(f"user{number}", is_superuser=True))
        page_answers = save_at_once(clients, reverse("wagtailadmin_pages:edit", args=[page.pk]), "summary")
        area_answers = save_at_once(clients, reverse("wagtailsnippets_evidence_geoarea:edit", args=[area.pk]), "name")
        for answers in (page_answers, area_answers):
            assert sorted(response.status_code for response in answers) == [200, 302]
            (told,) = (response for response in answers if response.status_code == 200)
            assert TOLD in told.content.decode()
        assert page.revisions.count() == 2


def save_at_once(clients, address, field):
    """Post two forms so that both have read what there is before either saves."""
    forms = [resent(client, address) | {"body-count": "0"} for client in clients]
    begin, answers, post = threading.Barrier(2), [], EditConflictMixin.post

    def post_together(view, request, *args, **kwargs):
        begin.wait(60)
        return post(view, request, *args, **kwargs)

    def save(number):
        answers.append(clients[number].post(address, forms[number] | {field: f"By {number}"}))
        connection.close()

    with mock.patch.object(EditConflictMixin, "post", post_together):
        threads = [threading.Thread(target=save, args=[number]) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
    return answers
