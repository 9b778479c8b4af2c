"""Workers in milliseconds: everything is loaded once, and each worker is a fork of that.

Reads a line of JSON for each and answers with its process number. ``fault`` names a moment at which the worker kills
itself, as if the power went: ``mark_sending:before:3`` is at the third call of ``Outbox.mark_sending``, when everything
in it is done and before it is committed; ``after`` is when it is committed. ``reply:stop:3`` stops it (SIGSTOP) as it
waits for the server's reply to the third email, and goes on when it is told to. With ``drain``, nothing else of it is
at work then, so it holds nothing of the database.
"""

import json
import os
import signal
import sys
from typing import Any

import django


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    connections.close_all()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    children = []
    for line in sys.stdin:
        options = json.loads(line)
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            code = 1
            try:
                configure(options)
                if options["fault"]:
                    arm_fault(options["fault"])
                call_command("mail_worker", name=options["name"], drain=options["drain"], verbosity=0)
                code = 0
            finally:
                os._exit(code)
        children.append(child)
        print(child, flush=True)  # noqa: T201
    for child in children:
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue


def configure(options: dict[str, Any]) -> None:
    """Set where emails go and how fast, and where the log is."""
    from django.conf import settings

    log = os.open(options["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 2)
    settings.EMAIL_PORT, settings.MAIL_WORKER, settings.MAIL_PER_SECOND = (
        options["port"],
        options["config"],
        options["rate"],
    )


def arm_fault(fault: str) -> None:
    """Let this process kill itself at the moment that ``fault`` names."""
    from django.db import transaction

    from engagement.mail import scheduler
    from engagement.mail.outbox import Outbox
    from engagement.mail.transports.smtp import SmtpTransport
    from engagement.mail.worker import Worker

    place, when, number = fault.split(":")
    places: dict[str, tuple[Any, str]] = {
        "content": (SmtpTransport, "_send_content"),
        "reply": (Worker, "_look_ahead"),
        "recover_expired": (scheduler, "recover_expired"),
    }
    owner, name = places.get(place, (Outbox, place))
    real = getattr(owner, name)
    calls = 0

    def dying(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls < int(number):
            return real(*args, **kwargs)
        if when == "stop":
            if calls == int(number):
                os.kill(os.getpid(), signal.SIGSTOP)
            return real(*args, **kwargs)
        if place in ("content", "reply"):
            # Before the first byte of the content; or when it is all sent and the server is about to answer.
            return os.kill(os.getpid(), signal.SIGKILL)
        if when == "before":
            with transaction.atomic():
                real(*args, **kwargs)
                os.kill(os.getpid(), signal.SIGKILL)
        real(*args, **kwargs)
        return os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, dying)


if __name__ == "__main__":
    main()
