"""``manage.py retention``: delete or anonymise what names somebody and is kept long enough."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from engagement.mailing_list import retention


class Command(BaseCommand):
    help = "Deletes or anonymises personal data that is kept long enough. A worker does the same every day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        for words, count in retention.run(dry_run=options["dry_run"]).items():
            self.stdout.write(f"{count:>7}  {words}")
        if options["dry_run"]:
            self.stdout.write("This was a dry run: nothing was changed.")
