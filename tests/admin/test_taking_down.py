"""Whoever unpublishes or deletes what readers see says why, or where readers go instead. Nobody is asked in vain."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from nelis.core.models import ChangeEntry
from nelis.evidence.models import Source
from nelis.home.models import HomePage, StandardPage
from sectors.models import Organisation, PropositionIndexPage, SectorIndexPage, SectorPage, SubSectorPage
from tests.admin.sample_site import PUBLISH, body_of, resent

pytestmark = pytest.mark.pg

WHY = "It named <b>somebody</b>."


@pytest.fixture
def administrator(signed_in):
    return signed_in("Administrator")


def single(action, page):
    return reverse(f"wagtailadmin_pages:{action}", args=[page.pk])


def bulk(action, *pages):
    query = "&".join(f"id={page.pk}" for page in pages)
    return f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', action])}?{query}"


def question(response):
    """The form that asks, as a browser would send it back."""
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    assert "Why is it taken down?" in page.text
    controls = page.select("main form input[name]") or page.select("form input[name]")
    return {control["name"]: control.get("value", "") for control in controls}


def answered(client, url, sent=None, *, reason="", target=""):
    """What comes of posting Wagtail's confirmation, and then the answer."""
    asked = question(client.post(url, sent or {}))
    return client.post(url, asked | {"taken_down-reason": reason, "taken_down-target": target})


def reason_at(path):
    response = Client().get(path)
    return response.status_code, WHY.replace("<", "&lt;").replace(">", "&gt;") in response.content.decode()


class TestOnePage:
    def test_the_reason_stands_at_the_address_and_in_the_list_of_changes(self, sample_site, administrator):
        page = sample_site.make(StandardPage)
        url = single("unpublish", page)
        assert answered(administrator, url, reason=WHY).status_code == 302
        assert reason_at(page.url) == (410, True)
        assert ChangeEntry.objects.first().note == WHY

    def test_nothing_happens_without_an_answer(self, sample_site, administrator):
        page = sample_site.make(StandardPage)
        response = answered(administrator, single("unpublish", page), {"next": "/admin/pages/"}, reason="  ")
        assert "Give the reason, or choose a page" in response.content.decode()
        assert question(response)["next"] == "/admin/pages/"
        assert Client().get(page.url).status_code == 200

    def test_what_was_typed_is_kept(self, sample_site, administrator):
        page = sample_site.make(StandardPage)
        response = answered(administrator, single("unpublish", page), reason="It was wrong. " * 20)
        assert question(response)["taken_down-reason"].startswith("It was wrong.")
        assert Page.objects.get(pk=page.pk).live

    def test_readers_are_led_to_another_page(self, sample_site, administrator):
        page, other = sample_site.make(StandardPage), sample_site.pages[SectorIndexPage]
        answered(administrator, single("unpublish", page), target=other.pk)
        assert Client().get(f"{page.url}?a=1")["Location"] == f"{other.url}?a=1"
        assert Client().get(f"{page.url}below/")["Location"] == other.url
        assert other.title in ChangeEntry.objects.first().note

    def test_not_to_what_is_taken_down_with_it(self, sample_site, administrator):
        sector = sample_site.pages[SectorPage]
        below = sample_site.make(SubSectorPage)
        response = answered(administrator, single("unpublish", sector), {"include_descendants": "on"}, target=below.pk)
        assert "taken down too" in response.content.decode()
        assert Page.objects.get(pk=sector.pk).live

    def test_with_what_is_below_it(self, sample_site, administrator):
        sector = sample_site.pages[SectorPage]
        below = sample_site.make(SubSectorPage)
        answered(administrator, single("unpublish", sector), {"include_descendants": "on"}, reason=WHY)
        assert reason_at(sector.url) == reason_at(below.url) == (410, True)

    def test_without_what_is_below_it(self, sample_site, administrator):
        sector = sample_site.pages[SectorPage]
        below = sample_site.make(SubSectorPage)
        answered(administrator, single("unpublish", sector), reason=WHY)
        assert reason_at(sector.url) == (410, True)
        assert Client().get(below.url).status_code == 200

    @pytest.mark.parametrize("led", [False, True])
    def test_publishing_it_again_ends_it(self, sample_site, administrator, led):
        page = sample_site.make(StandardPage)
        target = sample_site.pages[SectorIndexPage].pk if led else ""
        answered(administrator, single("unpublish", page), reason="It was wrong.", target=target)
        edit = single("edit", page)
        form = resent(administrator, edit) | body_of(sample_site.form(StandardPage))
        administrator.post(edit, form | PUBLISH)
        assert Client().get(page.url).status_code == 200
        assert not Redirect.objects.exists()
        Page.objects.get(pk=page.pk).specific.unpublish()
        assert Client().get(page.url).status_code == 410

    def test_deleting_it(self, sample_site, administrator):
        sector = sample_site.make(SectorPage, slug="other", code="other")
        sample_site.pages[SectorPage] = sector
        below = sample_site.make(SubSectorPage)
        url = single("delete", sector)
        assert administrator.get(url).status_code == 200
        assert answered(administrator, url, reason=WHY).status_code == 302
        assert not Page.objects.filter(pk=sector.pk).exists()
        assert reason_at(sector.url) == reason_at(below.url) == (410, True)

    def test_deleting_it_and_leading_readers_elsewhere(self, sample_site, administrator):
        page, other = sample_site.make(StandardPage), sample_site.pages[SectorIndexPage]
        answered(administrator, single("delete", page), target=other.pk)
        assert Client().get(page.url)["Location"] == other.url

    def test_a_mistyped_name_is_asked_for_first(self, sample_site, administrator):
        page = sample_site.make(StandardPage)
        response = administrator.post(single("delete", page), {"confirm_site_name": "wrong"})
        assert "Why is it taken down?" not in response.content.decode()
        assert Page.objects.filter(pk=page.pk).exists()

    def test_a_draft_goes_without_a_question(self, sample_site, administrator):
        draft = StandardPage(title="Thought", slug="thought", summary="-", live=False)
        HomePage.objects.get(pk=sample_site.pages[HomePage].pk).add_child(instance=draft)
        assert administrator.post(single("delete", draft)).status_code == 302
        assert Client().get("/thought/").status_code == 404

    def test_what_must_stay_is_refused_without_a_question(self, sample_site, administrator):
        from sectors.models import PropositionPage

        sample_site.make(PropositionPage)
        response = administrator.post(single("delete", sample_site.pages[PropositionIndexPage]), follow=True)
        assert "Why is it taken down?" not in response.content.decode()

    def test_nobody_is_asked_who_may_not(self, sample_site, signed_in):
        page = sample_site.make(StandardPage)
        for action in ("unpublish", "delete"):
            response = signed_in("Content editor", name=f"editor-{action}").post(single(action, page))
            assert response.status_code == 302
        assert Page.objects.get(pk=page.pk).live


class TestManyPages:
    @pytest.mark.parametrize("action", ["unpublish", "delete"])
    def test_one_reason_for_all(self, sample_site, administrator, action):
        pages = [sample_site.make(StandardPage, slug=slug) for slug in ("one", "two")]
        assert answered(administrator, bulk(action, *pages), reason=WHY).status_code == 302
        assert [reason_at(page.url) for page in pages] == [(410, True)] * 2

    def test_with_what_is_below_them(self, sample_site, administrator):
        below = sample_site.make(SubSectorPage)
        url = bulk("unpublish", sample_site.pages[SectorPage])
        answered(administrator, url, {"include_descendants": "on"}, reason=WHY)
        assert reason_at(below.url) == (410, True)


class TestWhatIsNoPageOfTheTree:
    def test_a_publication(self, sample_site, administrator):
        source = Source.objects.create(ref="free", title="Free", kind="report")
        url = reverse("wagtailsnippets_evidence_source:unpublish", args=[source.pk])
        assert answered(administrator, url, reason=WHY).status_code == 302
        assert not Source.objects.get(pk=source.pk).live
        assert ChangeEntry.objects.first().note == WHY
        assert ChangeEntry.objects.first().path == source.get_absolute_url()

    def test_an_organisation(self, sample_site, administrator):
        body = Organisation.objects.create(slug="free", name="Free", kind="lep")
        url = reverse("wagtailsnippets_sectors_organisation:delete", args=[body.pk])
        assert administrator.get(url).status_code == 200
        answered(administrator, url, reason=WHY)
        assert not Organisation.objects.filter(pk=body.pk).exists()
        assert ChangeEntry.objects.first().note == WHY

    def test_several(self, sample_site, administrator):
        bodies = [Organisation.objects.create(slug=slug, name=slug, kind="lep") for slug in ("one", "two")]
        query = "&".join(f"id={body.pk}" for body in bodies)
        url = f"{reverse('wagtail_bulk_action', args=['sectors', 'organisation', 'delete'])}?{query}"
        assert answered(administrator, url, reason=WHY).status_code == 302
        assert set(ChangeEntry.objects.filter(note=WHY).values_list("path", flat=True)) == {
            body.get_absolute_url() for body in bodies
        }

    def test_what_has_no_address_goes_without_a_question(self, sample_site, administrator):
        from sectors.models import Contact

        contact = Contact.objects.create(slug="ada", name="Ada Example", role="Chair")
        url = reverse("wagtailsnippets_sectors_contact:unpublish", args=[contact.pk])
        assert administrator.post(url).status_code == 302
