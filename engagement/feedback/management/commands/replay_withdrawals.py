"""``manage.py replay_withdrawals``: after a backup was restored, withdraws again what was withdrawn since."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from engagement.feedback.privacy import withdrawals

__all__ = ["Command"]


class Command(BaseCommand):
    help = "After a backup was restored: withdraws the answers again that were withdrawn since. Run it before the site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--list", type=Path, metavar="FILE", help="the list to go by; else the one in DATA_DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["list"] or withdrawals.withdrawn_list_path()
        if not path.exists():
            raise CommandError(f"There is no list at {path}.")
        try:
            done = withdrawals.replay_withdrawals(path)
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{done} withdrawn again.")
