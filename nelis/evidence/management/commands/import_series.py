"""``manage.py import_series``: read a file of statistics, say what it holds, and hold it as a release."""

import json
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from nelis.evidence.imports.approval import AlreadyImportedError, ImportRefusedError, Release, approve
from nelis.evidence.imports.comparing import Comparison, compare, held_series
from nelis.evidence.imports.decoding import MAX_BYTES
from nelis.evidence.imports.reading import Choices, Reading, read_file
from nelis.evidence.imports.register import Register
from nelis.evidence.imports.staging import Staging
from nelis.evidence.models import Indicator, Source

__all__ = ["Command"]

#: The file was refused, with reasons.
REFUSED = 1
#: The call itself can't be carried out: no such file, indicator, area or source.
BAD_CALL = 2


class Command(BaseCommand):
    help = (
        "Imports a CSV file of statistics as a release of its series. Exit: 0 read, 1 refused with reasons, 2 bad call."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="the CSV file")
        parser.add_argument("--indicators", action="store_true", help="list the codes of the indicators")
        parser.add_argument("--indicator", default="", help="the indicator that the figures are of")
        parser.add_argument("--area", default="", help="the code of the area, for a file that names none")
        parser.add_argument("--period", default="", help="the period, for a file that names none")
        parser.add_argument(
            "--source", default="", help="the reference of the publication; by default that of the series"
        )
        parser.add_argument("--label", default="", help="what the release is called")
        parser.add_argument("--released-on", default="", help="the day it came out, such as 2024-06-17")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--json", action="store_true", help="say it as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["indicators"]:
            for indicator in Indicator.objects.order_by("code"):
                self.stdout.write(f"{indicator.code}\t{indicator.name}")
            return
        path = self.path(options["file"])
        register = Register.load()
        choices = self.choices(options, register)
        with path.open("rb") as file, Staging() as staging:
            reading = read_file(file, staging, register, choices)
            comparison = compare(reading)
            report = describe(path, reading, comparison)
            source = None if options["dry_run"] or reading.is_refused else self.source(options, reading)
        refusal = ""
        if not options["dry_run"] and not reading.is_refused:
            refusal = self.hold(path, choices, options, source, report)
        self.write(report, refusal, as_json=options["json"])
        if reading.is_refused or refusal:
            sys.exit(REFUSED)

    def path(self, name: str | None) -> Path:
        if not name:
            raise CommandError("Name the file to import.", returncode=BAD_CALL)
        path = Path(name)
        if not path.is_file():
            raise CommandError(f"There is no file {name}.", returncode=BAD_CALL)
        return path

    def choices(self, options: dict[str, Any], register: Register) -> Choices:
        if options["indicator"] and options["indicator"] not in register.by_code:
            codes = ", ".join(sorted(register.by_code)) or "none yet"
            raise CommandError(
                f"There is no indicator “{options['indicator']}”. There are: {codes}.", returncode=BAD_CALL
            )
        if options["area"] and options["area"].upper() not in register.areas:
            raise CommandError(f"There is no area with the code “{options['area']}”.", returncode=BAD_CALL)
        return Choices(options["indicator"], options["area"], options["period"])

    def source(self, options: dict[str, Any], reading: Reading) -> Source | None:
        """The publication: the one named, or that of a series or an indicator of the file; None without any."""
        if options["source"]:
            found = Source.objects.filter(ref__iexact=options["source"]).first()
            if found is None:
                raise CommandError(f"There is no source “{options['source']}”.", returncode=BAD_CALL)
            return found
        series = [item for item in held_series(reading).values() if item is not None]
        if series:
            return series[0].source
        defined = [group.indicator.source for group in reading.groups.values() if group.indicator is not None]
        return next(filter(None, defined), None)

    def hold(
        self, path: Path, choices: Choices, options: dict[str, Any], source: Source | None, report: dict[str, Any]
    ) -> str:
        """Hold the file as a release. Returns why it can't be, or nothing."""
        if report["questions"]:
            return "The file leaves questions open. Answer them with --indicator, --area and --period."
        if source is None:
            return "Nothing says which publication the file is from. Name it with --source."
        label = options["label"] or f"{path.stem}, {timezone.localdate():%-d %B %Y}"
        release = Release(label[:200], source, self.day(options["released_on"]))
        # At most ten megabytes: longer files are refused before they get here.
        content = path.read_bytes()[: MAX_BYTES + 1]
        try:
            approved = approve(content, path.name, choices, release)
        except AlreadyImportedError as error:
            report["imported"] = {"vintage": error.vintage.key, "already": True}
        except ImportRefusedError as error:
            return str(error)
        else:
            report["imported"] = {"vintage": approved.vintage.key, "already": False, "figures": approved.statistics}
        return ""

    def day(self, text: str) -> date | None:
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise CommandError(f"“{text}” isn’t a day such as 2024-06-17.", returncode=BAD_CALL) from None

    def write(self, report: dict[str, Any], refusal: str, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report | {"refused": refusal or None}, ensure_ascii=False, indent=2))
            return
        shape = report["shape_name"] or "unknown layout"
        self.stdout.write(f"{report['file']}: {shape}, {report['rows']:,} rows, {report['values']:,} values of ours.")
        for kind in ("errors", "questions", "warnings"):
            for problem in report[kind]:
                where = f" (row {problem['row']})" if problem["row"] else ""
                self.stdout.write(f"{kind[:-1].capitalize()} {problem['code']}{where}: {problem['message']}")
                self.stdout.write(f"    {problem['hint']}")
        changes = report["changes"]
        self.stdout.write(
            f"{changes['new']:,} new, {changes['revised']:,} revised, {changes['unchanged']:,} unchanged."
        )
        if imported := report.get("imported"):
            self.stdout.write(f"{'Held already' if imported['already'] else 'Imported'}: {imported['vintage']}.")
        if refusal:
            self.stdout.write(f"Nothing was imported. {refusal}")
        elif report["errors"]:
            self.stdout.write("The file is refused. Nothing was imported.")


def describe(path: Path, reading: Reading, comparison: Comparison) -> dict[str, Any]:
    """What was found in the file, for ``--json``."""
    periods = reading.ordered_periods
    return {
        "file": path.name,
        "sha256": reading.sha256,
        "shape": reading.shape.code if reading.shape else None,
        "shape_name": reading.shape.name if reading.shape else None,
        "encoding": reading.encoding,
        "delimiter": reading.delimiter,
        "rows": reading.rows,
        "values": reading.staging.count,
        "periods": [period.label for period in periods],
        "areas": [
            {"code": area.given or None, "name": area.name or None, "held_as": area.code or None}
            for area in reading.areas.values()
        ],
        "indicators": [
            {
                "name": group.label,
                "unit": group.unit or None,
                "treatment": group.treatment or None,
                "indicator": group.indicator.code if group.indicator is not None else None,
                "left_out": group.left_out,
            }
            for group in reading.groups.values()
        ],
        "changes": {"new": comparison.new, "revised": comparison.revised, "unchanged": comparison.unchanged},
        "warnings": [problem.as_dict() for problem in reading.problems.warnings],
        "questions": [problem.as_dict() for problem in reading.problems.questions],
        "errors": [problem.as_dict() for problem in reading.problems.errors],
    }
