"""How the pages that show everything at once grow with the number of propositions: `make bench`.

The propositions of the loaded content are repeated, with all their ties, findings and figures, to ten and to a
hundred times as many. The repeated ones are called generated and live in a database that is thrown away. Each page
is made anew in this process, without the page cache; a time is the median of its rounds.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from bench.content import site_with_content

PAGES = {
    "explorer": "/explore/?rows=partner&columns=place",
    "list": "/propositions/",
    "gaps": "/evidence/gaps/",
    "book": "/book/",
}
#: How many times the content is there.
SIZES = (1, 10, 100)
#: Rounds at each size: few where a page takes seconds.
ROUNDS = {1: 7, 10: 5, 100: 1}
#: Parts of a proposition that are repeated with it.
PARTS = (
    *("strategy_links", "organisation_roles", "evidence_links", "statistic_links", "source_links"),
    *("components", "asks", "outcomes", "other_names"),
)


def main() -> int:
    """Prepare, grow, measure, print; leave nothing behind. Status 1 when a page asks more for more content."""
    with site_with_content(PAGE_CACHE_SECONDS="0"):
        measured = {times: dict(measure(times)) for times in SIZES}
    show(measured)
    return 0 if all(len({queries for queries, _ in column}) == 1 for column in by_page(measured).values()) else 1


def measure(times: int) -> Iterator[tuple[str, tuple[int, float]]]:
    """Bring the propositions up to ``times`` as many; give queries and seconds for each page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    grow(times)
    client = Client(SERVER_NAME="localhost")
    client.get("/")
    for name, path in PAGES.items():
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}.")
        yield name, (len(asked), statistics.median(timed(client, path) for _ in range(ROUNDS[times])))


def timed(client: Any, path: str) -> float:
    """Seconds for one page."""
    begun = time.perf_counter()
    client.get(path)
    return time.perf_counter() - begun


def grow(times: int) -> None:
    """Repeat the propositions of the content until there are ``times`` as many."""
    from django.db import transaction
    from wagtail.signal_handlers import disable_reference_index_auto_update

    from nelis.core.search.index_sync import sync_suspended
    from sectors.models import PropositionIndexPage, PropositionPage

    originals = list(PropositionPage.objects.exclude(ref__startswith="G").order_by("path"))
    there = PropositionPage.objects.count()
    print(f"Growing to {len(originals) * times} propositions …", flush=True)
    with transaction.atomic(), sync_suspended(), disable_reference_index_auto_update():
        for number in range(there, len(originals) * times):
            index = PropositionIndexPage.objects.get()
            repeat(originals[number % len(originals)], number, index)


def repeat(original: Any, number: int, index: Any) -> None:
    """One more proposition like ``original``, with rows of its own that say the same."""
    fields = (
        "summary",
        "source_title",
        "what_we_propose",
        "why",
        "why_is_ours",
        "stage",
        "stage_date",
        "lead_theme_id",
    )
    page = type(original)(
        title=f"{original.title} (generated {number})",
        slug=f"{original.slug}-{number}",
        ref=f"G{number}",
        **{name: getattr(original, name) for name in fields},
    )
    index.add_child(instance=page)
    for part in PARTS:
        rows = list(getattr(type(original).objects.get(pk=original.pk), part).all())
        for row in rows:
            row.pk, row.page_id = None, page.pk
            row._state.adding = True
        if rows:
            type(rows[0]).objects.bulk_create(rows)


def by_page(measured: dict[int, dict[str, tuple[int, float]]]) -> dict[str, list[tuple[int, float]]]:
    """The measurements of each page, size by size."""
    return {name: [measured[times][name] for times in SIZES] for name in PAGES}


def show(measured: dict[int, dict[str, tuple[int, float]]]) -> None:
    """Print queries and seconds at each size, and how much slower ten times the content is."""
    print(f"\n{'page':<10}" + "".join(f"{f'×{times}':>18}" for times in SIZES) + f"{'×10 / ×1':>12}{'×100 / ×10':>12}")
    for name, column in by_page(measured).items():
        cells = "".join(f"{f'{queries} q {seconds * 1000:.0f} ms':>18}" for queries, seconds in column)
        steps = [later / earlier for (_, earlier), (_, later) in pairwise(column)]
        print(f"{name:<10}{cells}{steps[0]:>12.1f}{steps[1]:>12.1f}")
    slowest = max(
        later / earlier for column in by_page(measured).values() for (_, earlier), (_, later) in pairwise(column)
    )
    verdict = "met" if slowest <= 10 else "not met"
    print(f"aim: at most ten times the time for ten times the content: {verdict} ({slowest:.1f})")


if __name__ == "__main__":
    sys.exit(main())
