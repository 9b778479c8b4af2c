"""``manage.py replay_erasures``: after a backup was restored, keeps out again whoever must be."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from engagement.mailing_list import suppression_file

__all__ = ["Command"]


class Command(BaseCommand):
    help = (
        "After a backup was restored: erases, ends and suppresses again whoever asked for it since the backup. "
        "Run it before the runners and the site are started."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--list", type=Path, metavar="FILE", help="the list to go by; else the one in DATA_DIR")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
        parser.add_argument("--write", action="store_true", help="bring the list up to date instead, as a job does")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["list"] or suppression_file.file_path()
        try:
            if options["write"]:
                self.stdout.write(f"{suppression_file.write_file(path)} addresses are kept out.")
                return
            if not path.exists():
                self.stderr.write(f"There is no list at {path}: only what the database itself says is done again.")
            done = suppression_file.replay(path, dry_run=options["dry_run"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(str(done) + (" This was a dry run: nothing was kept." if options["dry_run"] else ""))
