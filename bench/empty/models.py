"""One page type, to measure against."""

from wagtail.models import Page


class EmptyPage(Page):
    """A page with a title and nothing else, found and served as every page is."""

    template = "bench/empty.html"
