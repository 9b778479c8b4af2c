"""What editors schedule is published and unpublished in its time, once, with all that follows by hand."""

from contextlib import suppress
from datetime import timedelta
from unittest import mock

import pytest
from django.apps import apps
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, PageLogEntry, Revision

from engagement.mail.scheduler import PERIODIC_TASKS
from nelis.core import change_log, scheduled_publishing
from nelis.core.models import ChangeEntry, ContentVersion
from nelis.core.scheduled_publishing import publish_and_unpublish_due
from nelis.home.models import StandardPage
from sectors.models import PropositionPage
from tests.admin.sample_site import NOTE, PUBLISH, SUBMIT
from tests.admin.test_workflow import Desk, approval, change_of, is_changed

pytestmark = pytest.mark.pg


def in_hours(hours):
    """A moment as the form of an editor has it."""
    return f"{timezone.localtime() + timedelta(hours=hours):%Y-%m-%d %H:%M}"


def hours_later(hours):
    """A time to come, for the block."""
    later = timezone.now() + timedelta(hours=hours)
    return mock.patch.object(timezone, "now", lambda: later)


def run(hours=2):
    """Do what is due so many hours from now."""
    with hours_later(hours):
        return publish_and_unpublish_due()


def entries(thing):
    return list(ChangeEntry.objects.of(thing))


@pytest.fixture(params=["page", "figure"])
def desk(request, sample_site):
    """A page, or a figure: the same for both."""
    if request.param == "page":
        return Desk(sample_site.make(StandardPage), sample_site)
    sample_site.statistic.save_revision().publish()
    return Desk(sample_site.statistic, sample_site)


def test_published_in_its_time_and_once(desk, signed_in):
    before = len(entries(desk.thing))
    administrator = signed_in("Administrator")
    desk.save(administrator, **change_of(desk), **PUBLISH, go_live_at=in_hours(1))
    assert not is_changed(desk)
    assert run(hours=0.5) == "0 published, 0 unpublished."
    version = ContentVersion.current()
    assert run() == "1 published, 0 unpublished."
    assert is_changed(desk)
    assert ContentVersion.current() > version
    assert run() == "0 published, 0 unpublished."
    assert len(entries(desk.thing)) == before + 1
    assert entries(desk.thing)[0].note == NOTE["change_note"]
    assert entries(desk.thing)[0].revision_id == desk.thing.live_revision_id


def test_unpublished_in_its_time_and_once(desk, signed_in, client):
    administrator = signed_in("Administrator")
    desk.save(administrator, **PUBLISH, expire_at=in_hours(1))
    assert run(hours=0.5) == "0 published, 0 unpublished."
    assert run() == "0 published, 1 unpublished."
    desk.thing.refresh_from_db()
    assert not desk.thing.live
    assert desk.thing.expired
    assert entries(desk.thing)[0].kind == ChangeEntry.Kind.WITHDRAWN
    assert entries(desk.thing)[0].note == change_log.EXPIRED_NOTE
    gone = client.get(entries(desk.thing)[0].path)
    assert gone.status_code == 410
    assert change_log.EXPIRED_NOTE in gone.content.decode()
    assert run() == "0 published, 0 unpublished."
    # Anybody may go on with it, and publish it again for good.
    with hours_later(2):
        response = desk.save(administrator, **PUBLISH)
        assert response.status_code == 302, response.context["form"].errors
    assert desk.thing.live
    assert run(hours=3) == "0 published, 0 unpublished."
    desk.thing.refresh_from_db()
    assert desk.thing.live


def test_what_was_approved_waits_for_its_time(desk, signed_in):
    desk.save(
        signed_in("Content editor", "Analyst", name="author"), **change_of(desk), **SUBMIT, go_live_at=in_hours(1)
    )
    desk.save(signed_in("Analyst"), **approval())
    desk.save(signed_in("Publisher"), **approval())
    assert desk.step == ""
    assert not is_changed(desk)
    assert run() == "1 published, 0 unpublished."
    assert is_changed(desk)


def test_what_nobody_approved_stays(desk, signed_in):
    desk.save(
        signed_in("Content editor", "Analyst", name="author"), **change_of(desk), **SUBMIT, go_live_at=in_hours(1)
    )
    desk.save(signed_in("Analyst"), **approval())
    assert run() == "0 published, 0 unpublished."
    assert not is_changed(desk)


def test_a_time_that_has_passed_is_now(desk, signed_in):
    desk.save(signed_in("Administrator"), **change_of(desk), **PUBLISH, go_live_at=in_hours(-1))
    assert is_changed(desk)
    assert run() == "0 published, 0 unpublished."


def test_a_proposition_gets_its_version(sample_site, signed_in):
    desk = Desk(sample_site.make(PropositionPage), sample_site)
    changed = {"summary": "Other words.", "stage": "agreed", "body-count": "0"}
    desk.__class__ = PageDesk
    desk.save(signed_in("Administrator"), **changed, **PUBLISH, go_live_at=in_hours(1))
    assert desk.thing.versions.count() == 1
    run()
    assert [version.stage for version in desk.thing.versions.order_by("number")] == ["idea", "agreed"]
    assert entries(desk.thing)[0].kind == ChangeEntry.Kind.STAGE


class PageDesk(Desk):
    """Any page under review."""

    url_name = "wagtailadmin_pages"


class TestFaults:
    """One that can't be published keeps nothing else waiting."""

    @pytest.fixture
    def faulty(self, sample_site, signed_in):
        """A page that was scheduled, and whose slug another has by then."""
        desk = Desk(sample_site.make(StandardPage, slug="first"), sample_site)
        desk.save(signed_in("Administrator"), slug="taken", **PUBLISH, go_live_at=in_hours(0.5))
        sample_site.make(StandardPage, slug="taken")
        return desk

    def test_what_has_a_fault_is_scheduled_no_more(self, faulty):
        assert run() == "0 published, 0 unpublished."
        faulty.thing.refresh_from_db()
        assert faulty.thing.slug == "first"
        assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
        assert PageLogEntry.objects.filter(page=faulty.thing.pk, action="wagtail.schedule.cancel").exists()

    def test_an_error_stops_no_other(self, desk, faulty, signed_in):
        desk.save(signed_in(name="root", superuser=True), **change_of(desk), **PUBLISH, go_live_at=in_hours(1))
        checks = mock.Mock(side_effect=[RuntimeError("Broken."), ""])
        with mock.patch.object(scheduled_publishing, "validation_message", checks):
            assert run() == "1 published, 0 unpublished."
        assert is_changed(desk)
        # Tried again with the next run.
        assert Revision.objects.filter(approved_go_live_at__isnull=False).count() == 1

    @pytest.mark.parametrize("written", ["record_publication", "record_unpublication"])
    def test_killed_in_the_middle(self, desk, signed_in, written):
        times = {"go_live_at": in_hours(1)} if written == "record_publication" else {"expire_at": in_hours(1)}
        desk.save(signed_in("Administrator"), **change_of(desk), **PUBLISH, **times)
        before = Page.objects.filter(live=True).count(), len(entries(desk.thing)), is_changed(desk)
        killed = mock.patch.object(change_log, "create_entry", side_effect=KeyboardInterrupt)
        with killed, suppress(KeyboardInterrupt):
            run()
        assert (Page.objects.filter(live=True).count(), len(entries(desk.thing)), is_changed(desk)) == before
        assert "1 " in run()
        assert len(entries(desk.thing)) == before[1] + 1


def test_every_model_with_drafts_is_looked_at(sample_site):
    past = timezone.now() - timedelta(hours=1)
    models = [
        model for model in apps.get_models() if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]
    models += [Page]
    expected = set()
    for model in models:
        model.objects.filter(live=True).update(expire_at=past)
        expected |= {(model, pk) for pk in model.objects.filter(live=True).values_list("pk", flat=True)}
    assert set(scheduled_publishing.due_for_unpublication()) == expected


def test_it_runs_several_times_a_minute():
    task = PERIODIC_TASKS["content.schedule"]
    assert task.every <= timedelta(seconds=30)
    # The worker that runs it may die: another doesn't wait for an hour.
    assert task.timeout <= timedelta(minutes=1)
