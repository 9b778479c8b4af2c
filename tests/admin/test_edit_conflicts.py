"""Two who edit at once: the second to save is told, sees both texts, and decides; nothing is lost in silence."""

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.db import models
from django.urls import reverse
from wagtail.models import Page, Site
from wagtail.snippets.models import get_snippet_models
from wagtail.test.utils.form_data import nested_form_data

from engagement.bulletins.models import Bulletin
from engagement.feedback.models import FeedbackRound
from nelis.core.models import BasePage, SiteSettings
from nelis.evidence.models import Finding, GeoArea, Statistic
from nelis.home.models import StandardPage
from sectors.models import EvidenceLink, PropositionPage
from tests.admin.sample_site import PUBLISH, SUBMIT, resent
from tests.admin.test_snippets import forms, name, url
from tests.admin.test_workflow import A_COMMENT, approval

PAGE_TYPES = [model for model in apps.get_models() if issubclass(model, BasePage)]
#: Those that every run tries; the others take longer together.
QUICK = {PropositionPage, StandardPage, Statistic, GeoArea, Bulletin, FeedbackRound}
TOLD = "after you opened it. Nothing of yours is saved yet"


def opened(client, address):
    """The form at ``address`` as a browser sends it back, without body text."""
    return resent(client, address) | {"body-count": "0", "parts-count": "0"}


def both_texts(response):
    """The table of differences: by field, what was saved and what was typed."""
    rows = BeautifulSoup(response.content, "html.parser").select(".edit-conflict tbody tr")
    return {
        row.th.get_text(strip=True): tuple(cell.get_text(" ", strip=True) for cell in row.find_all("td"))
        for row in rows
    }


class Two:
    """Two people who open the same form, the second of whom saves later."""

    def __init__(self, signed_in, address, **groups):
        self.address = address
        self.first = signed_in(name="ada", superuser=True)
        self.second = signed_in(name="bela", superuser=True)
        self.forms = [opened(client, address) for client in (self.first, self.second)]

    def save(self, number, **changes):
        client = (self.first, self.second)[number]
        return client.post(self.address, self.forms[number] | changes)


def draft_of(page):
    return Page.objects.get(pk=page.pk).get_latest_revision_as_object()


@pytest.fixture
def two(sample_site, signed_in):
    """Two who have a page open."""
    page = sample_site.make(StandardPage)
    found = Two(signed_in, reverse("wagtailadmin_pages:edit", args=[page.pk]))
    found.page = page
    return found


@pytest.mark.pg
@pytest.mark.parametrize(
    "page_type",
    [
        pytest.param(page_type, id=page_type.__name__, marks=() if page_type in QUICK else pytest.mark.slow)
        for page_type in PAGE_TYPES
    ],
)
def test_pages_of_every_type(sample_site, signed_in, page_type):
    page = sample_site.pages.get(page_type) or sample_site.make(page_type)
    two = Two(signed_in, reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert two.save(0, summary="Ada’s sentence.").status_code == 302
    revisions = page.revisions.count()
    refused = two.save(1, summary="Bela’s sentence.", title="Bela’s title")
    assert refused.status_code == 200
    assert page.revisions.count() == revisions
    assert draft_of(page).summary == "Ada’s sentence."
    html = refused.content.decode()
    assert "ada changed it on" in html
    assert TOLD in html
    assert both_texts(refused)["Summary"] == ("Ada’s sentence.", "Bela’s sentence.")
    assert both_texts(refused)["Title"] == (page.title, "Bela’s title")
    # Nothing else differs, whatever keys a text editor gives to its paragraphs.
    assert set(both_texts(refused)) == {"Summary", "Title"}
    form = refused.context["form"]
    assert (form["summary"].value(), form["title"].value()) == ("Bela’s sentence.", "Bela’s title")
    # She has seen it, and saves again.
    again = {
        field["name"]: field["value"]
        for field in BeautifulSoup(html, "html.parser").select("#page-edit-form [name^=loaded_revision]")
    }
    assert two.save(1, summary="Bela’s sentence.", **again).status_code == 302
    assert draft_of(page).summary == "Bela’s sentence."


@pytest.mark.parametrize(
    "model",
    [
        pytest.param(model, id=name(model), marks=() if model in QUICK else pytest.mark.slow)
        for model in get_snippet_models()
    ],
)
def test_snippets_of_every_kind(sample_site, signed_in, model):
    root = signed_in(name="root", superuser=True)
    data, _words = forms(sample_site)[name(model)]
    known = set(model.objects.values_list("pk", flat=True))
    root.post(url(model, "add"), nested_form_data(data))
    made = model.objects.exclude(pk__in=known).get()
    two = Two(signed_in, url(model, "edit", made.pk))
    typed = next(
        field
        for field in two.forms[0]
        if field in {f.name for f in model._meta.fields if isinstance(f, models.CharField | models.TextField)}
        and not isinstance(model._meta.get_field(field), models.SlugField)
        and not model._meta.get_field(field).choices
        and field not in {"ref", "key", "code", "content_hash"}
    )
    assert two.save(0, **{typed: "Ada said it"}).status_code == 302
    refused = two.save(1, **{typed: "Bela said it"})
    assert refused.status_code == 200, typed
    assert TOLD in refused.content.decode()
    assert ("Ada said it", "Bela said it") in both_texts(refused).values()
    assert refused.context["form"][typed].value() == "Bela said it"
    made.refresh_from_db()
    saved = made.get_latest_revision_as_object() if hasattr(made, "get_latest_revision_as_object") else made
    assert getattr(saved, typed) == "Ada said it"
    again = {
        field["name"]: field.get("value", "")
        for field in BeautifulSoup(refused.content, "html.parser").select(
            "#w-editor-form [name^=loaded_revision], #w-editor-form [name=seen]"
        )
    }
    assert again
    assert two.save(1, **{typed: "Bela said it"}, **again).status_code == 302
    made.refresh_from_db()
    saved = made.get_latest_revision_as_object() if hasattr(made, "get_latest_revision_as_object") else made
    assert getattr(saved, typed) == "Bela said it"


def test_the_site_settings(sample_site, signed_in):
    site = Site.objects.get(is_default_site=True)
    two = Two(signed_in, reverse("wagtailsettings:edit", args=["core", "sitesettings", site.pk]))
    row = {
        "menu_items-TOTAL_FORMS": "1",
        "menu_items-0-menu": "main",
        "menu_items-0-label": "Bela’s item",
        "menu_items-0-path": "/search/",
    }
    assert two.save(0, footer_text="Ada’s foot").status_code == 302
    refused = two.save(1, footer_text="Bela’s foot", **row)
    assert both_texts(refused)["Footer text"] == ("Ada’s foot", "Bela’s foot")
    assert both_texts(refused)["Menu items"] == ("Nothing", "main · Bela’s item · /search/")
    assert SiteSettings.for_site(site).footer_text == "Ada’s foot"


class TestAPage:
    """What counts as a conflict, and with which button."""

    @pytest.mark.parametrize("button", [PUBLISH, SUBMIT, {}], ids=["publish", "submit", "save"])
    def test_every_button(self, two, button):
        two.save(0, summary="Ada’s.")
        refused = two.save(1, summary="Bela’s.", **button)
        assert TOLD in refused.content.decode()
        two.page.refresh_from_db()
        assert two.page.summary == "About standardpage."
        assert two.page.current_workflow_state is None

    def test_an_approval_is_of_what_was_shown(self, two, signed_in):
        two.save(0, summary="Ada’s.", **SUBMIT)
        analyst = signed_in("Analyst", "Content editor", name="anna")
        form = opened(analyst, two.address)
        other = signed_in("Analyst", "Content editor", name="otto")
        other.post(two.address, opened(other, two.address) | {"summary": "Otto’s."})
        assert TOLD in analyst.post(two.address, form | approval()).content.decode()
        assert two.page.current_workflow_task.name == "Figures checked by an analyst"

    def test_with_another_fault_as_well(self, two):
        two.save(0, summary="Ada’s.")
        refused = two.save(1, summary="", **PUBLISH)
        assert "summary" in refused.context["form"].errors
        assert both_texts(refused)["Summary"][0] == "Ada’s."

    def test_who_saves_twice_is_alone(self, two):
        two.save(0, summary="Once.")
        two.forms[0] = opened(two.first, two.address)
        assert two.save(0, summary="Twice.").status_code == 302

    def test_a_comment_is_no_conflict(self, two):
        two.save(0, **A_COMMENT)
        assert two.save(1, summary="Bela’s.").status_code == 302

    def test_a_preview_is_still_there(self, two):
        two.save(0, summary="Ada’s.")
        preview = reverse("wagtailadmin_pages:preview_on_edit", args=[two.page.pk])
        assert two.second.post(preview, two.forms[1]).json() == {"is_valid": True, "is_available": True}

    @pytest.mark.parametrize("loaded", ["0", "nonsense", "9" * 30])
    def test_opened_on_nothing_known(self, two, loaded):
        assert TOLD in two.save(1, summary="Bela’s.", loaded_revision_id=loaded).content.decode()

    def test_only_those_who_may_edit_are_told_anything(self, two, signed_in, client):
        nobody = signed_in(name="nobody")
        for browser in (client, nobody):
            response = browser.post(two.address, two.forms[1])
            # Whoever isn't signed in gets back what they sent, to send it again once they are.
            assert response.status_code in (302, 403)
            assert not both_texts(response)

    def test_the_settings_too(self, client):
        address = reverse("wagtailsettings:edit", args=["core", "sitesettings", 1])
        assert client.get(address).status_code == 302


def test_rows_that_nobody_touched_are_not_shown(sample_site, signed_in):
    page = sample_site.make(PropositionPage)
    EvidenceLink.objects.create(page=page, **line_of(sample_site))
    page.save_revision().publish()
    two = Two(signed_in, reverse("wagtailadmin_pages:edit", args=[page.pk]))
    two.save(0, summary="Ada’s.")
    assert set(both_texts(two.save(1, summary="Bela’s."))) == {"Summary"}


def line_of(sample_site):
    line = sample_site.line()
    return line | {"finding": Finding.objects.get(pk=line["finding"])}


def test_a_box_is_shown_in_words(sample_site, signed_in):
    area = GeoArea.objects.create(code="x", name="Exampleshire")
    two = Two(signed_in, url(GeoArea, "edit", area.pk))
    two.save(0, is_derived="on", derivation="Both halves.")
    texts = both_texts(two.save(1, derivation="One half."))
    assert ("Yes", "No") in texts.values()
