"""Every check and test in one command: `make test`. ``--all`` is `make test-all`, ``--static`` is `make lint`.

Installs what the checks need, runs the static ones side by side and the parts of the tests one after another (each
uses all processors), and ends with the seconds and the result of each part and the ten slowest tests.
"""

import argparse
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tools import chromium, node, postgres

ROOT = Path(__file__).resolve().parents[1]
#: Where each part of the tests leaves its report, as JUnit's XML.
REPORTS = ROOT / "var" / "test-reports"
BROWSER_TESTS = "tests/browser"
#: These share one database with all the content, which is copied for each process: one process is quickest.
CONTENT_TESTS = "tests/content"
#: One site behind one nginx, which needs the content as well.
DEPLOY_TESTS = "tests/deploy"
OTHER_TESTS = ("tests", *(f"--ignore={folder}" for folder in (BROWSER_TESTS, CONTENT_TESTS, DEPLOY_TESTS)))
ALL_PROCESSORS = ("-n", "auto")
#: Tests of a group run on one worker, one after another.
IN_GROUPS = (*ALL_PROCESSORS, "--dist", "loadgroup")
SLOWEST = 10


@dataclass(frozen=True)
class Check:
    """A command that succeeds when all is well."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    #: Whether what it prints is for people to read when it succeeds, too.
    is_report: bool = False


@dataclass(frozen=True)
class Result:
    """How a check went."""

    check: Check
    passed: bool
    seconds: float
    output: str

    def line(self) -> str:
        """One line of the summary."""
        return f"{'pass' if self.passed else 'FAIL'}  {self.seconds:6.1f} s  {self.check.name}"


def static_checks() -> list[Check]:
    """The checks that run no page. The longest first, so that the short ones run beside it."""
    python = sys.executable
    return [
        Check("mypy: types", (python, "-m", "mypy")),
        Check("migrations match the models", (python, "manage.py", "makemigrations", "--check"), settings("test")),
        Check(
            "Django's checks, on production settings",
            (python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
            production_environment(),
        ),
        Check("djlint: templates", (python, "-m", "djlint", "templates", "--lint", "--quiet")),
        Check("djhtml: indentation of templates", (python, "-m", "djhtml", "--tabwidth", "2", "--check", "templates")),
        Check("conventions: readable templates, no scraps, no dead code", (python, "-m", "tools.conventions")),
        Check("import-linter: layers", (str(Path(python).parent / "lint-imports"), "--no-cache")),
        Check("stylelint: style sheets", (node.command("stylelint"), "static/css/*.css"), node.environment()),
        Check("ruff: mistakes", (python, "-m", "ruff", "check", ".")),
        Check("ruff: form", (python, "-m", "ruff", "format", "--check", ".")),
        Check("reading age of each page's own text", (python, "-m", "tools.reading_age"), is_report=True),
    ]


def settings(name: str) -> dict[str, str]:
    """The environment that picks a settings module."""
    return {"DJANGO_SETTINGS_MODULE": f"nelis.settings.{name}"}


def production_environment() -> dict[str, str]:
    """What production settings ask for, made up for the check."""
    return settings("production") | {
        **{name: secrets.token_urlsafe(64) for name in ("SECRET_KEY", "ADDRESS_KEY", "LINK_KEYS")},
        "ALLOWED_HOSTS": "www.example.org",
        "BASE_URL": "https://www.example.org",
        "PROXY_ADDRESS_HEADER": "X-Client-Address",
        "ORGANISATION_NAME": "Exampleshire Council",
        "ORGANISATION_CONTACT": "1 Kite Lane, Exampleton",
        "REPLY_TO_ADDRESS": "kites@example.org",
    }


def tests(part: str, *options: str, marked: str = "", database_url: str = "") -> Check:
    """A part of the tests: those that ``options`` choose and that have the marks."""
    command = (sys.executable, "-m", "pytest", "-q", f"--junitxml={report_of(part)}", "-m", marked, *options)
    return Check(part, command, {"DATABASE_URL": database_url})


def report_of(part: str) -> Path:
    """Where a part of the tests leaves its report."""
    return REPORTS / f"{part.replace(' ', '-')}.xml"


def quick_parts() -> Iterator[tuple[Check, ...]]:
    """What `make test` runs: groups of parts that run side by side.

    A generator, so that PostgreSQL is only started when its turn comes.
    """
    yield (
        tests("SQLite", *ALL_PROCESSORS, *OTHER_TESTS, marked="not slow"),
        tests("content", CONTENT_TESTS, DEPLOY_TESTS, marked="not slow"),
    )
    url = postgres.database_url()
    yield (tests("PostgreSQL", *ALL_PROCESSORS, *OTHER_TESTS, marked="pg and not slow", database_url=url),)
    yield (tests("browser", *IN_GROUPS, BROWSER_TESTS, marked="not slow"),)


def all_parts() -> Iterator[tuple[Check, ...]]:
    """What `make test-all` runs: everything, on both databases."""
    yield tests("SQLite", *ALL_PROCESSORS, *OTHER_TESTS), tests("content", CONTENT_TESTS, DEPLOY_TESTS)
    url = postgres.database_url()
    yield (
        tests("PostgreSQL", *ALL_PROCESSORS, *OTHER_TESTS, database_url=url),
        tests("content on PostgreSQL", CONTENT_TESTS, database_url=url),
    )
    yield (tests("browser", *IN_GROUPS, BROWSER_TESTS, marked="not timing"),)
    # With nothing beside them.
    yield (tests("speed in the browser", BROWSER_TESTS, marked="timing"),)


def run(check: Check, *, live: bool = False) -> Result:
    """Run one check; ``live`` prints its output as it comes."""
    started = time.monotonic()
    process = subprocess.Popen(
        check.command,
        cwd=ROOT,
        env=os.environ | check.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    output = []
    for line in process.stdout or ():
        output.append(line)
        if live:
            print(line, end="", flush=True)
    passed = process.wait() == 0
    return Result(check, passed, time.monotonic() - started, "".join(output))


def run_static() -> list[Result]:
    """Run the static checks side by side; print each result as it comes, with the output of reports and failures."""
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        results = []
        for result in pool.map(run, static_checks()):
            results.append(result)
            print(result.line(), flush=True)
            if result.check.is_report or not result.passed:
                print(result.output, flush=True)
    return results


def run_tests(groups: Iterator[tuple[Check, ...]]) -> list[Result]:
    """Run groups of parts one after another, the parts of a group side by side.

    Prints the output of the first of a group as it comes, and that of the others after it.
    """
    REPORTS.mkdir(parents=True, exist_ok=True)
    for outdated in REPORTS.glob("*.xml"):
        outdated.unlink()
    results = []
    for first, *others in groups:
        with ThreadPoolExecutor(len(others) or 1) as pool:
            beside = [pool.submit(run, part) for part in others]
            print(f"\n{first.name}", flush=True)
            results.append(run(first, live=True))
            for future in beside:
                result = future.result()
                print(f"\n{result.check.name}\n{result.output}", flush=True)
                results.append(result)
    return results


def slowest_tests() -> list[tuple[float, str]]:
    """Seconds and name of the tests that took longest, set-up included."""
    taken = [
        (float(case.get("time", 0)), f"{report.stem}: {case.get('classname')}::{case.get('name')}")
        for report in REPORTS.glob("*.xml")
        for case in ElementTree.parse(report).iter("testcase")  # noqa: S314 - pytest wrote it
    ]
    return sorted(taken, reverse=True)[:SLOWEST]


def main() -> int:
    """Run what the command line asks for; the number of failed checks."""
    parser = argparse.ArgumentParser(description="Run every check and test.")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--static", action="store_true", help="only the static checks")
    chosen.add_argument("--all", action="store_true", help="the slow tests, too, and all tests on both databases")
    options = parser.parse_args()
    node.ensure()
    if not options.static:
        chromium.ensure()
    started = time.monotonic()
    results = run_static()
    seconds = time.monotonic() - started
    if not options.static:
        parts = run_tests(all_parts() if options.all else quick_parts())
        print(f"\nThe {SLOWEST} slowest tests")
        for taken, name in slowest_tests():
            print(f"      {taken:6.1f} s  {name}")
        print(f"\nParts\n      {seconds:6.1f} s  static checks", *(part.line() for part in parts), sep="\n")
        results += parts
    failed = [result.check.name for result in results if not result.passed]
    print(f"Failed: {', '.join(failed)}" if failed else "All passed.", flush=True)
    return len(failed)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
