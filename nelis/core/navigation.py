"""The menus and settings on every page, and the links between the pages of a section."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Subquery
from django.http import HttpRequest
from wagtail.models import Page, Site

from nelis.core.models import ContentVersion, MenuItem, SiteSettings

#: Home is the second level of the page tree; sections start one below it.
SECTION_DEPTH = 3


@dataclass(frozen=True, slots=True)
class MenuLink:
    """One link of a menu, with the question it answers; ``current`` when the reader is there.

    A link of the main menu is current all over its section and its group.
    """

    label: str
    url: str
    current: bool
    question: str = ""


@dataclass(slots=True)
class MenuGroup:
    """A headed group of links under “All pages”; ``link`` is that of the main menu it belongs to, if any."""

    title: str
    link: MenuLink | None = None
    items: list[MenuLink] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SiteMenus:
    """The menus and settings of the site. ``settings`` is None before any were saved.

    ``groups`` are all pages: a group for each link of the main menu, then the others. ``stamp`` is that of the
    ``ContentVersion``; None without a menu, with which it is fetched.
    """

    main: list[MenuLink] = field(default_factory=list)
    groups: list[MenuGroup] = field(default_factory=list)
    foot: list[MenuLink] = field(default_factory=list)
    settings: SiteSettings | None = None
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
        return SiteMenus()
    items = list(
        MenuItem.objects.filter(settings__site=site)
        .select_related("settings__notice_page", "page")
        # Only search reads them, and they are long.
        .defer("settings__search_synonyms")
        .annotate(stamp=Subquery(ContentVersion.objects.filter(pk=1).values("stamp")))
        .order_by("sort_order", "pk")
    )
    settings = items[0].settings if items else SiteSettings.objects.filter(site=site).defer("search_synonyms").first()
    placed = [
        (item, (item.page.get_url(request) if item.page_id else item.path) or "/")
        for item in items
        if not item.page_id or item.page.live
    ]
    here = _current_group(request.path, placed)
    menus = SiteMenus(settings=settings, stamp=items[0].stamp if items else None)
    groups: dict[str, MenuGroup] = {}
    for item, url in placed:
        if item.menu == MenuItem.MAIN:
            link = MenuLink(item.label, url, item.label == here, item.question)
            menus.main.append(link)
            groups.setdefault(item.label, MenuGroup(item.label)).link = link
        elif item.menu == MenuItem.FOOT:
            menus.foot.append(MenuLink(item.label, url, url == request.path))
        else:
            link = MenuLink(item.label, url, url == request.path)
            groups.setdefault(item.menu, MenuGroup(item.menu)).items.append(link)
    # Those of the main menu first, in its order.
    menus.groups.extend(sorted(groups.values(), key=lambda group: group.link is None))
    return menus


def _current_group(path: str, placed: Iterable[tuple[MenuItem, str]]) -> str:
    """Return the name of the group whose link leads nearest to ``path``; empty when none leads to its section."""
    nearest, name = 0, ""
    for item, url in placed:
        section = url.partition("#")[0]
        if item.menu != MenuItem.FOOT and len(section) > nearest and _is_inside(path, section):
            nearest, name = len(section), item.label if item.menu == MenuItem.MAIN else item.menu
    return name


def _is_inside(path: str, section: str) -> bool:
    # Every path begins with that of the home page.
    return path == section or (section != "/" and path.startswith(section))


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
