"""Pages that belong together: a page of the first level and what stands below it."""

from wagtail.models import Page

__all__ = ["SECTION_DEPTH", "section_pages"]

#: Home is the second level of the tree; sections start one below it.
SECTION_DEPTH = 3


def section_pages(page: Page) -> list[Page]:
    """The section that ``page`` is in, its opening page first, for links between them.

    Empty when the section has one page only. One query.
    """
    if page.depth < SECTION_DEPTH:
        return []
    stem = page.path[: SECTION_DEPTH * page.steplen]
    pages = list(Page.objects.live().filter(path__startswith=stem, depth__lte=SECTION_DEPTH + 1).order_by("path"))
    return pages if len(pages) > 1 else []
