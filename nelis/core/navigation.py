"""Menus and the notice: what an editor sets once and every page shows."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Subquery
from django.http import HttpRequest
from wagtail.models import Site

from nelis.core.models import ContentVersion
from nelis.core.models.settings import MenuItem, SiteSettings

__all__ = ["MenuGroup", "MenuLink", "SiteMenus", "site_menus_for"]


@dataclass(frozen=True, slots=True)
class MenuLink:
    """One link of a menu; ``current`` when the reader is on it or inside its section."""

    label: str
    url: str
    current: bool


@dataclass(slots=True)
class MenuGroup:
    """A headed group of links at the foot of the page."""

    title: str
    items: list[MenuLink] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SiteMenus:
    """The menus and settings of the site. ``settings`` is None before any were saved.

    ``stamp`` is that of the content (``ContentVersion``), None when there is no menu to ask for it with.
    """

    main: list[MenuLink]
    footer: list[MenuGroup]
    settings: SiteSettings | None
    stamp: UUID | None = None


def site_menus_for(request: HttpRequest) -> SiteMenus:
    """Menus and settings for the request's site: one query, remembered on the request."""
    known: SiteMenus | None = getattr(request, "_furniture", None)
    if known is None:
        known = _build(request)
        request._furniture = known  # type: ignore[attr-defined]
    return known


def _build(request: HttpRequest) -> SiteMenus:
    site = Site.find_for_request(request)
    if site is None:
        return SiteMenus([], [], None)
    items = list(
        MenuItem.objects.filter(settings__site=site)
        .select_related("settings__notice_page", "page", "also_within")
        .annotate(stamp=Subquery(ContentVersion.objects.filter(pk=1).values("stamp")))
        .order_by("sort_order", "pk")
    )
    settings = items[0].settings if items else SiteSettings.objects.filter(site=site).first()
    main: list[MenuLink] = []
    groups: dict[str, MenuGroup] = {}
    for item in items:
        if item.page_id and not item.page.live:
            continue
        link = _link(item, request)
        if item.menu == MenuItem.MAIN:
            main.append(link)
        else:
            groups.setdefault(item.menu, MenuGroup(item.menu)).items.append(link)
    return SiteMenus(main, list(groups.values()), settings, items[0].stamp if items else None)


def _link(item: MenuItem, request: HttpRequest) -> MenuLink:
    url = item.page.get_url(request) if item.page_id else item.path
    sections = [url]
    if item.also_within_id:
        sections.append(item.also_within.get_url(request))
    current = any(_inside(request.path, section) for section in sections)
    return MenuLink(item.label, url or "/", current)


def _inside(path: str, section: Any) -> bool:
    # The home page would otherwise hold every page.
    return bool(section) and (path == section or (section != "/" and path.startswith(section)))
