"""Somebody on the mailing list of a served site: the links they were mailed, and the pages behind these."""

import functools
import json
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools import test_site
from tools.test_site import Site

#: Run on the site's own data: makes somebody in each state, and prints the paths of their links.
MAKE_SUBSCRIBERS = """
import json
from datetime import timedelta
from django.utils import timezone
from engagement.mailing_list import subscription_service, tokens
from engagement.mailing_list.links import PREFERENCES_LINK, UNSUBSCRIBE, path_with_token, permanent_token
from engagement.mailing_list.models import Token, Topic

said = subscription_service.Evidence("web", page="/mailing-list/")
chosen = subscription_service.Preferences(list(Topic.objects.filter(slug__in=["chemicals", "p8"])), "weekly")

def somebody(name):
    return subscription_service.create_pending(f"{name}@example.org", chosen, said)

def mailed(row, purpose):
    return path_with_token(purpose, tokens.create_token(row, Token.Purpose(purpose)))

def confirmed(name):
    row = somebody(name)
    assert mailed(row, "confirm")
    assert subscription_service.confirm(row.tokens.get(), said)
    row.refresh_from_db()
    return row

pending, active, paused, gone = somebody("pending"), confirmed("active"), confirmed("paused"), confirmed("gone")
subscription_service.pause(paused, timezone.localdate() + timedelta(days=30), said)
subscription_service.unsubscribe(gone, said)
used = somebody("used")
used_link = mailed(used, "confirm")
subscription_service.confirm(used.tokens.get(), said)
manage = mailed(active, "preferences")
more = {}
for name in ("anna", "bela", "cleo", "dora"):
    row = confirmed(name)
    more[f"{name}-manage"] = mailed(row, "preferences")
    more[f"{name}-leave"] = path_with_token("unsubscribe", permanent_token(UNSUBSCRIBE, row.address_hash))
print(json.dumps(more | {
    "confirm": mailed(pending, "confirm"),
    "used": used_link,
    "manage": manage,
    "paused": mailed(paused, "preferences"),
    "ended": mailed(gone, "preferences"),
    "held": manage.replace("/manage/", "/manage/held/"),
    "erase": manage.replace("/manage/", "/manage/erase/"),
    "leave": path_with_token("unsubscribe", permanent_token(UNSUBSCRIBE, active.address_hash)),
    "left": path_with_token("unsubscribed", permanent_token(UNSUBSCRIBE, gone.address_hash)),
    "late": path_with_token("undo_unsubscribe", permanent_token(UNSUBSCRIBE, active.address_hash)),
    "choices": path_with_token("preferences_link", permanent_token(PREFERENCES_LINK, active.address_hash)),
}))
"""


@dataclass(frozen=True)
class SubscriberPage:
    """A page behind a link: which link, the status there, and what is sent to it, if anything."""

    link: str
    status: int = 200
    sends: Mapping[str, str] | None = None


KINDS = {
    "mailing-list-confirm": SubscriberPage("confirm"),
    "mailing-list-used-link": SubscriberPage("used", status=410),
    "mailing-list-manage": SubscriberPage("manage"),
    "mailing-list-manage-wrong": SubscriberPage("manage", sends={"do": "save"}),
    "mailing-list-pause-wrong": SubscriberPage(
        "manage", sends={"do": "pause", "how_long": "date", "day": "2001-01-01"}
    ),
    "mailing-list-paused": SubscriberPage("paused"),
    "mailing-list-ended": SubscriberPage("ended"),
    "mailing-list-held": SubscriberPage("held"),
    "mailing-list-erase": SubscriberPage("erase"),
    "mailing-list-leave": SubscriberPage("leave"),
    "mailing-list-left": SubscriberPage("left"),
    "mailing-list-too-late": SubscriberPage("late", sends={"instead": "all"}),
    "mailing-list-choices": SubscriberPage("choices"),
}


def run_command(site: Site, *arguments: str) -> str:
    """Run a command on the site's data, as its operator would; gives what it prints."""
    here = {"DJANGO_SETTINGS_MODULE": "nelis.settings.local", "BASE_URL": site.url, "LOG_LEVEL": "WARNING"}
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=test_site.ROOT,
        env=test_site.environment(site.folder) | here,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def run_script(site: Site, script: str) -> str:
    """Run a script on the site's data; gives the last line it prints."""
    return (run_command(site, "shell", "--no-imports", "--command", script).splitlines() or [""])[-1]


@functools.cache
def paths(site: Site) -> dict[str, str]:
    """The paths of the links, by name. The people are made when they are first asked for."""
    return json.loads(run_script(site, MAKE_SUBSCRIBERS))


def post_form(site: Site, path: str, data: Mapping[str, str]) -> tuple[int, str]:
    """Status and text of what a form answers. Follows no redirect."""
    request = urllib.request.Request(site.url + path, urllib.parse.urlencode(data).encode())  # noqa: S310 - our own server
    try:
        with _opener().open(request, timeout=60) as answered:
            return answered.status, answered.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


@functools.cache
def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_Stay)


def send_emails(site: Site) -> None:
    """Send what waits in the ledgers, to files."""
    run_command(site, "mail_worker", "--drain", "--verbosity", "0")


def sent_emails(site: Site) -> list[Path]:
    """The mails sent so far, the newest last."""
    return sorted((site.folder / "mail").glob("*.eml"))
