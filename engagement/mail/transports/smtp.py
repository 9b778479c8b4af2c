"""SMTP, stage by stage: before the content, an error means that nothing was sent; after it, silence means nobody knows.

One connection carries many messages. While the server considers sender and recipient, the outbox is committed; while it
takes in the content, the next message is composed.
"""

import contextlib
import smtplib
import socket
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from django.core.mail import get_connection

from engagement.mail.config import worker_config
from engagement.mail.message import Envelope
from engagement.mail.models import DeliveryState
from engagement.mail.transports import (
    MarkSending,
    Outcome,
    Transport,
    TransportUnavailable,
    WhileWaiting,
    redacted_line,
)
from engagement.mail.transports.refusals import refusal_reason

__all__ = ["SmtpTransport"]

#: Whatever goes wrong with a connection. smtplib turns time-outs and lost connections into the last.
CONNECTION_ERRORS = (OSError, smtplib.SMTPException)
#: “Slow down”, whichever stage it comes at: service not available, local error, temporary authentication failure.
SLOW_DOWN_CODES = frozenset((421, 451, 454))
#: Our own account is refused: it is not about the message, and would be said of every one.
AUTHENTICATION_CODES = frozenset((530, 534, 535, 538))
#: Command not known, or out of order: the two sides don't understand each other, whatever the message.
PROTOCOL_ERROR_CODES = frozenset((500, 502, 503))


class ConnectionLost(Exception):  # noqa: N818 - it says what happened
    """The connection went, before anything that could arrive was sent."""


class Rejected(Exception):  # noqa: N818
    """The server said no, at a stage where nothing had been sent."""

    def __init__(self, stage: str, code: int, reply: bytes) -> None:
        super().__init__(stage, code)
        self.stage, self.code, self.reply = stage, code, reply


class SmtpTransport(Transport):
    """Sends over a kept-open connection to the mail server of the settings."""

    def __init__(self) -> None:
        self.backend: Any = get_connection(fail_silently=False)
        config = worker_config()
        self.idle_timeout, self.content_timeout = config.idle_timeout, config.content_timeout
        self.used_at = time.monotonic()
        #: Messages sent on this connection; whether a transaction was left half way.
        self.sent_count = 0
        self.is_half_way = False
        self.envelope_thread = ThreadPoolExecutor(1, "envelope")

    def open(self) -> None:
        """Connect. Raises TransportUnavailable."""
        if self.backend.connection is not None:
            return
        try:
            self.backend.open()
            connection: Any = self.backend.connection
            connection.ehlo_or_helo_if_needed()
        except CONNECTION_ERRORS as error:
            # It may have opened but half.
            self.drop()
            is_login = isinstance(error, smtplib.SMTPAuthenticationError)
            response = getattr(error, "smtp_error", None) or f"{type(error).__name__}: {error}"
            reason = "not-let-in" if is_login else "no-connection"
            raise TransportUnavailable(reason, redacted_line(response)) from None
        self.sent_count, self.is_half_way = 0, False
        self.used_at = time.monotonic()

    def send(self, envelope: Envelope, mark_sending: MarkSending, while_waiting: WhileWaiting) -> Outcome | None:
        """Send one message; see ``Transport``."""
        self.open()
        try:
            if not self._send_envelope(envelope, mark_sending):
                return None
        except Rejected as rejection:
            return self._outcome_of(rejection)
        except (ConnectionLost, TransportUnavailable) as error:
            self.drop()
            return Outcome(DeliveryState.RETRY, "lost-before-data", redacted_line(error), back_off=True)
        except BaseException:
            # The outbox couldn't be written: nothing was sent, and nothing will be on this connection.
            self.drop()
            raise
        return self._send_content(envelope, while_waiting)

    def _send_envelope(self, envelope: Envelope, mark_sending: MarkSending) -> bool:
        """Send sender, recipient and the word DATA, while ``mark_sending`` commits. False if that said no.

        The two go on side by side: nothing of the envelope can arrive, and a disk takes as long as a server.
        """
        exchange = self.envelope_thread.submit(self._exchange, envelope)
        try:
            is_marked = mark_sending()
        except BaseException:
            self._abandon(exchange)
            raise
        if not is_marked:
            self._abandon(exchange)
            return False
        exchange.result()
        return True

    def _exchange(self, envelope: Envelope) -> None:
        """Say the envelope. Raises ConnectionLost, Rejected or TransportUnavailable."""
        is_fresh = self.sent_count == 0
        try:
            self._begin_transaction(envelope)
        except (ConnectionLost, Rejected) as error:
            # Servers end connections that carried many messages, or were idle: that says nothing about this one.
            if is_fresh or (isinstance(error, Rejected) and error.code != 421):
                raise
            self.drop()
            self.open()
            self._begin_transaction(envelope)
        self._command("rcpt", 2, f"RCPT TO:<{envelope.message.to}>")
        self._command("data", 3, "DATA")

    def _begin_transaction(self, envelope: Envelope) -> None:
        if self.is_half_way:
            self._say("RSET")
        self.is_half_way = True
        self._command("mail", 2, f"MAIL FROM:<{envelope.sender}>")

    def _abandon(self, exchange: Future[None]) -> None:
        """Don't send it after all. Without its content, the server forgets it."""
        connection = self.backend.connection
        with contextlib.suppress(AttributeError, *CONNECTION_ERRORS):
            connection.sock.shutdown(socket.SHUT_RDWR)
        wait([exchange])
        self.drop()

    def _command(self, stage: str, expected: int, command: str) -> None:
        """Raise Rejected unless the first digit of the reply is the one ``expected``."""
        code, reply = self._say(command)
        if code // 100 != expected:
            raise Rejected(stage, code, reply)

    def _say(self, command: str) -> tuple[int, bytes]:
        try:
            self.backend.connection.send(f"{command}\r\n")
            code, reply = self.backend.connection.getreply()
        except CONNECTION_ERRORS as error:
            raise ConnectionLost(type(error).__name__) from None
        return code, reply

    def _outcome_of(self, rejection: Rejected) -> Outcome:
        """What a rejection means, before or instead of the content."""
        code = rejection.code
        response = redacted_line(f"{code} {rejection.reply.decode('utf-8', 'replace')}")
        if code == 421:
            self.drop()
        if code in AUTHENTICATION_CODES:
            self.drop()
            return Outcome(DeliveryState.RETRY, "not-let-in", response, back_off=True)
        if code // 100 == 5 and code not in PROTOCOL_ERROR_CODES:
            return Outcome(DeliveryState.FAILED, refusal_reason(rejection.stage, response), response)
        if code // 100 == 4:
            # At MAIL the server doesn't know yet for whom the email is: it would put off the next one, too.
            is_about_us = code in SLOW_DOWN_CODES or rejection.stage == "mail"
            return Outcome(DeliveryState.RETRY, "put-off", response, back_off=is_about_us)
        # A reply that fits no stage: the two sides don't understand each other.
        self.drop()
        return Outcome(DeliveryState.RETRY, "strange-answer", response, back_off=True)

    def _send_content(self, envelope: Envelope, while_waiting: WhileWaiting) -> Outcome:
        """From the first byte on, a loss leaves it open whether the message arrived: so there is time for the reply."""
        connection = self.backend.connection
        try:
            step_timeout = connection.sock.gettimeout()
            connection.sock.settimeout(self.content_timeout)
            connection.send(encode_content(envelope.data))
            while_waiting()
            code, reply = connection.getreply()
            connection.sock.settimeout(step_timeout)
        except Exception as error:
            self.drop()
            reason = "lost-after-data" if isinstance(error, CONNECTION_ERRORS) else "error-after-data"
            return Outcome(DeliveryState.UNKNOWN, reason, redacted_line(type(error).__name__))
        self.is_half_way = False
        self.sent_count += 1
        self.used_at = time.monotonic()
        if code // 100 in (4, 5):
            return self._outcome_of(Rejected("content", code, reply))
        response = redacted_line(f"{code} {reply.decode('utf-8', 'replace')}")
        if code // 100 == 2:
            return Outcome(DeliveryState.ACCEPTED, response=response)
        self.drop()
        return Outcome(DeliveryState.UNKNOWN, "strange-answer", response)

    def close_idle(self) -> None:
        """Close a connection that nothing was sent over for a while."""
        if self.backend.connection is not None and time.monotonic() - self.used_at > self.idle_timeout:
            self.close()

    def close(self) -> None:
        """Say goodbye to the server and close the connection."""
        with contextlib.suppress(*CONNECTION_ERRORS):
            self.backend.close()
        self.drop()
        self.envelope_thread.shutdown()
        self.envelope_thread = ThreadPoolExecutor(1, "envelope")

    def drop(self) -> None:
        """Close the connection without a word."""
        connection, self.backend.connection = self.backend.connection, None
        self.sent_count, self.is_half_way = 0, False
        if connection is not None:
            with contextlib.suppress(*CONNECTION_ERRORS):
                connection.close()


def encode_content(data: bytes) -> bytes:
    """``data`` as it goes over the line: dots doubled where a line begins with one, and the one that ends it."""
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    return data.replace(b"\r\n.", b"\r\n..") + b".\r\n"
