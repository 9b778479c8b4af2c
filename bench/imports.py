"""How fast figures are imported and how much memory that takes, with a file of 200,000 rows: `make bench`.

The file is made of the site's areas and generated months, and lies in a folder that is thrown away, as the database
does. Growth is that of the largest amount of memory the process ever had. Status 1 when it is 60 MB or more.
"""

import argparse
import io
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.content import site_with_content

ROWS = 200_000
#: The most that reading, or reading and holding, may take more than the process had before, in MB.
MOST_GROWTH = 60
INDICATORS = ("employment-rate", "economic-activity-rate", "economic-inactivity-rate", "gva-per-hour")


def main() -> int:
    """Make the file, read it, hold it, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    chosen = parser.parse_args()
    with site_with_content():
        content = make_file(chosen.rows)
        steps = {"reading and comparing": lambda: read(content), "all of it, held as a release": lambda: hold(content)}
        grown = [measure(name, step, chosen.rows) for name, step in steps.items()]
    return 0 if all(growth < MOST_GROWTH for growth in grown) else 1


def measure(name: str, step: Callable[[], int], rows: int) -> float:
    """Take one step; print rows a second and growth in MB, and return that."""
    before, begun = largest(), time.perf_counter()
    values = step()
    seconds, growth = time.perf_counter() - begun, largest() - before
    print(f"{name}: {rows:,} rows in {seconds:.1f} s, {rows / seconds:,.0f} a second; {growth:.0f} MB more")
    if values != rows:
        raise SystemExit(f"{values:,} values came of {rows:,} rows.")
    return growth


def largest() -> float:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def make_file(rows: int) -> bytes:
    """A value for each area, indicator and month, from 1800 on, until there are ``rows``."""
    from nelis.evidence.models import GeoArea

    areas = list(GeoArea.objects.filter(code__regex=r"^E\d{8}$").values_list("code", flat=True))
    written = io.StringIO()
    written.write("area code,indicator,period,value\n")
    for number in range(rows):
        place, area = divmod(number, len(areas))
        months, indicator = divmod(place, len(INDICATORS))
        year, month = divmod(months, 12)
        written.write(
            f"{areas[area]},{INDICATORS[indicator]},{1800 + year % 400}-{month + 1:02},{60 + number % 100 / 10}\n"
        )
    return written.getvalue().encode()


def read(content: bytes) -> int:
    """What somebody waits for who looks at the file."""
    from nelis.evidence.imports.comparing import compare
    from nelis.evidence.imports.reading import Choices, read_file
    from nelis.evidence.imports.register import Register
    from nelis.evidence.imports.staging import Staging

    with Staging() as staging:
        reading = read_file(io.BytesIO(content), staging, Register.load(), Choices())
        explain(reading)
        return compare(reading).new


def hold(content: bytes) -> int:
    """What somebody waits for who approves it."""
    from nelis.evidence.imports.approval import Release, approve
    from nelis.evidence.imports.reading import Choices
    from nelis.evidence.models import Source

    return approve(content, "generated.csv", Choices(), Release("Generated", Source.objects.all()[0])).new


def explain(reading: Any) -> None:
    """Stop where the file isn't read whole."""
    for problem in (*reading.problems.errors, *reading.problems.questions):
        raise SystemExit(f"{problem.message} ({problem.where})")


if __name__ == "__main__":
    sys.exit(main())
