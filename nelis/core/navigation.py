"""The menus and settings on every page, and the links between the pages of a section."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Subquery
from django.http import HttpRequest
from wagtail.models import Page, Site

from nelis.core.models import ContentVersion, MenuItem, SiteSettings

#: Home is the second level of the page tree; sections start one below it.
SECTION_DEPTH = 3


@dataclass(frozen=True, slots=True)
class MenuLink:
    """One link of a menu; ``current`` when the reader is on it or inside its section."""

    label: str
    url: str
    current: bool


@dataclass(slots=True)
class MenuGroup:
    """A headed group of links in the footer."""

    title: str
    items: list[MenuLink] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SiteMenus:
    """The menus and settings of the site. ``settings`` is None before any were saved.

    ``stamp`` is that of the ``ContentVersion``; None without a menu, with which it is fetched.
    """

    main: list[MenuLink]
    footer: list[MenuGroup]
    settings: SiteSettings | None
    stamp: UUID | None = None


def site_menus_for(request: HttpRequest) -> SiteMenus:
    """Return the menus and settings of the request's site: one query, cached on the request."""
    menus: SiteMenus | None = getattr(request, "_site_menus", None)
    if menus is None:
        menus = _load_menus(request)
        request._site_menus = menus  # type: ignore[attr-defined]
    return menus


def _load_menus(request: HttpRequest) -> SiteMenus:
    site = Site.find_for_request(request)
    if site is None:
        return SiteMenus([], [], None)
    items = list(
        MenuItem.objects.filter(settings__site=site)
        .select_related("settings__notice_page", "page", "also_within")
        # Only search reads them, and they are long.
        .defer("settings__search_synonyms")
        .annotate(stamp=Subquery(ContentVersion.objects.filter(pk=1).values("stamp")))
        .order_by("sort_order", "pk")
    )
    settings = items[0].settings if items else SiteSettings.objects.filter(site=site).defer("search_synonyms").first()
    main: list[MenuLink] = []
    groups: dict[str, MenuGroup] = {}
    for item in items:
        if item.page_id and not item.page.live:
            continue
        link = _menu_link(item, request)
        if item.menu == MenuItem.MAIN:
            main.append(link)
        else:
            groups.setdefault(item.menu, MenuGroup(item.menu)).items.append(link)
    return SiteMenus(main, list(groups.values()), settings, items[0].stamp if items else None)


def _menu_link(item: MenuItem, request: HttpRequest) -> MenuLink:
    url = item.page.get_url(request) if item.page_id else item.path
    sections = [url]
    if item.also_within_id:
        sections.append(item.also_within.get_url(request))
    return MenuLink(item.label, url or "/", any(_is_inside(request.path, section) for section in sections))


def _is_inside(path: str, section: Any) -> bool:
    # Every path begins with that of the home page.
    return bool(section) and (path == section or (section != "/" and path.startswith(section)))


def section_pages(page: Page) -> list[Page]:
    """Return the section that ``page`` is in: its first-level page and the live pages below that. One query.

    Empty when the section has one page only.
    """
    if page.depth < SECTION_DEPTH:
        return []
    section_path = page.path[: SECTION_DEPTH * page.steplen]
    pages = list(
        Page.objects.live().filter(path__startswith=section_path, depth__lte=SECTION_DEPTH + 1).order_by("path")
    )
    return pages if len(pages) > 1 else []
