"""What commands share that delete, or empty, what is kept long enough."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand

__all__ = ["RetentionCommand"]


class RetentionCommand(BaseCommand):
    """Applies rules of retention, and says how many rows each touched. ``--dry-run`` only counts them."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")

    def run(self, *, dry_run: bool) -> Mapping[str, int]:
        """Apply the rules. How many rows each touched, or would touch, by its words."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        for words, number in self.run(dry_run=options["dry_run"]).items():
            self.stdout.write(f"{number:>7}  {words}")
        if options["dry_run"]:
            self.stdout.write("This was a dry run: nothing was changed.")
