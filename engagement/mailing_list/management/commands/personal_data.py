"""``manage.py personal_data``: show, export or erase everything held about one address."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from engagement.mail.addresses import address_hash, clean_address
from engagement.mailing_list import personal_data
from engagement.mailing_list.subscription_service import Evidence


class Command(BaseCommand):
    help = "Shows, exports or erases everything that is held about one email address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["show", "export", "erase"])
        parser.add_argument("address")
        parser.add_argument("--yes", action="store_true", help="erase without asking")
        parser.add_argument("--words", action="store_true", help="erase what they wrote, such as answers, as well")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            address = clean_address(options["address"])
        except ValueError as error:
            raise CommandError(f"{error}.") from None
        getattr(self, options["action"])(address, options)

    def show(self, address: str, options: dict[str, Any]) -> None:
        """Show how much there is, and what."""
        held = personal_data.collect_data(address)
        for name, value in held.items():
            if name == "address":
                continue
            rows = value if isinstance(value, list) else [value] if value else []
            self.stdout.write(f"{name.replace('_', ' ').capitalize()}: {len(rows) or 'none'}")
            for row in rows:
                fields = [f"{key} {self.in_words(field)}" for key, field in row.items() if field not in ("", None, [])]
                self.stdout.write(f"  {'; '.join(fields)}")

    def in_words(self, value: Any) -> str:
        """A value on one line."""
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    def export(self, address: str, options: dict[str, Any]) -> None:
        """Export as JSON, for the person it is about."""
        self.stdout.write(json.dumps(personal_data.collect_data(address), ensure_ascii=False, indent=2))

    def erase(self, address: str, options: dict[str, Any]) -> None:
        """Erase for good, after a question."""
        if not options["yes"] and input("Erase everything about this address? It can’t be undone. (yes/no) ") != "yes":
            raise CommandError("Nothing was erased.")
        done = personal_data.erase(address, with_answers=options["words"], evidence=Evidence("command"))
        for what, number in done.items():
            self.stdout.write(f"{number:>7}  {what.replace('_', ' ')} erased")
        for what in personal_data.retained_by(address_hash(address)):
            self.stdout.write(f"Not erased: {what}. They go two years after they are answered.")
