"""The addresses below a target: its page as it stood on an earlier day."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from nelis.core.page_views import register_routes
from nelis.core.site_address import absolute_url
from nelis.progress.context import edition_url
from nelis.progress.models import TargetIndexPage, TargetPage
from nelis.progress.record import load_record


def as_at(page: TargetPage, request: HttpRequest, day: str) -> HttpResponse:
    """The page as it stood on ``day``, with nothing that became known later; 404 for a day on which nothing did."""
    record = load_record(page)
    edition = next((edition for edition in record.editions if edition.slug == day), None)
    if edition is None:
        raise Http404(f"Nothing on {page.ref} became known on {day}.")
    page.shown_record = record.as_at(edition.until)
    above = [*page.breadcrumbs(), page]
    overrides = {
        "as_at": edition,
        "crumbs": [
            {"title": "Home" if number == 0 else item.title, "url": item.url} for number, item in enumerate(above)
        ],
        "canonical": absolute_url(edition_url(page, edition)),
        "title": f"{page.title}, as it stood in {edition.label}",
    }
    return page.render(request, context_overrides=overrides)


def as_at_list(page: TargetPage, request: HttpRequest) -> HttpResponse:
    """Redirect to the page, for readers who cut an address short: it lists the days."""
    return redirect(f"{page.get_url(request)}#known")


def by_reference(page: TargetIndexPage, request: HttpRequest, ref: str, rest: str = "") -> HttpResponse:
    """Redirect from a target’s reference, such as T1, to its page, or to what lies below it."""
    target = TargetPage.objects.live().child_of(page).filter(ref__iexact=ref).first()
    if target is None:
        raise Http404(f"No target is called {ref}.")
    return redirect(f"{target.get_url(request)}{rest}")


register_routes(
    TargetPage,
    [path("as-at/", as_at_list, name="target_as_at_list"), path("as-at/<slug:day>/", as_at, name="target_as_at")],
)
register_routes(
    TargetIndexPage,
    [
        path("<slug:ref>/", by_reference, name="target_by_reference"),
        path("<slug:ref>/<path:rest>", by_reference, name="target_below_reference"),
    ],
)
