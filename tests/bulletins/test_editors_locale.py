"""What an editor's account says of language and time zone doesn't reach what others read."""

import json
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page
from wagtail.users.models import UserProfile

from nelis.core.models import ChangeEntry
from tests.bulletins.admin_forms import dashboard, press

CHANGES = [{"type": "changes", "value": {"title": "What changed", "since": "2026-11-01", "most": 5}}]


@pytest.fixture
def abroad(signed_in):
    """An officer whose account was set to French and to New Zealand."""
    client = signed_in("officer", "Engagement officer")
    profile = UserProfile.get_for_user(client.person)
    UserProfile.objects.filter(pk=profile.pk).update(preferred_language="fr", current_time_zone="Pacific/Auckland")
    return client


def test_an_approved_bulletin_is_dated_in_english_and_in_london(abroad, write):
    page = Page.objects.first()
    ChangeEntry.objects.create(
        at=datetime(2026, 11, 30, 23, 30, tzinfo=UTC),
        kind="content",
        content_type=ContentType.objects.get_for_model(page),
        object_id=page.pk,
        subject_kind="Page",
        title="Kites",
    )
    bulletin = write(body=CHANGES)
    press(abroad, bulletin, "submit")
    shown = BeautifulSoup(abroad.get(dashboard(bulletin)).content, "html.parser").find("input", {"name": "shown"})
    press(abroad, bulletin, "approve", shown=shown["value"])
    bulletin.refresh_from_db()
    assert bulletin.state == "approved"
    frozen = json.dumps(bulletin.snapshot, ensure_ascii=False)
    assert "30 November 2026" in frozen
    assert "décembre" not in frozen
