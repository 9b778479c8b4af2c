"""In the admin, what has public versions can't be deleted, alone or among many."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from sectors.models import PropositionVersion

__all__: list[str] = []


@hooks.register("before_delete_page")
def refuse_deletion(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Deleting a page deletes what is below it too."""
    return redirect_if_versioned(request, [page])


@hooks.register("before_bulk_action")
def refuse_bulk_deletion(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """The same for a choice of pages."""
    pages = [thing for thing in objects if isinstance(thing, Page)]
    return redirect_if_versioned(request, pages) if action_type == "delete" and pages else None


def redirect_if_versioned(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    """Back to the first of ``pages`` with the reason why they must stay; None when they needn't."""
    pages = list(pages)
    for page in pages:
        below = PropositionVersion.objects.filter(proposition__path__startswith=page.path)
        refs = list(below.order_by("proposition__path").values_list("proposition__ref", flat=True).distinct())
        if refs:
            what = f"{', '.join(refs)} {'has' if len(refs) == 1 else 'have'} public versions"
            why = f"“{page.title}” can’t be deleted: {what}, which are kept for good."
            messages.error(request, f"{why} Unpublish it to take it off the site.")
            return redirect("wagtailadmin_explore", pages[0].get_parent().pk)
    return None
