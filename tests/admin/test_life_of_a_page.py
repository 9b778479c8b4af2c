"""A page of every type goes through all that the admin offers: no error, a sane tree, every step told of.

The types come from the models: a new one is tried as soon as it is there.
"""

from datetime import timedelta
from unittest import mock

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Site

from nelis.core.change_log import EXPIRED_NOTE
from nelis.core.models import BasePage, ChangeEntry
from nelis.core.scheduled_publishing import publish_and_unpublish_due
from nelis.home.models import HomePage
from sectors.models import PropositionPage, SectorPage, SubSectorPage
from tests.admin.sample_site import NOTE, PUBLISH, body_of, resent
from tests.admin.test_pages import add_url, parent_of

PAGE_TYPES = [model for model in apps.get_models() if issubclass(model, BasePage)]
#: The one that every run tries; the others take longer together.
QUICK = {PropositionPage}
WHY = "It was about last year."
NEW, CHANGED, DOWN = ChangeEntry.Kind.NEW, ChangeEntry.Kind.CONTENT, ChangeEntry.Kind.WITHDRAWN


class Life:
    """One page, those who work on it, and the reader."""

    def __init__(self, sample_site, signed_in, page_type):
        self.sample_site, self.page_type = sample_site, page_type
        self.editor, self.administrator, self.reader = signed_in("Content editor"), signed_in("Administrator"), Client()
        self.parent = parent_of(sample_site, page_type)
        self.body = body_of(sample_site.form(page_type))
        self.page = None

    def url(self, name, *args):
        return reverse(f"wagtailadmin_pages:{name}", args=[self.page.pk, *args])

    def send(self, client, address, data=None):
        """Post ``data``; whatever came of it, no error, and the tree is sane."""
        response = client.get(address) if data is None else client.post(address, data)
        assert response.status_code < 500
        assert Page.find_problems() == ([], [], [], [], [])
        pages = {page.path: page for page in Page.objects.specific()}
        for page in pages.values():
            if page.depth > 2:
                # Each type's own address: news has the month in it.
                assert page.url_path == page.set_url_path(pages[page.path[: -Page.steplen]])
        if self.page is not None:
            self.page = self.page_type.objects.filter(pk=self.page.pk).first() or self.page
        return response

    def save(self, client, **changes):
        form = resent(client, self.url("edit")) | self.body
        return self.send(client, self.url("edit"), form | changes)

    @property
    def told(self):
        """What the list of changes says of the page, the latest first."""
        return [entry.kind for entry in ChangeEntry.objects.of(self.page)]

    def read(self):
        return self.reader.get(self.page.get_url() or self.address)

    def wait(self, hours):
        later = timezone.now() + timedelta(hours=hours)
        with mock.patch.object(timezone, "now", lambda: later):
            outcome = publish_and_unpublish_due()
        self.page.refresh_from_db()
        return outcome


@pytest.fixture
def life(request, sample_site, signed_in):
    return Life(sample_site, signed_in, request.param)


def types(wanted, quick=QUICK):
    return [
        pytest.param(page_type, id=page_type.__name__, marks=() if page_type in quick else pytest.mark.slow)
        for page_type in wanted
    ]


@pytest.mark.pg
@pytest.mark.parametrize(
    "life", types(page_type for page_type in PAGE_TYPES if page_type is not HomePage), indirect=True
)
def test_from_the_first_draft_to_the_end(life):
    write_and_preview(life)
    copy_and_throw_away(life)
    publish(life)
    schedule(life)
    restrict(life)
    move(life)
    unpublish(life)
    delete(life)


def in_hours(hours):
    return f"{timezone.localtime() + timedelta(hours=hours):%Y-%m-%d %H:%M}"


def write_and_preview(life):
    response = life.send(life.editor, add_url(life.parent, life.page_type), life.sample_site.form(life.page_type))
    assert response.status_code == 302, response.context["form"].errors
    life.page = life.page_type.objects.get(slug=f"new-{life.page_type.__name__.lower()}")
    assert life.save(life.editor, summary="In other words.").status_code == 302
    form = resent(life.editor, life.url("edit")) | life.body
    assert life.send(life.editor, life.url("preview_on_edit"), form).json()["is_valid"]
    for mode, _label in life.page.preview_modes:
        assert life.editor.get(life.url("preview_on_edit"), {"mode": mode}).status_code == 200
    assert life.send(life.editor, life.url("view_draft")).status_code == 200
    assert life.read().status_code == 404
    assert life.told == []


def copy_and_throw_away(life):
    sent = {"new_title": "Again", "new_slug": "again", "new_parent_page": life.parent.pk}
    life.send(life.editor, life.url("copy"), sent)
    copies = life.page_type.objects.filter(slug="again")
    assert copies.count() == (life.page_type.max_count is None)
    for copied in copies.all():
        assert not copied.live
        assert life.send(life.editor, reverse("wagtailadmin_pages:delete", args=[copied.pk]), {}).status_code == 302
    assert not copies.exists()
    assert life.told == []


def publish(life):
    assert life.save(life.administrator, **PUBLISH).status_code == 302
    assert life.read().status_code == 200
    assert life.told == [NEW]


def schedule(life):
    assert life.save(life.administrator, summary="From then on.", **PUBLISH, go_live_at=in_hours(1)).status_code == 302
    assert life.page.summary == "In other words."
    assert life.wait(2) == "1 published, 0 unpublished."
    assert life.page.summary == "From then on."
    assert life.read().status_code == 200
    assert life.told == [CHANGED, NEW]


def restrict(life):
    address = life.url("set_privacy")
    assert life.send(life.administrator, address, {"restriction_type": "login"}).status_code == 404
    assert life.read().status_code == 200


def move(life):
    """To a place where it may not stand, and to another where it may, if there is one."""
    for destination in (forbidden_parent(life), another_parent(life)):
        if destination is None:
            continue
        may_stand = life.page_type in type(destination).allowed_subpage_models()
        life.send(life.administrator, life.url("move"))
        before = life.page.get_url()
        life.send(life.administrator, life.url("move_confirm", destination.pk), {})
        assert (life.page.get_parent().pk == destination.pk) == may_stand
        assert life.read().status_code == 200
        if may_stand:
            moved = life.reader.get(before)
            assert (moved.status_code, moved.url) == (301, life.page.get_url())
    life.send(life.administrator, life.url("set_page_position") + "?position=0", {})
    assert life.told == [CHANGED, NEW]


def forbidden_parent(life):
    pages = (
        page for kind, page in life.sample_site.pages.items() if life.page_type not in kind.allowed_subpage_models()
    )
    return next(page for page in pages if page.pk != life.page.pk and type(page).objects.filter(pk=page.pk).exists())


def another_parent(life):
    if life.page_type is not SubSectorPage:
        return None
    return life.sample_site.make(SectorPage, slug="another", code="another")


def unpublish(life):
    reason = {"taken_down-reason": WHY, "taken_down-target": ""}
    # Not without a word to readers.
    assert life.send(life.administrator, life.url("unpublish"), {}).status_code == 200
    assert life.page.live
    assert life.send(life.administrator, life.url("unpublish"), reason).status_code == 302
    gone = life.read()
    assert gone.status_code == 410
    assert WHY in gone.content.decode()
    assert life.told == [DOWN, CHANGED, NEW]
    assert life.save(life.administrator, **PUBLISH, go_live_at="", expire_at=in_hours(1)).status_code == 302
    assert life.read().status_code == 200
    assert life.wait(2) == "0 published, 1 unpublished."
    gone = life.read()
    assert gone.status_code == 410
    assert EXPIRED_NOTE in gone.content.decode()
    assert life.told == [DOWN, NEW, DOWN, CHANGED, NEW]


def delete(life):
    life.address = life.page.get_url()
    told = life.told
    life.send(life.administrator, life.url("delete"), {"taken_down-reason": WHY, "taken_down-target": ""})
    # Versions are kept for good.
    is_kept = life.page_type is PropositionPage
    assert life.page_type.objects.filter(pk=life.page.pk).exists() is is_kept
    assert life.reader.get(life.address).status_code == 410
    assert [entry.kind for entry in ChangeEntry.objects.of(life.page)] == told


@pytest.mark.slow
def test_the_home_page(sample_site, signed_in):
    """It is there once, and always: it is saved, previewed, published and scheduled."""
    home = sample_site.pages[HomePage]
    with mock.patch("tests.admin.test_life_of_a_page.parent_of", lambda *of: Page.objects.get(depth=1)):
        life = Life(sample_site, signed_in, HomePage)
    life.page = home
    for name in ("edit", "copy", "move", "unpublish", "delete", "history", "view_draft", "set_privacy"):
        assert life.administrator.get(life.url(name)).status_code < 500
    assert life.save(life.administrator, summary="From then on.", **PUBLISH, go_live_at=in_hours(1)).status_code == 302
    assert life.wait(2) == "1 published, 0 unpublished."
    assert life.reader.get("/").status_code == 200
    assert life.told[0] == CHANGED
    assert ChangeEntry.objects.of(home).first().note == NOTE["change_note"]
    assert Site.objects.get(is_default_site=True).root_page_id == home.pk
