"""What an editor sees of something new before it was ever saved, and of a draft with gaps."""

import pytest
from django.apps import apps
from django.urls import reverse
from wagtail.models import PreviewableMixin
from wagtail.snippets.models import get_snippet_models
from wagtail.test.utils.form_data import nested_form_data

from nelis.core.models import BasePage
from nelis.home.models import HomePage
from sectors.models import ProjectPage, PropositionPage, SectorPage
from tests.admin.test_pages import parent_of
from tests.admin.test_snippets import forms, name, url

# Forms and templates: nothing here asks the database what only one of them would answer otherwise.
pytestmark = pytest.mark.once

PAGE_TYPES = [model for model in apps.get_models() if issubclass(model, BasePage) and model is not HomePage]
#: Those tried without anything filled in by every run; the others take longer together.
QUICK = {SectorPage, PropositionPage, ProjectPage}
SNIPPETS = [model for model in get_snippet_models() if issubclass(model, PreviewableMixin)]


def preview(client, address, form, modes):
    """Post ``form`` for a preview, and look at it in each of ``modes``."""
    assert client.post(address, form).json() == {"is_valid": True, "is_available": True}
    for mode, _label in modes:
        response = client.get(address, {"mode": mode})
        assert response.status_code == 200, mode


def address_for_new(sample_site, page_type):
    parent = parent_of(sample_site, page_type)
    args = [page_type._meta.app_label, page_type._meta.model_name, parent.pk]
    return reverse("wagtailadmin_pages:preview_on_add", args=args)


def emptied(form):
    """``form`` with nothing typed in: what holds the formsets together stays."""
    management = ("-TOTAL_FORMS", "-INITIAL_FORMS", "-MIN_NUM_FORMS", "-MAX_NUM_FORMS", "-count")
    # An editor of rich text sends its own format, even of nothing.
    empty = {field: "null" if '"entityMap"' in str(typed) else "" for field, typed in form.items() if "-" not in field}
    counts = {field: "0" for field in form if field.endswith(management)}
    return empty | counts


@pytest.mark.parametrize("page_type", PAGE_TYPES, ids=name)
def test_a_new_page(sample_site, signed_in, page_type):
    client = signed_in("Administrator")
    preview(client, address_for_new(sample_site, page_type), sample_site.form(page_type), page_type().preview_modes)


@pytest.mark.parametrize(
    "page_type",
    [
        pytest.param(page_type, id=name(page_type), marks=() if page_type in QUICK else pytest.mark.slow)
        for page_type in PAGE_TYPES
    ],
)
def test_a_new_page_with_nothing_filled_in(sample_site, signed_in, page_type):
    client = signed_in("Administrator")
    address = address_for_new(sample_site, page_type)
    response = client.post(address, emptied(sample_site.form(page_type)))
    for mode, _label in page_type().preview_modes:
        # Where what was typed can't be shown, Wagtail says so.
        assert client.get(address, {"mode": mode}).status_code == 200
    assert set(response.json()) == {"is_valid", "is_available"}


@pytest.mark.parametrize("model", SNIPPETS, ids=name)
def test_a_new_snippet(sample_site, signed_in, model):
    client = signed_in("Administrator")
    data, words = forms(sample_site)[name(model)]
    preview(client, url(model, "preview_on_add"), nested_form_data(data), model().preview_modes)
    assert words in client.get(url(model, "preview_on_add")).content.decode()


@pytest.mark.parametrize("model", SNIPPETS, ids=name)
def test_a_new_snippet_with_nothing_filled_in(sample_site, signed_in, model):
    client = signed_in("Administrator")
    data, _words = forms(sample_site)[name(model)]
    address = url(model, "preview_on_add")
    client.post(address, emptied(nested_form_data(data)))
    for mode, _label in model().preview_modes:
        assert client.get(address, {"mode": mode}).status_code == 200
