"""The wording that people agree to, in all its versions, and the privacy notice they could read."""

from functools import cache
from hashlib import sha256

from django.db.models import Max
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from wagtail.models import Page

from engagement.mailing_list.models import ConsentWording

#: Shown beside the button of the sign-up form. Its text, without tags, is what is stored.
TEMPLATE = "mailing_list/consent.html"
NAME = "sign-up"


@cache
def _words() -> str:
    return " ".join(strip_tags(render_to_string(TEMPLATE)).split())


@cache
def fingerprint() -> str:
    """The SHA-256 of the wording that is shown now."""
    return sha256(_words().encode()).hexdigest()


def current_wording() -> ConsentWording:
    """Get the version of the wording that is shown now, or create it. One query once it is there."""
    current = ConsentWording.objects.filter(name=NAME, sha256=fingerprint()).first()
    if current:
        return current
    last = ConsentWording.objects.filter(name=NAME).aggregate(last=Max("version"))["last"] or 0
    made, _ = ConsentWording.objects.get_or_create(
        name=NAME, sha256=fingerprint(), defaults={"version": last + 1, "text": _words()}
    )
    return made


def privacy_notice() -> str:
    """Which text of the privacy notice is public now, such as "2019-07-01 (revision 12)"; empty without one."""
    found = Page.objects.filter(slug="privacy", depth=3, live=True).values_list("last_published_at", "live_revision_id")
    for published, revision in found[:1]:
        day = f"{published:%Y-%m-%d}" if published else "undated"
        return f"{day} (revision {revision})" if revision else day
    return ""
