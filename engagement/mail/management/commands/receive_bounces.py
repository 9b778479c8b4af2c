"""`manage.py receive_bounces`: takes one bounce from a mail server's pipe, or reads the mailbox they come back to."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError

from engagement.mail.bounce_mailbox import MailboxError, read_mailbox
from engagement.mail.bounces import MAX_BYTES, read_report

#: Tells a mail server to keep the mail and try again (sysexits.h).
TEMPORARY_FAILURE = 75


class Command(BaseCommand):
    help = "Record a bounce that comes by standard input, as a mail server pipes it; or read BOUNCE_MAILBOX."
    # A mail server waits for each.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("recipient", nargs="?", default="", help="the address it came to, if its headers don’t say")
        parser.add_argument("--mailbox", action="store_true", help="read the mailbox in BOUNCE_MAILBOX instead")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.BOUNCE_ADDRESS:
            raise CommandError("BOUNCE_ADDRESS is not set, so no mail of ours comes back to an address of its own.")
        try:
            said = self.read_mailbox() if options["mailbox"] else self.read_pipe(options["recipient"])
        except MailboxError as error:
            raise CommandError(str(error)) from error
        except (DatabaseError, InterfaceError) as error:
            raise CommandError("The database is away.", returncode=TEMPORARY_FAILURE) from error
        # A mail server sends what a pipe says back to whoever sent the mail.
        if options["mailbox"] or options["verbosity"] > 1:
            self.stdout.write(said)

    def read_mailbox(self) -> str:
        """Read the mailbox. What there was, in a sentence."""
        reports, others = read_mailbox()
        return f"{reports} reports, {others} other messages."

    def read_pipe(self, recipient: str) -> str:
        """Read standard input. What it was, in a sentence."""
        # Postfix says in the environment where an email came to that it pipes from an alias.
        is_report = read_report(sys.stdin.buffer.read(MAX_BYTES), recipient or os.environ.get("ORIGINAL_RECIPIENT", ""))
        return "A report." if is_report else "No report on an email of ours."
