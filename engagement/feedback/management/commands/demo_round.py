"""A round to try feedback with."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from engagement.feedback.demonstration import (
    AddressTakenError,
    NothingToRateError,
    open_demonstration,
    remove_demonstration,
    report_demonstration,
)


class Command(BaseCommand):
    help = "Open a feedback round with made-up answers, labelled as a demonstration; --remove takes it away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="take the round away with everything in it")
        parser.add_argument("--report", action="store_true", help="report it back, too, with a made-up response")
        parser.add_argument("--responses", type=int, default=40, help="how many responses to make up (40)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            self.stdout.write(f"Removed the demonstration with {remove_demonstration()} responses.")
            return
        try:
            made = open_demonstration(max(0, options["responses"]))
        except (AddressTakenError, NothingToRateError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Open at {reverse('feedback:round', args=[made.slug])}")
        for session in made.sessions.all():
            self.stdout.write(f"  {session.title}: code {session.code}")
        if options["report"]:
            report_demonstration()
            self.stdout.write(f"Reported back at {reverse('feedback:results', args=[made.slug])}")
