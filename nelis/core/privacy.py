"""Everything published is public: what Wagtail calls privacy is refused, wherever somebody could set it.

A page or document that is closed to some would still be told of in lists, the book, feeds and mails, which are the
same for everybody. What isn't for the public isn't published. Decision 68.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.db.models.signals import pre_save
from django.http import Http404, HttpRequest
from wagtail.models import CollectionViewRestriction, PageViewRestriction

#: The models of Wagtail that close something, and the relation to what they close.
RESTRICTIONS = {PageViewRestriction: "page", CollectionViewRestriction: "collection"}


def connect() -> None:
    """Refuse restrictions from now on. Called once, when the site starts."""
    for model in RESTRICTIONS:
        pre_save.connect(refuse_restriction, sender=model, dispatch_uid="refuse_restriction")


def refuse_restriction(sender: type, **kwargs: Any) -> NoReturn:
    """Refuse to save a restriction, whichever way it came: a form, a copy of a page, a program."""
    raise PermissionDenied("Everything published is public: nothing can be closed to some.")


def not_offered(request: HttpRequest, **kwargs: Any) -> NoReturn:
    """Answer the addresses of the admin at which Wagtail would set privacy: they aren't there."""
    raise Http404("Everything published is public.")


@register(Tags.database)
def check_nothing_is_restricted(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Find restrictions from before they were refused. ``migrate`` runs this, so no such database is put in use."""
    return [error for alias in databases or () for error in restriction_errors(alias)]


def restriction_errors(alias: str) -> Iterator[Error]:
    """Return an error for each restriction in the database ``alias``; none before its tables are made."""
    tables = set(connections[alias].introspection.table_names())
    for model, relation in RESTRICTIONS.items():
        if model._meta.db_table not in tables:
            continue
        for restriction in model._default_manager.using(alias).select_related(relation):
            closed = getattr(restriction, relation)
            yield Error(
                f"The {relation} “{closed}” (number {closed.pk}) is closed to some readers. This site can’t do that.",
                hint="Unpublish the page or remove the documents, then delete the row in manage.py shell.",
                id="core.E012",
            )
