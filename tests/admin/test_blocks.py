"""The blocks of body text: what each refuses, and how the picker shows it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from nelis.evidence.blocks import EvidencedBodyBlock
from nelis.home.models import HomePage, StandardPage
from tests.admin.sample_site import SUBMIT
from tests.admin.test_pages import add_url

# Forms and their words: what the database does with them is tried by the tests of the workflow and of changes.
pytestmark = pytest.mark.once

BODY = EvidencedBodyBlock()


def body(*headings):
    """Body text of headings, each a pair of level and words."""
    return BODY.to_python([{"type": "heading", "value": {"text": text, "level": level}} for level, text in headings])


def errors(value):
    """What is refused: position, field and message of each."""
    try:
        BODY.clean(value)
    except ValidationError as refusal:
        return [
            (position, field, error.messages[0])
            for position, block in refusal.block_errors.items()
            for field, error in block.block_errors.items()
        ]
    return []


@pytest.mark.parametrize(
    "headings",
    [
        [],
        [("2", "One")],
        [("2", "One"), ("3", "Part"), ("3", "Another part"), ("2", "Two"), ("3", "Its part")],
    ],
)
def test_headings_in_order(headings):
    assert errors(body(*headings)) == []


def test_a_part_without_a_section():
    found = errors(body(("3", "Part"), ("3", "Other"), ("2", "One"), ("3", "Its part")))
    assert [(position, field) for position, field, _ in found] == [(0, "level"), (1, "level")]
    assert "There is no section above" in found[0][2]


def test_two_headings_that_lead_to_one_anchor():
    found = errors(body(("2", "How it is made"), ("2", "How  it is made!")))
    assert [(position, field) for position, field, _ in found] == [(1, "text")]


def test_a_draft_may_have_its_headings_in_disorder():
    value = body(("3", "Part"))
    assert BODY.clean_deferred(value) == value


def test_said_beside_the_block_when_handed_in(sample_site, signed_in):
    client = signed_in("Content editor")
    form = sample_site.form(StandardPage) | {"body-0-value-level": "3"} | SUBMIT
    response = client.post(add_url(sample_site.pages[HomePage], StandardPage), form)
    assert "There is no section above" in response.content.decode()
    assert not StandardPage.objects.filter(slug="new-standardpage").exists()


class TestLinks:
    block = BODY.child_blocks["related_links"].child_blocks["links"].child_block

    def clean(self, **given):
        return self.block.clean(
            self.block.to_python({"page": None, "document": None, "address": "", "label": ""} | given)
        )

    def test_exactly_one(self, sample_site):
        home = sample_site.pages[HomePage].pk
        assert self.clean(page=home)["page"].pk == home
        assert self.clean(address="https://example.org/", label="There")["address"]
        for wrong in ({}, {"page": home, "address": "https://example.org/", "label": "There"}):
            with pytest.raises(ValidationError):
                self.clean(**wrong)

    def test_an_address_needs_words(self, db):
        with pytest.raises(ValidationError) as refusal:
            self.clean(address="https://example.org/")
        assert list(refusal.value.block_errors) == ["label"]

    def test_no_address_that_runs(self, db):
        with pytest.raises(ValidationError):
            self.clean(address="javascript:run()", label="There")

    def test_a_draft_may_wait_for_its_target(self, db):
        empty = BODY.to_python([{"type": "related_links", "value": {"title": "More", "links": [{"label": "Soon"}]}}])
        assert BODY.clean_deferred(empty)


@pytest.mark.parametrize("name", BODY.child_blocks)
def test_the_picker_shows_it_in_the_sites_own_style(sample_site, signed_in, name):
    block = StandardPage._meta.get_field("body").stream_block.child_blocks[name]
    assert block.is_previewable
    assert block.get_description()
    client = signed_in("Content editor")
    response = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    assert response.status_code == 200
    assert "css/site.css" in response.content.decode()


def test_a_table_in_the_picker_has_its_caption(db, signed_in):
    block = StandardPage._meta.get_field("body").stream_block.child_blocks["table"]
    html = signed_in("Content editor").get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    assert "<caption>What the table shows</caption>" in html.content.decode()
    assert '<th scope="row">The first row</th>' in html.content.decode()
