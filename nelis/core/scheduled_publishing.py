"""Publish and unpublish what editors scheduled, when its time has come.

Each object has a transaction of its own, with all that follows from its publication: whoever is killed in the middle
leaves it as it was, two at once publish it once, and one that can't be published keeps none of the others waiting.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin, Page, Revision

from nelis.core.workflow import validation_message

__all__ = ["publish_and_unpublish_due"]

logger = logging.getLogger(__name__)


def publish_and_unpublish_due() -> str:
    """Publish and unpublish what is due, the earliest first. Return how many of each, in a sentence."""
    unpublished = count_done(unpublish_due, list(due_for_unpublication()))
    published = count_done(publish_due, list(due_for_publication()))
    return f"{published} published, {unpublished} unpublished."


def count_done(perform: Callable[..., bool], due: list[tuple[Any, ...]]) -> int:
    """Call ``perform`` with each of ``due`` in a transaction; return how many it did. A fault of one stops no other."""
    count = 0
    for arguments in due:
        try:
            with transaction.atomic():
                count += perform(*arguments)
        except (OperationalError, InterfaceError):
            # The database is away: the next run does the rest.
            raise
        except Exception:
            logger.exception("What was scheduled couldn’t be done: %s", arguments)
    return count


# --- Publishing ------------------------------------------------------------------------------------


def due_for_publication() -> Iterator[tuple[int]]:
    """Yield the keys of the approved revisions whose time has come."""
    due = Revision.objects.filter(approved_go_live_at__lte=timezone.now()).order_by("approved_go_live_at", "pk")
    yield from due.values_list("pk")


def publish_due(pk: int) -> bool:
    """Publish the revision ``pk``, unless somebody else was quicker. One with faults is scheduled no more.

    It was without any when it was approved; meanwhile, say, something else took its reference.
    """
    due = Revision.objects.select_for_update().filter(pk=pk, approved_go_live_at__lte=timezone.now())
    revision = due.first()
    if revision is None:
        return False
    if message := validation_message(revision.as_object()):
        revision.approved_go_live_at = None
        revision.save(update_fields=["approved_go_live_at"])
        log(instance=revision.content_object, action="wagtail.schedule.cancel", revision=revision)
        logger.error("Revision %s can’t be published as scheduled: %s", pk, message)
        return False
    revision.publish(log_action="wagtail.publish.scheduled", skip_permission_checks=True)
    return True


# --- Unpublishing ----------------------------------------------------------------------------------


def due_for_unpublication() -> Iterator[tuple[type[Model], Any]]:
    """Yield the model and key of everything live whose time has passed."""
    for model in apps.get_models():
        # All pages are rows of one table.
        if issubclass(model, DraftStateMixin) and (model is Page or not issubclass(model, Page)):
            due = model._default_manager.filter(live=True, expire_at__lte=timezone.now())
            yield from ((model, pk) for pk in due.order_by("expire_at").values_list("pk", flat=True))


def unpublish_due(model: type[Model], pk: Any) -> bool:
    """Unpublish the object ``pk`` of ``model``, unless somebody else was quicker."""
    due = model._default_manager.select_for_update().filter(pk=pk, live=True, expire_at__lte=timezone.now())
    found: Any = due.first()
    if found is None:
        return False
    obj = found.specific if isinstance(found, Page) else found
    # Done with: in the form of the next draft, a time that has passed would be a fault.
    obj.expire_at = None
    obj.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    latest = obj.latest_revision
    if latest and is_past(latest.content.get("expire_at")):
        latest.content["expire_at"] = None
        latest.save(update_fields=["content"])
    return True


def is_past(moment: str | None) -> bool:
    """Return whether ``moment``, as a revision stores it, has passed."""
    parsed = parse_datetime(moment) if moment else None
    return parsed is not None and parsed <= timezone.now()
