"""`manage.py mail_worker`: the process that sends email."""

import os
import socket
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from engagement.mail.worker import Worker


class Command(BaseCommand):
    help = "Send the emails in the outbox. Runs until it is told to stop; several may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default="", help="how it is listed; its machine and number when unset")
        parser.add_argument(
            "--drain", action="store_true", help="send what is due, run housekeeping and periodic tasks, then stop"
        )
        parser.add_argument(
            "--patience", type=float, default=0.0, help="with --drain: seconds to wait for emails that are due later"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"] or f"{socket.gethostname()[:35]}-{os.getpid()}"
        sent = Worker(name, drain=options["drain"], patience=options["patience"]).run()
        if options["verbosity"]:
            self.stdout.write(f"{sent} sent.")
