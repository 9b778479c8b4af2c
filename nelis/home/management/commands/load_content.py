"""``manage.py load_content``: the strategy's content, from its files into the site."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from nelis.home.content_loader import ContentError, check, load
from nelis.progress.drawing import draw_published_charts

__all__ = ["Command"]


class Command(BaseCommand):
    help = (
        "Loads the content files. Running it twice changes nothing, and what editors have changed since is left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only check the files; the database isn't touched")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--overwrite", action="store_true", help="put back what editors have changed or removed")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                plans = check()
                self.stdout.write(f"{len(plans)} entries, no mistakes.")
                return
            report = load(overwrite=options["overwrite"], dry_run=options["dry_run"], log=self.progress(options))
        except ContentError as error:
            count = len(error.problems)
            mistakes = "1 mistake" if count == 1 else f"{count} mistakes"
            lines = "\n".join(f"  {problem}" for problem in error.problems)
            raise CommandError(f"{mistakes} in the content files; nothing was changed.\n{lines}") from None
        for name in report.skipped:
            self.stdout.write(f"Left alone: {name}")
        if not options["dry_run"]:
            # This process answers no requests, so the first readers find the charts drawn.
            draw_published_charts()
        tail = " This was a dry run: nothing was kept." if options["dry_run"] else ""
        self.stdout.write(self.style.SUCCESS(report.summary() + tail))

    def progress(self, options: dict[str, Any]) -> Any:
        def say(line: str) -> None:
            if options["verbosity"] > 0:
                self.stdout.write(line)
                self.stdout.flush()

        return say
