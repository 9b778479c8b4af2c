"""``manage.py feedback_retention``: empties contact details and deletes unsent answers whose time is over."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from engagement.feedback import retention

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Empties contact details and deletes unsent answers whose time is over. A runner does the same every day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        for words, number in retention.run(dry_run=options["dry_run"]).items():
            self.stdout.write(f"{number:>7}  {words}")
        if options["dry_run"]:
            self.stdout.write("This was a dry run: nothing was changed.")
