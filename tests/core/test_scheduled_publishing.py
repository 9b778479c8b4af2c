"""Two workers that look at once for what is scheduled publish it once."""

import threading
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection
from django.utils import timezone
from wagtail.models import Page

from nelis.core.models import ChangeEntry
from nelis.core.scheduled_publishing import publish_and_unpublish_due
from nelis.home.models import StandardPage


@pytest.mark.pg
def test_two_schedulers_at_once(another_database):
    with another_database(content=False):
        home = Page.objects.get(depth=2)
        page = home.add_child(instance=StandardPage(title="Soon", slug="soon", summary="Soon.", live=False))
        page.go_live_at = timezone.now() + timedelta(hours=1)
        page.save_revision().publish()
        assert not StandardPage.objects.get(pk=page.pk).live
        later, begin, outcomes = timezone.now() + timedelta(hours=2), threading.Barrier(2), []

        def scheduler():
            begin.wait(30)
            outcomes.append(publish_and_unpublish_due())
            connection.close()

        with mock.patch.object(timezone, "now", lambda: later):
            threads = [threading.Thread(target=scheduler) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        assert sorted(outcomes) == ["0 published, 0 unpublished.", "1 published, 0 unpublished."]
        assert ChangeEntry.objects.of(page).count() == 1
