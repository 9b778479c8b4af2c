"""Every way to send but SMTP: providers' interfaces by way of django-anymail, files, the list of the tests."""

import contextlib
import smtplib
from typing import Any

from anymail import exceptions as anymail
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from requests import exceptions as requests

from engagement.mail.message import Envelope, message_id
from engagement.mail.models import DeliveryState
from engagement.mail.transports import MarkSending, Outcome, Transport, WhileWaiting, redacted_line

__all__ = ["BackendMessage", "BackendTransport", "NotWritten"]

#: A recipient's status at the provider when it won't send.
REJECTED_STATUSES = frozenset(("rejected", "invalid", "failed"))
#: These don't come from the provider itself but from a gateway that lost sight of it.
GATEWAY_ERRORS = frozenset((502, 504))
#: Our own account is refused: the key, or what is paid for.
ACCOUNT_ERRORS = frozenset((401, 402, 403, 407))
#: Too many requests; the second is SparkPost's own for a quota that is used up.
QUOTA_ERRORS = frozenset((420, 429))


class NotWritten(OSError):  # noqa: N818 - it says what happened
    """Raised by a backend that knows that the message did not go anywhere."""


class BackendMessage(EmailMultiAlternatives):
    """What Django's backends take. ``raw`` is the message byte by byte, for those that store it."""

    raw: bytes = b""
    metadata: dict[str, str]


class BackendTransport(Transport):
    """Sends through any Django email backend, by its ``send_messages``."""

    def __init__(self) -> None:
        self.backend: Any = get_connection(fail_silently=False)
        self.is_open = False

    def open(self) -> None:
        """Most backends have nothing to open; those of providers keep a session."""
        if not self.is_open:
            with contextlib.suppress(OSError):
                self.backend.open()
            self.is_open = True

    def send(self, envelope: Envelope, mark_sending: MarkSending, while_waiting: WhileWaiting) -> Outcome | None:
        """Send one message; see ``Transport``."""
        message = backend_message(envelope)
        if not mark_sending():
            return None
        try:
            count = self.backend.send_messages([message])
        except Exception as error:
            return outcome_of_error(error)
        return outcome_of_accepted(message) if count else Outcome(DeliveryState.FAILED, "refused-mail")

    def close(self) -> None:
        """Close the session."""
        with contextlib.suppress(OSError):
            self.backend.close()
        self.is_open = False


def backend_message(envelope: Envelope) -> BackendMessage:
    """The message as Django's backends know it."""
    message = envelope.message
    headers = {**message.headers, "Message-ID": message_id(envelope.uuid), "Date": envelope.date}
    reply_to = [settings.REPLY_TO_ADDRESS] if settings.REPLY_TO_ADDRESS else None
    converted = BackendMessage(message.subject, message.text, None, [message.to], headers=headers, reply_to=reply_to)
    if message.html:
        converted.attach_alternative(message.html, "text/html")
    converted.raw = envelope.data
    # Comes back with the provider's events.
    converted.metadata = {"mail": str(envelope.uuid)}
    return converted


def outcome_of_accepted(message: BackendMessage) -> Outcome:
    """The outcome for a message that the backend took, by the status that a provider gave it."""
    status = getattr(message, "anymail_status", None)
    statuses = set(getattr(status, "status", None) or ())
    response = redacted_line(", ".join(sorted(filter(None, statuses))))
    if statuses and statuses <= REJECTED_STATUSES:
        return Outcome(DeliveryState.FAILED, "refused-address", response)
    name = str(getattr(status, "message_id", None) or "")[:200]
    return Outcome(DeliveryState.ACCEPTED, response=response, provider_message_id=name)


def outcome_of_error(error: Exception) -> Outcome:
    """What an error of a backend means for the email."""
    response = redacted_line(type(error).__name__)
    if isinstance(error, anymail.AnymailRecipientsRefused):
        return Outcome(DeliveryState.FAILED, "refused-address", response)
    if isinstance(error, anymail.AnymailConfigurationError):
        return Outcome(DeliveryState.RETRY, "not-let-in", response, back_off=True)
    if isinstance(error, anymail.AnymailAPIError) and error.status_code is not None:
        return outcome_of_status(int(error.status_code), response)
    if failed_before_sending(error):
        return Outcome(DeliveryState.RETRY, "no-connection", response, back_off=True)
    if isinstance(error, anymail.AnymailUnsupportedFeature | anymail.AnymailSerializationError | ValueError) and not (
        isinstance(error, requests.RequestException)
    ):
        return Outcome(DeliveryState.FAILED, "bad-message", response)
    # A time-out, a connection cut short, or something nobody has thought of: it may have been sent.
    return Outcome(DeliveryState.UNKNOWN, "no-answer", response)


def outcome_of_status(status: int, response: str) -> Outcome:
    """What the HTTP status of a provider's answer means."""
    response = f"{response} {status}"
    if status in ACCOUNT_ERRORS:
        return Outcome(DeliveryState.RETRY, "not-let-in", response, back_off=True)
    if status in GATEWAY_ERRORS:
        return Outcome(DeliveryState.UNKNOWN, "no-answer", response)
    if status in QUOTA_ERRORS or status >= 500:
        return Outcome(DeliveryState.RETRY, "put-off", response, back_off=True)
    if status >= 400:
        return Outcome(DeliveryState.FAILED, "refused-mail", response)
    # Taken, but in an answer that couldn't be read.
    return Outcome(DeliveryState.UNKNOWN, "strange-answer", response)


def failed_before_sending(error: BaseException) -> bool:
    """Whether there was no connection to send anything over, or no room to write to."""
    if isinstance(error, requests.ReadTimeout):
        return False
    if isinstance(error, requests.ConnectTimeout | ConnectionRefusedError | FileNotFoundError | PermissionError):
        return True
    if isinstance(error, smtplib.SMTPConnectError | NotWritten):
        return True
    if isinstance(error, requests.ConnectionError):
        return "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error)
    return False
