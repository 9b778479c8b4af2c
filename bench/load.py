"""A room full of phones that answer a round in the same half minute, on both databases: `make bench`.

Two web processes, and everybody behind one address on bad Wi-Fi: 5 in 100 requests are cut off and sent again, 1 in 10
people has a second tab. First the room of 350, with an account of every answer. Then larger ones, until the slowest
twentieth of the requests takes a second. Then everybody at once and without a pause, by turns with a bare twin of the
same addresses that keeps nothing: the ratio says what the site itself costs, whatever the machine. Last, in how short a
time ten such rooms get done while pages stay quick. The phones run on the same processors as the site and its database,
so the numbers are lower than what a server of its own would do.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import test_databases
from tools.load_test import web_server
from tools.load_test.phones import PhoneResult, Room, Wifi, percentile
from tools.postgres import database_url

ROOM = 350
AIM = 3500
LONGEST = 1.0
#: So many seconds after the first phone came in, the last of 350 has its receipt.
LAST_RECEIPT = 30.0
VENDORS = ("sqlite", "postgres")
#: From the first phone to the last receipt: people begin over 15 seconds, and stay up to 3 on each of four pages.
HALF_A_MINUTE = Wifi(cut=0.05, second_tab=0.10, begin_within=15, think=3)
#: How many times as long as the site needs at least for so many people they are given, until pages stay quick.
SLACK = (1.15, 1.5, 2, 3)
AT_ONCE = Wifi(cut=0, second_tab=0, begin_within=0, think=0)
GROWTH = 2
#: How often the number is looked for in between.
HALVINGS = 2
ROUNDS = 3
PHONES_AT_ONCE = 60
#: What one person asks for, from the code to the receipt.
REQUESTS = 10


def main() -> int:
    """Each database in a process of its own. Status 1 when anything was lost, or the room of 350 was too slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", choices=VENDORS, help="measure on one database only")
    parser.add_argument("--most", type=int, default=AIM, help="the largest room to try")
    chosen = parser.parse_args()
    if chosen.on:
        return measure_on(chosen.on, chosen.most)
    once = [sys.executable, "-m", "bench.load", f"--most={chosen.most}"]
    return max(subprocess.run([*once, f"--on={vendor}"]).returncode for vendor in VENDORS)


def measure_on(vendor: str, most: int) -> int:
    """Everything on one database."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print(
        f"\nA room on {vendor}, {web_server.THREADS} threads in each of two web processes, {os.cpu_count()} processors"
    )
    with tempfile.TemporaryDirectory(prefix="nelis-bench-") as folder, database(vendor, Path(folder)) as address:
        code = open_round()
        with web_server.serve(address, Path(folder) / "site") as site:
            faults = measure_full_room(site.url, code)
            limit = find_limit(site.url, code, most, 0 if faults else ROOM)
            with web_server.serve(address, Path(folder) / "bare", application="bench.bare_load:application") as bare:
                people = compare(site.url, bare.url, code)
            time = find_time(site.url, code, most, people)
    print(f"  a page takes a second for 1 in 20 requests at {limit} in half a minute")
    print(f"  {most} phones: {time}")
    return 1 if faults else 0


@contextmanager
def database(vendor: str, folder: Path) -> Iterator[str]:
    """Django on a fresh database of that kind, which goes afterwards. Gives its address."""
    server, name = "", str(folder / "bench.sqlite3")
    if vendor == "postgres":
        server, name = database_url(), f"nelis_bench_{os.getpid()}"
        test_databases.copy_postgres(server, name)
    else:
        test_databases.copy_sqlite(Path(name))
    address = web_server.database_url(server, name)
    os.environ |= {"DJANGO_SETTINGS_MODULE": "nelis.settings.test", "DATABASE_URL": address}
    try:
        import django

        django.setup()
        yield address
    finally:
        from django.db import connection

        connection.close()
        if server:
            test_databases.drop_postgres(server, name)


def open_round() -> str:
    """The demonstration, with three propositions to rate and nobody's answers. Gives the code of its first session."""
    from wagtail.models import Page, Site

    from engagement.feedback.demonstration import open_demonstration
    from nelis.home.models import HomePage
    from sectors.models import PropositionIndexPage, PropositionPage, SectorIndexPage, SectorPage

    home = HomePage(title="Home", slug="start", summary="Home", hero_statement="Home")
    Page.get_first_root_node().add_child(instance=home)
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    sectors = home.add_child(instance=SectorIndexPage(title="Sectors", slug="sectors", summary="All"))
    sector = sectors.add_child(
        instance=SectorPage(title="A sector", slug="one", summary="One", code="one", accent="brass")
    )
    index = home.add_child(instance=PropositionIndexPage(title="Propositions", slug="propositions", summary="All"))
    for number in range(1, 4):
        words = {"title": f"Proposition {number}", "summary": "What is proposed, in a sentence.", "ref": f"P{number}"}
        page = PropositionPage(slug=f"p{number}", source_title="One", what_we_propose="<p>This.</p>", **words)
        page.lead_theme = sector
        index.add_child(instance=page).save_revision().publish()
    return str(open_demonstration(0).sessions.order_by("sort_order")[0].code)


def measure_full_room(url: str, code: str) -> list[str]:
    """350 people, and what the database has of them. Gives what is wrong: lost, twice, or too slow."""
    from tools.load_test.reconcile import reconcile

    results = Room(url, code, ROOM, HALF_A_MINUTE).run()
    found = reconcile(results)
    print(f"  {ROOM} phones: {found.receipts} receipts, {found.responses} responses, {found.sent} of them sent")
    cuts = sum(result.cuts for result in results)
    print(f"  {found.acknowledged} pages acknowledged, {cuts} requests cut off and sent again")
    print(f"  {'nothing lost, nothing twice' if not found.faults else found.faults[:5]}")
    print_results(results)
    slow = too_slow(results)
    print(f"  {'; '.join(slow) or 'quick enough'}")
    return found.faults + slow


def too_slow(results: list[PhoneResult]) -> list[str]:
    """What the room is not to be, in words: pages that make people wait, and receipts that come late or never."""
    found = []
    if (most := percentile([wait for result in results for wait in result.waits], 0.95)) > LONGEST:
        found.append(f"1 in 20 requests took {most:.1f} s or more, and {LONGEST:.0f} s is allowed")
    if (last := max(result.finished for result in results)) > LAST_RECEIPT:
        found.append(f"the last receipt came after {last:.1f} s, and {LAST_RECEIPT:.0f} s are allowed")
    if missing := sum(not result.reference for result in results):
        found.append(f"{missing} phones got no receipt")
    return found


def print_results(results: list[PhoneResult]) -> float:
    """A line for a burst. Gives what the slowest twentieth of the requests took at least."""
    waits = [wait for result in results for wait in result.waits]
    receipts = sum(bool(result.reference) for result in results)
    half, most = percentile(waits, 0.5), percentile(waits, 0.95)
    last = max(result.finished for result in results)
    print(
        f"  {len(results):6} phones  {receipts:6} receipts  {len(waits) / last:5.0f} requests/s"
        f"   median {half * 1000:6.0f} ms   p95 {most * 1000:6.0f} ms   last receipt after {last:4.1f} s",
        flush=True,
    )
    return most


def find_limit(url: str, code: str, most: int, good: int) -> str:
    """Larger and larger rooms until p95 is over a second; then in between. Gives where that is, in words.

    ``good`` is a number that was found quick enough; 0, if none was.
    """
    bad, count = 0, ROOM
    while not bad and count < most:
        count = min(int(count * GROWTH), most)
        good, bad = (count, 0) if is_quick(url, code, count) else (good, count)
    if not bad:
        return f"more than {good} phones"
    if not good:
        return f"fewer than {ROOM} phones"
    for _ in range(HALVINGS):
        between = (good + bad) // 2
        good, bad = (between, bad) if is_quick(url, code, between) else (good, between)
    return f"between {good} and {bad} phones"


def is_quick(url: str, code: str, count: int, wifi: Wifi = HALF_A_MINUTE) -> bool:
    """Whether p95 stays under a second, and everybody gets a receipt."""
    results = Room(url, code, count, wifi).run()
    return print_results(results) <= LONGEST and all(result.reference for result in results)


def compare(site: str, bare: str, code: str) -> float:
    """Site and bare twin by turns, as fast as they can. Gives how many people the site gets done in a second."""
    rates = [(flat_out(site, code), flat_out(bare, code)) for _ in range(ROUNDS)]
    ours, twin = (statistics.median(column) for column in zip(*rates, strict=True))
    ratio = statistics.median(rate / bare_rate for rate, bare_rate in rates)
    print(f"  flat out: {ours:.0f} requests/s, a bare twin {twin:.0f}, site to bare {ratio:.2f}")
    return ours / REQUESTS


def flat_out(url: str, code: str) -> float:
    """Requests answered in a second when nobody stops to think."""
    results = Room(url, code, PHONES_AT_ONCE, AT_ONCE).run()
    if broken := [result.error for result in results if result.error]:
        raise SystemExit(f"A phone got no receipt: {broken[0]}")
    return sum(len(result.waits) for result in results) / max(result.finished for result in results)


def find_time(url: str, code: str, count: int, people: float) -> str:
    """In how short a time so many get done while p95 stays under a second, in words.

    ``people`` is how many the site gets done in a second when it has nothing else to do.
    """
    for slack in SLACK:
        seconds = count / people * slack
        wifi = Wifi(cut=0.05, second_tab=0.10, begin_within=max(0.0, seconds - 4 * 2.5), think=5)
        if is_quick(url, code, count, wifi):
            return f"p95 stays under a second when they come within {seconds:.0f} seconds"
    return f"p95 is over a second even when they come within {seconds:.0f} seconds"


if __name__ == "__main__":
    sys.exit(main())
