"""``manage.py replay_erasures``: after a backup was restored, erase, end, suppress and withdraw again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from engagement.mailing_list import erasure_log


class Command(BaseCommand):
    help = (
        "After a backup was restored: erases, ends and suppresses again whoever asked for it since the backup, and "
        "withdraws answers again. Run it before the workers and the site are started."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--log", type=Path, metavar="FILE", help="the log to go by; else the one in DATA_DIR")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
        parser.add_argument("--write", action="store_true", help="bring the log up to date instead, as a task does")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["log"] or erasure_log.log_path()
        try:
            if options["write"]:
                self.stdout.write(f"The erasure log has {erasure_log.write_log(path)} entries.")
                return
            if not path.exists():
                self.stderr.write(f"There is no log at {path}: only what the database itself says is done again.")
            done = erasure_log.replay(path, dry_run=options["dry_run"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        summary = ", ".join(f"{count} {words}" for words, count in done.items())
        self.stdout.write(f"{summary}." + (" This was a dry run: nothing was kept." if options["dry_run"] else ""))
