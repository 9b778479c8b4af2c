"""Who publishes a change to what readers see says what changed; every publication is accounted for."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from nelis.core.models import ChangeEntry, ChangeNote
from nelis.evidence.models import Statistic
from nelis.home.models import HomePage, StandardPage
from sectors.models import FoundationPage
from tests.admin.sample_site import PUBLISH, SUBMIT, body_of, resent

SAVE: dict[str, str] = {}
NOTHING_SAID = {"change_kind": "", "change_note": ""}


@pytest.fixture
def administrator(signed_in):
    return signed_in("Administrator")


@pytest.fixture
def page(sample_site):
    return sample_site.make(StandardPage, slug="said", title="As said")


@pytest.fixture
def change(sample_site, administrator, page):
    """Posts the form of ``page`` with something changed."""
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])

    def post(button, **changed):
        form = resent(administrator, url) | body_of(sample_site.form(StandardPage)) | changed | button
        return administrator.post(url, form)

    return post


def entries(thing):
    return list(ChangeEntry.objects.of(thing))


def test_what_is_new_needs_no_note(sample_site, administrator):
    url = reverse("wagtailadmin_pages:add", args=["home", "standardpage", sample_site.pages[HomePage].pk])
    assert b"change_note" not in administrator.get(url).content
    administrator.post(url, sample_site.form(StandardPage) | PUBLISH)
    (entry,) = entries(StandardPage.objects.get(slug="new-standardpage"))
    assert (entry.kind, entry.note, entry.details) == ("new", "", [])


@pytest.mark.parametrize("button", ["action-publish", "action-submit"])
def test_a_change_goes_no_further_without_a_word(page, change, button):
    response = change({button: button}, **NOTHING_SAID, summary="Other words.")
    assert set(response.context["form"].errors) == {"change_kind"}
    assert 'value="Other words."' in response.content.decode() or "Other words." in response.content.decode()
    response = change({button: button}, change_kind="correction", change_note="")
    assert set(response.context["form"].errors) == {"change_note"}
    page.refresh_from_db()
    assert page.summary == "About standardpage."


def test_a_change_is_logged_with_its_note(page, change):
    assert change(PUBLISH, change_kind="correction", change_note="It was misspelt.").status_code == 302
    entry = entries(page)[0]
    assert (entry.kind, entry.note, entry.title) == ("content", PUBLISH["change_note"], "As said")
    assert entry.revision_id == Page.objects.get(pk=page.pk).live_revision_id
    change(PUBLISH | {"change_kind": "correction", "change_note": "It was misspelt."})
    assert (entries(page)[0].kind, entries(page)[0].note) == ("correction", "It was misspelt.")


def test_a_minor_change_is_kept_and_not_listed(page, change):
    before = ChangeEntry.objects.public().count()
    assert change(PUBLISH | {"change_kind": "minor", "change_note": ""}).status_code == 302
    assert entries(page)[0].kind == "minor"
    assert ChangeEntry.objects.public().count() == before


def test_a_draft_keeps_what_was_said_so_far(page, change, administrator):
    change(SAVE, change_kind="", change_note="Half a sent")
    assert len(entries(page)) == 1
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert resent(administrator, url)["change_note"] == "Half a sent"
    change(SAVE, change_kind="content", change_note="A whole sentence.")
    # Publishing what is waiting carries on with it.
    change({"action-publish": "action-publish"})
    assert entries(page)[0].note == "A whole sentence."
    assert resent(administrator, url)["change_note"] == ""


def test_a_note_stays_with_its_publication(page, change):
    change(PUBLISH | {"change_note": "First."})
    page.refresh_from_db()
    page.summary = "Changed by a program."
    page.save_revision().publish()
    assert [entry.note for entry in entries(page)] == ["", "First.", ""]


def test_many_at_once_only_with_their_notes(page, change, administrator):
    url = f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', 'publish'])}?id={page.pk}"
    change(SAVE, summary="Other words.")
    response = administrator.post(url, follow=True)
    assert "say what changed" in response.content.decode()
    assert StandardPage.objects.get(pk=page.pk).summary == "About standardpage."
    change(SAVE, summary="Other words.", change_kind="content", change_note="Clearer.")
    administrator.post(url)
    assert StandardPage.objects.get(pk=page.pk).summary == "Other words."
    assert entries(page)[0].note == "Clearer."


def test_what_a_reviewer_approves_has_the_authors_note(sample_site, signed_in, page):
    author, reviewer = signed_in("Content editor"), signed_in("Publisher", "Analyst", name="rita")
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = resent(author, url) | body_of(sample_site.form(StandardPage)) | {"summary": "Reviewed."} | SUBMIT
    assert author.post(url, form).status_code == 302
    for _ in range(2):
        state = Page.objects.get(pk=page.pk).specific.current_workflow_task_state
        approve = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
        reviewer.post(approve, {})
    assert StandardPage.objects.get(pk=page.pk).summary == "Reviewed."
    assert entries(page)[0].note == SUBMIT["change_note"]


def test_a_figure_says_what_it_was(sample_site, administrator):
    sample_site.statistic.save_revision().publish()
    url = reverse("wagtailsnippets_evidence_statistic:edit", args=[sample_site.statistic.pk])
    form = resent(administrator, url) | {"value": "11400", "period_text": ""}
    response = administrator.post(url, form | {"action-publish": "action-publish"})
    assert "change_kind" in response.context["form"].errors
    administrator.post(url, form | PUBLISH)
    entry = entries(Statistic.objects.get(pk=sample_site.statistic.pk))[0]
    assert (entry.kind, entry.ref, entry.subject_kind) == ("figure", "F99", "Figure")
    assert entry.details == [
        "Figure: “11,300 people employed” became “11,400 people employed”.",
        "Period: “2017” became nothing.",
    ]


def test_taking_down_and_deleting_are_told(page, administrator):
    administrator.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]), {"taken_down-reason": "It was wrong."})
    assert [entry.kind for entry in entries(page)] == ["withdrawn", "new"]
    administrator.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert [entry.kind for entry in entries(page)] == ["withdrawn", "new"]


def test_deleting_what_is_published_is_told_below_it_too(sample_site, administrator):
    above = sample_site.make(StandardPage, slug="above")
    below = StandardPage(title="Below", slug="below", summary="Below.")
    above.add_child(instance=below)
    below.save_revision().publish()
    keys = (above.pk, below.pk)
    administrator.post(reverse("wagtailadmin_pages:delete", args=[above.pk]), {"taken_down-reason": "It was wrong."})
    gone = ChangeEntry.objects.filter(kind="withdrawn", object_id__in=keys)
    assert sorted((entry.object_id, entry.note) for entry in gone) == [(key, "It was wrong.") for key in sorted(keys)]


def test_a_publication_that_fails_is_not_told(sample_site, page, monkeypatch):
    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr("nelis.core.change_log.create_entry", fail)
    page.summary = "Half done."
    revision = page.save_revision()
    with pytest.raises(RuntimeError):
        revision.publish()
    assert StandardPage.objects.get(pk=page.pk).summary == "About standardpage."


def test_what_goes_live_later_is_told_then(sample_site, administrator):
    page = sample_site.make(FoundationPage, slug="later", code="later")
    said = len(entries(page))
    page.go_live_at = "2199-01-01T00:00:00Z"
    page.save_revision().publish()
    assert len(entries(page)) == said


def test_a_note_goes_with_its_draft(page, change):
    change(SAVE, change_kind="content", change_note="Waiting.")
    assert ChangeNote.objects.filter(note="Waiting.").count() == 1
    page.refresh_from_db()
    page.delete()
    assert not ChangeNote.objects.exists()
