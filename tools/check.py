"""Everything that must hold, in one command: `make test`. ``--static`` is `make lint`.

Sets up what the checks need, runs the short ones side by side and the tests one after another (each of those
uses all processors), and ends with a summary and each test run's own closing line. Fails if anything failed.
"""

import argparse
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tools import chromium, node, postgres

ROOT = Path(__file__).resolve().parents[1]
# The tests that a browser makes on the served site.
BROWSER_TESTS = "tests/quality"
PYTEST = (sys.executable, "-m", "pytest", "-q")
ALL_PROCESSORS = ("-n", "auto")
# These share one loading of all the content, in a transaction that no other test may see.
CONTENT_TESTS = "tests/content"
# Tests of a group run on one worker, one after another.
IN_GROUPS = (*ALL_PROCESSORS, "--dist", "loadgroup")
WHOLE_FILES = (*ALL_PROCESSORS, "--dist", "loadfile", "-p", "no:randomly")
# pytest's last line: "= 12 passed in 3.4s =", or without the rulers when quiet.
CLOSING_LINE = re.compile(r"^=*\s*(?:\d+ \w+(?:, )?)+ in [\d.]+s.*$", re.MULTILINE)


@dataclass(frozen=True)
class Check:
    """A command that succeeds when all is well."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)


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
        Check("import-linter: layers", (str(Path(python).parent / "lint-imports"), "--no-cache")),
        Check("stylelint: style sheets", (node.command("stylelint"), "static/css/*.css"), node.environment()),
        Check("ruff: mistakes", (python, "-m", "ruff", "check", ".")),
        Check("ruff: form", (python, "-m", "ruff", "format", "--check", ".")),
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
    }


def test_runs() -> Iterable[Check]:
    """The test runs. A generator, so that PostgreSQL is only started when its turn comes."""
    for name, url in (("SQLite", lambda: ""), ("PostgreSQL", postgres.database_url)):
        database = {"DATABASE_URL": url()}
        others = (f"--ignore={BROWSER_TESTS}", f"--ignore={CONTENT_TESTS}")
        yield Check(f"tests on {name}", (*PYTEST, *ALL_PROCESSORS, "tests", *others), database)
        yield Check(f"tests of the content on {name}", (*PYTEST, *WHOLE_FILES, CONTENT_TESTS), database)
    served = {"DATABASE_URL": ""}
    yield Check("tests in the browser", (*PYTEST, *IN_GROUPS, "-m", "not timing", BROWSER_TESTS), served)
    yield Check("tests of speed, alone", (*PYTEST, "-m", "timing", BROWSER_TESTS), served)


def run(check: Check, *, live: bool = False) -> Result:
    """Run one check; ``live`` shows what it says as it says it."""
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
    said = []
    for line in process.stdout or ():
        said.append(line)
        if live:
            print(line, end="", flush=True)
    passed = process.wait() == 0
    return Result(check, passed, time.monotonic() - started, "".join(said))


def run_static() -> list[Result]:
    """Run the static checks side by side; say each result as it comes, and what a failing one said."""
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        results = []
        for result in pool.map(run, static_checks()):
            results.append(result)
            print(result.line(), flush=True)
            if not result.passed:
                print(result.output, flush=True)
    return results


def main() -> int:
    """Run what the command line asks; the number of failed checks."""
    parser = argparse.ArgumentParser(description="Run every check and test.")
    parser.add_argument("--static", action="store_true", help="only the static checks")
    options = parser.parse_args()
    node.ensure()
    if not options.static:
        chromium.ensure()
    results = run_static()
    closing_lines = []
    if not options.static:
        for check in test_runs():
            print(f"\n{check.name}", flush=True)
            result = run(check, live=True)
            results.append(result)
            closing_lines += CLOSING_LINE.findall(result.output)[-1:] or [f"{check.name}: no tests ran"]
    print("\nSummary")
    for result in results:
        print(result.line())
    print(*closing_lines, sep="\n", flush=True)
    return sum(not result.passed for result in results)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
