"""The archive: what was sent and is public, as it was sent."""

import pytest
from defusedxml.ElementTree import fromstring
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagement.bulletins import link_checks, streams, workflow
from engagement.bulletins.models import Bulletin, Delivery
from engagement.mail.models import DeliveryState as Row
from nelis.core.models import SearchEntry


def page_text(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def test_nothing_before_it_is_sent(client, approved, officer):
    bulletin = approved()
    workflow.perform("schedule", bulletin, officer)
    page_text(client, "/bulletins/kites-again/", 404)
    assert "No bulletin has been sent yet." in page_text(client, "/bulletins/")


def test_from_the_moment_it_is_sent(client, sending, subscribe):
    subscribe("ada")
    sending()
    assert "Kites again" in page_text(client, "/bulletins/")
    html = page_text(client, "/bulletins/kites-again/")
    assert "Kites are made in Exampleshire again." in html
    assert "It is being sent." in html
    Delivery.objects.update(state=Row.ACCEPTED)
    streams.run_maintenance()
    assert "to 1 subscriber." in page_text(client, "/bulletins/kites-again/")


def test_one_that_is_not_public(client, sending):
    sending(is_public=False, cannot_wait=True)
    page_text(client, "/bulletins/kites-again/", 404)
    assert "Kites again" not in page_text(client, "/bulletins/")
    assert "Kites again" not in page_text(client, "/bulletins/atom/")


def test_one_that_was_stopped_says_so(client, sending, subscribe, officer):
    subscribe("ada")
    workflow.perform("cancel", sending(), officer)
    assert "Its sending was stopped" in page_text(client, "/bulletins/kites-again/")


class TestTakenOffTheWeb:
    """Everything that shows a bulletin, before, while it is off the web, and after it was put back."""

    PLACES = ("/bulletins/", "/bulletins/atom/", "/sitemap.xml")

    def shown(self, client):
        return [place for place in self.PLACES if "kites-again" in page_text(client, place)]

    def test_it_is_nowhere_and_its_address_says_why(self, client, sending, officer, django_capture_on_commit_callbacks):
        bulletin = sending()
        assert self.shown(client) == [*self.PLACES]
        with django_capture_on_commit_callbacks(execute=True):
            workflow.perform("take_off", bulletin, officer, note="It named <b>somebody</b> who had not agreed.")
        assert self.shown(client) == []
        assert not SearchEntry.objects.filter(kind="Bulletin").exists()
        assert not link_checks.is_public_path("/bulletins/kites-again/")
        html = page_text(client, "/bulletins/kites-again/", 410)
        assert "It named &lt;b&gt;somebody&lt;/b&gt; who had not agreed." in html
        assert f"{timezone.localtime():%Y-%m-%d}" in html
        assert "Exampleshire" not in html
        assert "Kites again" not in html
        with django_capture_on_commit_callbacks(execute=True):
            workflow.perform("put_back", bulletin, officer)
        assert self.shown(client) == [*self.PLACES]
        assert SearchEntry.objects.filter(kind="Bulletin").exists()
        assert "Kites are made in Exampleshire again." in page_text(client, "/bulletins/kites-again/")

    def test_cached_pages_are_renewed(self, client, sending, officer, settings):
        settings.PAGE_CACHE_SECONDS = 60
        caches["pages"].clear()
        bulletin = sending()
        assert "Kites again" in page_text(client, "/bulletins/")
        page_text(client, "/bulletins/kites-again/")
        workflow.perform("take_off", bulletin, officer, note="It was wrong.")
        assert "Kites again" not in page_text(client, "/bulletins/")
        page_text(client, "/bulletins/kites-again/", 410)
        workflow.perform("put_back", bulletin, officer)
        page_text(client, "/bulletins/kites-again/")
        caches["pages"].clear()

    def test_it_takes_a_reason(self, sending, officer):
        bulletin = sending()
        with pytest.raises(workflow.TransitionError, match="Say why"):
            workflow.perform("take_off", bulletin, officer)

    @pytest.mark.parametrize(("step", "fields"), [("take_off", {"is_public": False}), ("put_back", {})])
    def test_nothing_to_do(self, sending, officer, step, fields):
        bulletin = sending()
        Bulletin.objects.filter(pk=bulletin.pk).update(**fields)
        bulletin.refresh_from_db()
        with pytest.raises(workflow.TransitionError):
            workflow.perform(step, bulletin, officer, **({"note": "Why"} if step == "take_off" else {}))
        assert step not in [transition.name for transition in workflow.available_transitions(bulletin, officer)]

    def test_what_never_was_there_stays_unknown(self, client, approved):
        bulletin = approved()
        Bulletin.objects.filter(pk=bulletin.pk).update(off_web_at=timezone.now())
        page_text(client, "/bulletins/kites-again/", 404)


def test_it_stays_as_it_was_sent(client, sending):
    bulletin = sending()
    Bulletin.objects.filter(pk=bulletin.pk).update(body="[]")
    assert "Kites are made in Exampleshire again." in page_text(client, "/bulletins/kites-again/")


def test_cached_pages_are_renewed(client, approved, officer, settings):
    settings.PAGE_CACHE_SECONDS = 60
    caches["pages"].clear()
    bulletin = approved()
    assert "Kites again" not in page_text(client, "/bulletins/")
    workflow.perform("schedule", bulletin, officer)
    streams.run_maintenance()
    assert "Kites again" in page_text(client, "/bulletins/")
    caches["pages"].clear()


def test_the_feed(client, sending):
    bulletin = sending(subject="Kites & bells", preheader="A < B")
    feed = fromstring(page_text(client, "/bulletins/atom/"))
    (entry,) = feed.findall("{http://www.w3.org/2005/Atom}entry")
    assert entry.find("{http://www.w3.org/2005/Atom}title").text == "Kites & bells"
    assert entry.find("{http://www.w3.org/2005/Atom}id").text == f"http://testserver{bulletin.get_absolute_url()}"


def test_the_sitemap(client, sending):
    before = page_text(client, "/sitemap.xml")
    assert "/bulletins/" in before
    assert "kites-again" not in before
    sending()
    assert "http://testserver/bulletins/kites-again/" in page_text(client, "/sitemap.xml")


def test_search_finds_it(sending, approved, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        approved(slug="not-yet")
        sending()
    entry = SearchEntry.objects.get(kind="Bulletin")
    assert (entry.title, entry.url) == ("Kites again", "/bulletins/kites-again/")
    assert "Exampleshire" in entry.body


@pytest.mark.parametrize("page", ["0", "2", "x", "9" * 40, "%00"])
def test_pages_that_are_not_there(client, sending, page):
    sending()
    page_text(client, f"/bulletins/?page={page}", 404)


def test_no_cookie_and_the_same_number_of_queries(client, sending):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            response = client.get("/bulletins/")
        assert not response.cookies
        return len(queries)

    sending()
    cost()
    few = cost()
    for number in range(5):
        sending(slug=f"more-{number}")
    assert cost() == few
