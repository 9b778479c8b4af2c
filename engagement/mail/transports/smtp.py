"""SMTP, stage by stage: before the content, an error means that nothing was sent; after it, silence means nobody knows.

One connection carries many mails. While the server considers sender and recipient, the ledger is committed; while it
takes in the content, the next mail is composed.
"""

import contextlib
import smtplib
import socket
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from django.core.mail import get_connection

from engagement.mail.config import worker_config
from engagement.mail.envelope import Envelope
from engagement.mail.models import DeliveryState, OutgoingEmail
from engagement.mail.transports import MarkSending, WhileWaiting
from engagement.mail.transports.outcomes import (
    SUSPICIOUS_STREAK,
    Outcome,
    TransportUnavailable,
    redacted_line,
    says_no_mailbox,
)

__all__ = ["SmtpTransport"]

#: Whatever goes wrong with a connection. smtplib turns time-outs and lost connections into the last.
CONNECTION_ERRORS = (OSError, smtplib.SMTPException)
#: “Slow down”, whichever stage it comes at: service not available, local error, temporary authentication failure.
SLOW_DOWN_CODES = frozenset((421, 451, 454))
#: Our own account is refused: it is not about the mail, and would be said of every one.
AUTHENTICATION_CODES = frozenset((530, 534, 535, 538))
#: Command not known, or out of order: the two sides don't understand each other, whatever the mail.
PROTOCOL_ERROR_CODES = frozenset((500, 502, 503))


class ConnectionLost(Exception):  # noqa: N818 - it says what happened
    """The connection went, before anything that could arrive was sent."""


class Rejected(Exception):  # noqa: N818
    """The server said no, at a stage where nothing had been sent."""

    def __init__(self, stage: str, code: int, said: bytes) -> None:
        super().__init__(stage, code)
        self.stage, self.code, self.said = stage, code, said


class SmtpTransport:
    """A kept-open connection to the mail server of the settings."""

    def __init__(self) -> None:
        self.backend: Any = get_connection(fail_silently=False)
        self.idle = worker_config().idle
        self.used_at = time.monotonic()
        #: Mails handed over on this connection; whether a transaction was left half way.
        self.carried = 0
        self.half_way = False
        self.refused_senders = 0
        self.beside = ThreadPoolExecutor(1, "envelope")

    def open(self) -> None:
        """Be ready for a mail. Raises NoConnection."""
        if self.backend.connection is not None:
            return
        try:
            self.backend.open()
            opened: Any = self.backend.connection
            opened.ehlo_or_helo_if_needed()
        except smtplib.SMTPAuthenticationError as error:
            raise self._nobody("not-let-in", error) from None
        except CONNECTION_ERRORS as error:
            raise self._nobody("no-connection", error) from None
        self.carried, self.half_way = 0, False
        self.used_at = time.monotonic()

    def _nobody(self, reason: str, error: Exception) -> TransportUnavailable:
        """Also forgets a connection that opened but half."""
        self.drop()
        said = getattr(error, "smtp_error", None) or f"{type(error).__name__}: {error}"
        return TransportUnavailable(reason, redacted_line(said))

    def send(self, envelope: Envelope, before: MarkSending, meanwhile: WhileWaiting) -> Outcome | None:
        """Send one mail; see ``Door``."""
        self.open()
        try:
            if not self._envelope(envelope, before):
                return None
        except Rejected as no:
            return self._refused(no)
        except (ConnectionLost, TransportUnavailable) as gone:
            self.drop()
            return Outcome(DeliveryState.RETRY, "lost-before-data", redacted_line(gone), back_off=True)
        except BaseException:
            # The ledger couldn't be written: nothing was sent, and nothing will be on this connection.
            self.drop()
            raise
        return self._content(envelope, meanwhile)

    def _envelope(self, envelope: Envelope, before: MarkSending) -> bool:
        """Sender, recipient and the word DATA, while ``before`` commits. False if that said no.

        The two go on side by side: nothing of the envelope can arrive, and a disk takes as long as a server.
        """
        exchange = self.beside.submit(self._exchange, envelope)
        try:
            wanted = before()
        except BaseException:
            self._abandon(exchange)
            raise
        if not wanted:
            self._abandon(exchange)
            return False
        exchange.result()
        return True

    def _exchange(self, envelope: Envelope) -> None:
        """The envelope. Raises Lost, Refused or NoConnection."""
        fresh = self.carried == 0
        try:
            self._start_over()
            self._write(f"MAIL FROM:<{envelope.sender}>")
            self._answer_to_mail()
        except (ConnectionLost, Rejected) as trouble:
            # Servers end connections that carried many mails, or were idle: that says nothing about this one.
            if fresh or (isinstance(trouble, Rejected) and trouble.code != 421):
                raise
            self.drop()
            self.open()
            self._write(f"MAIL FROM:<{envelope.sender}>")
            self._answer_to_mail()
        self._expect("rcpt", 2, f"RCPT TO:<{envelope.message.to}>")
        self._expect("data", 3, "DATA")

    def _abandon(self, exchange: Future[None]) -> None:
        """The mail won't be sent after all. Without its content, the server forgets it."""
        connection = self.backend.connection
        with contextlib.suppress(AttributeError, *CONNECTION_ERRORS):
            connection.sock.shutdown(socket.SHUT_RDWR)
        wait([exchange])
        self.drop()

    def _start_over(self) -> None:
        """Leave a transaction that was given up half way."""
        if self.half_way:
            self._write("RSET")
            self._reply()
            self.half_way = False

    def _answer_to_mail(self) -> None:
        self.half_way = True
        self._check("mail", 2, *self._reply())
        self.refused_senders = 0

    def _expect(self, stage: str, kind: int, command: str) -> None:
        self._write(command)
        self._check(stage, kind, *self._reply())

    def _write(self, command: str) -> None:
        try:
            self.backend.connection.send(f"{command}\r\n")
        except CONNECTION_ERRORS as error:
            raise ConnectionLost(type(error).__name__) from None

    def _reply(self) -> tuple[int, bytes]:
        try:
            return self.backend.connection.getreply()
        except CONNECTION_ERRORS as error:
            raise ConnectionLost(type(error).__name__) from None

    def _check(self, stage: str, kind: int, code: int, said: bytes) -> None:
        if code // 100 != kind:
            raise Rejected(stage, code, said)

    def _refused(self, no: Rejected) -> Outcome:
        """What a refusal means, before or instead of the content."""
        said = redacted_line(f"{no.code} {no.said.decode('utf-8', 'replace')}")
        if no.code == 421:
            self.drop()
        if no.code in AUTHENTICATION_CODES:
            self.drop()
            return Outcome(DeliveryState.RETRY, "not-let-in", said, back_off=True)
        if no.code // 100 == 5 and no.code not in PROTOCOL_ERROR_CODES:
            return self._failed(no, said)
        if no.code // 100 == 4:
            return Outcome(DeliveryState.RETRY, "put-off", said, back_off=no.code in SLOW_DOWN_CODES)
        # Something that is no answer at this stage: the two sides don't understand each other.
        self.drop()
        return Outcome(DeliveryState.RETRY, "strange-answer", said, back_off=True)

    def _failed(self, no: Rejected, said: str) -> Outcome:
        if no.stage == "mail":
            self.refused_senders += 1
            return Outcome(
                DeliveryState.FAILED, "refused-sender", said, back_off=self.refused_senders >= SUSPICIOUS_STREAK
            )
        # Some servers look for the mailbox only once they have the content.
        if says_no_mailbox(said):
            return Outcome(DeliveryState.FAILED, OutgoingEmail.NO_MAILBOX, said)
        if no.stage == "rcpt":
            full = no.code == 552 or "5.2.2" in said
            return Outcome(DeliveryState.FAILED, "mailbox-full" if full else "refused-address", said)
        return Outcome(DeliveryState.FAILED, "refused-mail", said)

    def _content(self, envelope: Envelope, meanwhile: WhileWaiting) -> Outcome:
        """From the first byte on, a loss leaves it open whether the mail arrived."""
        try:
            self.backend.connection.send(encode_content(envelope.data))
            meanwhile()
            code, said = self.backend.connection.getreply()
        except CONNECTION_ERRORS as error:
            self.drop()
            return Outcome(DeliveryState.UNKNOWN, "lost-after-data", redacted_line(type(error).__name__))
        except Exception as error:
            self.drop()
            return Outcome(DeliveryState.UNKNOWN, "error-after-data", redacted_line(type(error).__name__))
        self.half_way = False
        self.carried += 1
        self.used_at = time.monotonic()
        if code // 100 == 2:
            return Outcome(DeliveryState.ACCEPTED, response=redacted_line(f"{code} {said.decode('utf-8', 'replace')}"))
        if code // 100 in (4, 5):
            return self._refused(Rejected("content", code, said))
        self.drop()
        return Outcome(
            DeliveryState.UNKNOWN, "strange-answer", redacted_line(f"{code} {said.decode('utf-8', 'replace')}")
        )

    def close_idle(self) -> None:
        """Close a connection that nothing went over for a while."""
        if self.backend.connection is not None and time.monotonic() - self.used_at > self.idle:
            self.close()

    def close(self) -> None:
        """Take leave of the server."""
        with contextlib.suppress(*CONNECTION_ERRORS):
            self.backend.close()
        self.drop()
        self.beside.shutdown()
        self.beside = ThreadPoolExecutor(1, "envelope")

    def drop(self) -> None:
        """End the connection without a word."""
        connection, self.backend.connection = self.backend.connection, None
        self.carried, self.half_way = 0, False
        if connection is not None:
            with contextlib.suppress(*CONNECTION_ERRORS):
                connection.close()


def encode_content(data: bytes) -> bytes:
    """``data`` as it goes over the line: dots doubled where a line begins with one, and the one that ends it."""
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    return data.replace(b"\r\n.", b"\r\n..") + b".\r\n"
