"""The checks of this project's conventions find what they are there to find."""

import pytest
from django.db import models
from django.test.utils import isolate_apps
from wagtail import blocks
from wagtail.fields import RichTextField
from wagtail.fields import StreamField as WagtailStreamField
from wagtail.models import DraftStateMixin, Page, PreviewableMixin, RevisionMixin, get_page_models

from nelis.core import checks
from nelis.core.fields import StreamField
from nelis.core.models.workflow import ReviewedMixin
from nelis.home.models import HomePage, StandardPage


@pytest.fixture(autouse=True)
def uncached_page_rules():
    """Wagtail caches on each class which page types may stand below it, whatever a test changes."""
    yield
    for model in get_page_models():
        model._clean_subpage_models = model._clean_parent_page_models = None


def ids(found):
    return [error.id for error in found]


def test_the_site_keeps_them():
    assert checks.check_conventions() == []


@pytest.mark.parametrize("name", ["parent_page_types", "subpage_types", "page_description", "kind"])
def test_a_page_type_that_leaves_something_unsaid(monkeypatch, name):
    monkeypatch.delattr(HomePage, name)
    assert "core.E002" in ids(checks.page_type_errors(HomePage))


def test_what_a_class_between_says_counts(monkeypatch):
    between = StandardPage.__mro__[1]
    monkeypatch.delattr(StandardPage, "kind")
    monkeypatch.setattr(between, "kind", "Page", raising=False)
    assert ids(checks.page_type_errors(StandardPage)) == []


def test_an_empty_description(monkeypatch):
    monkeypatch.setattr(StandardPage, "page_description", "")
    assert ids(checks.page_type_errors(StandardPage)) == ["core.E002"]


def test_a_template_that_is_not_there(monkeypatch):
    monkeypatch.setattr(StandardPage, "template", "pages/nowhere.html")
    assert ids(checks.page_type_errors(StandardPage)) == ["core.E003"]


def test_a_page_of_wagtails_own():
    assert ids(checks.page_type_errors(Page)) == ["core.E001"]


def test_a_child_that_disowns_its_parent(monkeypatch):
    monkeypatch.setattr(StandardPage, "clean_parent_page_models", classmethod(lambda cls: []))
    assert ids(checks.page_type_errors(HomePage)) == ["core.E011"]


@isolate_apps("nelis.core")
def test_drafts_past_the_review_and_unseen():
    class Loose(DraftStateMixin, RevisionMixin, models.Model):  # noqa: DJ008 - never shown
        class Meta:
            app_label = "core"

    class Held(ReviewedMixin, DraftStateMixin, RevisionMixin, PreviewableMixin, models.Model):  # noqa: DJ008
        class Meta:
            app_label = "core"

    assert ids(checks.draft_errors(Loose)) == ["core.E004", "core.E005"]
    assert ids(checks.draft_errors(Held)) == []


def test_a_stream_that_is_not_ours():
    assert ids(checks.field_errors(WagtailStreamField([]))) == ["core.E006"]
    assert ids(checks.field_errors(StreamField([]))) == []


def test_blocks_nobody_could_choose_between():
    field = StreamField([("bare", blocks.CharBlock())])
    assert ids(checks.field_errors(field)) == ["core.E007", "core.E008"]
    told = blocks.CharBlock(description="A line of text", icon="pilcrow")
    assert ids(checks.field_errors(StreamField([("told", told)]))) == []


def test_blocks_far_inside():
    inner = blocks.StructBlock([("text", blocks.RichTextBlock())])
    outer = blocks.StructBlock([("parts", blocks.ListBlock(inner))], description="Parts", icon="list-ul")
    assert ids(checks.field_errors(StreamField([("outer", outer)]))) == ["core.E009"]


@pytest.mark.parametrize("features", [None, ["bold", "image"]])
def test_rich_text_with_more_than_the_design_supports(features):
    assert ids(checks.field_errors(RichTextField(features=features))) == ["core.E009"]


def test_rich_text_with_less():
    assert ids(checks.field_errors(RichTextField(features=["bold"]))) == []


@pytest.mark.parametrize("target", ["wagtailimages.Image", "wagtaildocs.Document"])
def test_images_without_our_rules(target):
    field = models.ForeignKey(target, on_delete=models.CASCADE)
    assert ids(checks.field_errors(field)) == ["core.E010"]


@pytest.mark.parametrize("target", ["core.SiteImage", "core.SiteDocument", "evidence.Source"])
def test_images_with_them(target):
    assert ids(checks.field_errors(models.ForeignKey(target, on_delete=models.CASCADE))) == []
