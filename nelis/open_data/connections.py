"""What hangs on pages: figures, sources, links and roles of many pages at once, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from wagtail.models import Page

from nelis.core.query_utils import joined_row, long_text_fields
from nelis.core.richtext import plain_text
from nelis.evidence.models import PageSource
from nelis.evidence.page_sources import flatten, page_statistics
from nelis.home.book.text import PLAIN_BLOCKS
from nelis.open_data.references import (
    LINKED_TABLES,
    figure_line,
    link_record,
    page_reference,
    permanent_reference,
    role_record,
    source_references,
)
from nelis.open_data.schemas import Link, Reference, Role
from sectors.links import links_between
from sectors.models import OrganisationRole

__all__ = ["body_text", "page_fields", "page_references", "strategy_fields"]


def page_fields(pages: Iterable[Any]) -> dict[int, dict[str, Any]]:
    """Return the fields of ``PageRecord`` for each of ``pages``, by primary key. Two queries."""
    pages = list(pages)
    figures = page_statistics(pages)
    sources: dict[int, list[Any]] = defaultdict(list)
    links = PageSource.objects.filter(page__in=figures, source__live=True).select_related("source")
    for link in links.order_by("sort_order", "pk"):
        sources[link.page_id].append(link.source)
    return {
        page.pk: {
            "ref": permanent_reference(page),
            "slug": page.slug,
            "title": page.title,
            "summary": page.summary,
            "url": page.full_url or "",
            "as_of": page.as_of,
            "first_published_at": page.first_published_at,
            "updated_at": page.last_published_at,
            "text": body_text(page.body),
            "figures": [figure_line(statistic) for statistic in flatten(figures[page.pk])],
            "sources": source_references(sources[page.pk]),
        }
        for page in pages
    }


def strategy_fields(pages: Iterable[Any]) -> dict[int, dict[str, Any]]:
    """Return the fields of ``StrategyRecord`` for each of ``pages``, by primary key. Five queries."""
    pages = list(pages)
    fields = page_fields(pages)
    links, roles = _links(fields), _roles(fields)
    for key, of_page in fields.items():
        of_page |= {"links": links[key], "organisations": roles[key]}
    return fields


def _links(keys: Iterable[int]) -> dict[int, list[Link]]:
    """The links of the pages with these keys from both ends, in the order of the tree."""
    named: dict[int, Reference] = {}
    found: dict[int, list[tuple[str, Link]]] = defaultdict(list)
    for key, _, page, link in links_between(set(keys), *LINKED_TABLES):
        to = named.get(page.pk) or named.setdefault(page.pk, page_reference(page))
        found[key].append((page.path, link_record(link, to, recorded_here=link.page_id == key)))
    return defaultdict(list, {key: [link for _, link in sorted(pairs, key=_path)] for key, pairs in found.items()})


def _path(pair: tuple[str, Link]) -> str:
    return pair[0]


def _roles(keys: Iterable[int]) -> dict[int, list[Role]]:
    found: dict[int, list[Role]] = defaultdict(list)
    roles = OrganisationRole.objects.filter(page__in=set(keys), organisation__live=True)
    for role in roles.select_related("organisation").order_by("sort_order", "pk"):
        found[role.page_id].append(role_record(role))
    return found


def page_references(keys: Iterable[int | None], tables: Iterable[str]) -> dict[int | None, Reference]:
    """Name the published pages with these keys that are of one of ``tables``. One query."""
    tables = tuple(tables)
    deferred = [name for table in tables for name in long_text_fields(Page._meta.get_field(table).related_model, table)]
    pages = Page.objects.live().filter(pk__in={key for key in keys if key}).select_related(*tables).defer(*deferred)
    return {page.pk: page_reference(own) for page in pages if (own := joined_row(page, tables)[1])}


def body_text(body: Any) -> str:
    """Return the paragraphs of a body, without figures, pictures and links. No query."""
    return "\n\n".join(
        text
        for number, stored in enumerate(body.raw_data if body else ())
        if stored["type"] in PLAIN_BLOCKS
        and (text := plain_text(*body[number].block.get_searchable_content(body[number].value)))
    )
