"""The base of the commands that delete or anonymise data after its retention period."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand


class RetentionCommand(BaseCommand):
    """Apply retention rules and print how many rows each changed. ``--dry-run`` only counts them."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")

    def run(self, *, dry_run: bool) -> Mapping[str, int]:
        """Apply the rules. Return how many rows each changed, or would change, by its description."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        for description, number in self.run(dry_run=options["dry_run"]).items():
            self.stdout.write(f"{number:>7}  {description}")
        if options["dry_run"]:
            self.stdout.write("This was a dry run: nothing was changed.")
