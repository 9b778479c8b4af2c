"""Template tags of the mailing list: the link from a page to the form, and labels and values of what is held."""

from typing import Any
from uuid import UUID

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.dateparse import parse_date, parse_datetime

from engagement.mailing_list.models import Frequency, Subscription, Topic
from nelis.core.navigation import site_menus_for

register = template.Library()

LABELS = {
    "address": "Email address",
    "created_at": "Asked to join",
    "confirmed_at": "Confirmed",
    "paused_until": "Paused until",
    "ended_at": "Ended",
    "end_reason": "Why it ended",
    "method": "How it came to us",
    "frequency": "How often",
}
#: The labels of codes in a row.
CODE_LABELS = dict([*Subscription.State.choices, *Subscription.Method.choices, *Frequency.choices])
#: The topics that have a page, as (path of the page, topic), cached for one version of the content.
_topics_cache: dict[UUID, list[tuple[str, Topic]]] = {}


@register.inclusion_tag("mailing_list/signup_link.html", takes_context=True)
def signup_link(context: template.Context, page: Any) -> dict[str, Any]:
    """A link to the form with the topic of ``page`` on top, or of the nearest page above it that has one.

    Topics are fetched once, until any content changes.
    """
    request = context.get("request")
    stamp = site_menus_for(request).stamp if request else None
    path = getattr(page, "path", "")
    above = [(at, topic) for at, topic in _topics(stamp) if path.startswith(at)] if path else []
    at, topic = max(above, default=("", None), key=lambda found: len(found[0]))
    return {"topic": topic, "own": at == path}


def _topics(stamp: UUID | None) -> list[tuple[str, Topic]]:
    if stamp is None or stamp not in _topics_cache:
        offered = Topic.objects.filter(is_open=True, page__isnull=False).exclude(group=Topic.Group.WHOLE)
        found = [(topic.page.path, topic) for topic in offered.select_related("page") if topic.page]
        if stamp is None:
            return found
        _topics_cache.clear()
        _topics_cache[stamp] = found
    return _topics_cache.get(stamp, [])


@register.filter
def field_label(name: str) -> str:
    """The label of a field."""
    return LABELS.get(name, name.replace("_", " ").capitalize())


@register.filter
def field_value(value: Any) -> str:
    """A value as text: dates and codes in words, lists with commas, and a dash for nothing."""
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    text = str(value or "")
    if len(text) > 10 and (moment := _moment(text)):
        return format_date(timezone.localtime(moment), "j F Y, H:i")
    if len(text) == 10 and (day := _day(text)):
        return format_date(day, "j F Y")
    return str(CODE_LABELS.get(text, text)) or "–"


def _moment(text: str) -> Any:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def _day(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None
