"""Drafts are saved as they are typed, and nobody's browser saves over what somebody else saved meanwhile."""

import json

import pytest
from django.urls import reverse

from nelis.home.models import StandardPage
from tests.admin.sample_site import SUBMIT, resent

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(params=["page", "figure"])
def thing(request, sample_site):
    thing = sample_site.make(StandardPage) if request.param == "page" else sample_site.statistic
    thing.save_revision()
    return thing


def edit_url(thing):
    name = "wagtailadmin_pages" if isinstance(thing, StandardPage) else "wagtailsnippets_evidence_statistic"
    return reverse(f"{name}:edit", args=[thing.pk])


def typed(thing, words):
    return {"summary" if isinstance(thing, StandardPage) else "label": words, "body-count": "0"}


def said(thing):
    latest = type(thing).objects.get(pk=thing.pk).get_latest_revision_as_object()
    return latest.summary if isinstance(thing, StandardPage) else latest.label


def save_by_itself(client, thing, form):
    response = client.post(edit_url(thing), form, headers={"accept": "application/json"})
    return response.status_code, json.loads(response.content)


def test_a_browser_saves_into_its_own_revision(thing, signed_in):
    client = signed_in("Administrator")
    form = resent(client, edit_url(thing))
    status, answer = save_by_itself(client, thing, form | typed(thing, "of ki"))
    assert status == 200, answer
    assert said(thing) == "of ki"
    form["overwrite_revision_id"] = str(answer["revision_id"])
    before = thing.revisions.count()
    assert save_by_itself(client, thing, form | typed(thing, "of kites"))[0] == 200
    assert thing.revisions.count() == before
    # And by hand, without a conflict with itself.
    assert client.post(edit_url(thing), form | typed(thing, "of all kites")).status_code == 302
    assert said(thing) == "of all kites"


def test_nothing_is_saved_over_somebody_elses_words(thing, signed_in):
    mine, theirs = signed_in("Administrator"), signed_in("Administrator", name="other")
    form, other = resent(mine, edit_url(thing)), resent(theirs, edit_url(thing))
    _, answer = save_by_itself(theirs, thing, other | typed(thing, "theirs"))
    status, refusal = save_by_itself(mine, thing, form | typed(thing, "mine"))
    assert status == 400
    assert refusal["error_code"] == "invalid_revision"
    # By hand, both texts are shown.
    shown = mine.post(edit_url(thing), form | typed(thing, "mine"))
    assert shown.status_code == 200
    assert "theirs" in shown.text
    assert "mine" in shown.text
    # Their browser goes on writing into the revision that mine has loaded by now.
    form = resent(mine, edit_url(thing))
    other["overwrite_revision_id"] = str(answer["revision_id"])
    assert save_by_itself(theirs, thing, other | typed(thing, "theirs, once more"))[0] == 200
    assert mine.post(edit_url(thing), form | typed(thing, "mine")).status_code == 200
    assert said(thing) == "theirs, once more"


def test_a_draft_is_saved_as_it_is_typed_but_not_in_a_review(thing, signed_in):
    author = signed_in("Content editor", "Analyst", name="author")
    assert author.get(edit_url(thing)).context["autosave_enabled"]
    author.post(edit_url(thing), resent(author, edit_url(thing)) | typed(thing, "of kites") | SUBMIT)
    analyst = signed_in("Analyst", name="other")
    assert not analyst.get(edit_url(thing)).context["autosave_enabled"]
