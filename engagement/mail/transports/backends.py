"""Everything that isn't SMTP: providers' interfaces by way of django-anymail, files, the tests' list."""

import contextlib
import smtplib
from typing import Any

from anymail import exceptions as anymail
from django.core.mail import EmailMultiAlternatives, get_connection
from requests import exceptions as requests

from engagement.mail.envelope import Envelope, message_id
from engagement.mail.models import DeliveryState
from engagement.mail.transports import MarkSending, WhileWaiting
from engagement.mail.transports.outcomes import Outcome, redacted_line

__all__ = ["BackendMessage", "BackendTransport"]

#: What a recipient's status at the provider may be when it won't send.
REJECTED_STATUSES = frozenset(("rejected", "invalid", "failed"))
#: Answers that don't come from the provider itself but from a gateway that lost sight of it.
GATEWAY_ERRORS = frozenset((502, 504))
AUTHENTICATION_ERRORS = frozenset((401, 403))


class BackendMessage(EmailMultiAlternatives):
    """What Django's backends take. ``raw`` is the mail byte by byte, for those who keep it."""

    raw: bytes = b""
    metadata: dict[str, str]


def backend_message(envelope: Envelope) -> BackendMessage:
    """The parcel as Django's backends know mail."""
    letter = envelope.message
    headers = {**letter.headers, "Message-ID": message_id(envelope.uuid), "Date": envelope.date}
    made = BackendMessage(letter.subject, letter.text, None, [letter.to], headers=headers)
    if letter.html:
        made.attach_alternative(letter.html, "text/html")
    made.raw = envelope.data
    # Comes back with the provider's reports.
    made.metadata = {"mail": str(envelope.uuid)}
    return made


class BackendTransport:
    """Any backend of Django's kind, by its ``send_messages``."""

    def __init__(self) -> None:
        self.backend: Any = get_connection(fail_silently=False)
        self.opened = False

    def open(self) -> None:
        """Most have nothing to open; those of providers keep a session."""
        if not self.opened:
            with contextlib.suppress(OSError):
                self.backend.open()
            self.opened = True

    def send(self, envelope: Envelope, before: MarkSending, meanwhile: WhileWaiting) -> Outcome | None:
        """Send one mail; see ``Door``."""
        ready = backend_message(envelope)
        if not before():
            return None
        try:
            taken = self.backend.send_messages([ready])
        except Exception as error:
            return outcome_of_error(error)
        if not taken:
            return Outcome(DeliveryState.FAILED, "refused-mail")
        return outcome_of_status_report(ready)

    def close_idle(self) -> None:
        """Nothing to do: sessions with providers cost nothing."""

    def close(self) -> None:
        """Take leave."""
        with contextlib.suppress(OSError):
            self.backend.close()
        self.opened = False


def outcome_of_status_report(message: BackendMessage) -> Outcome:
    """What a provider said of a mail that it took, where there is one."""
    status = getattr(message, "anymail_status", None)
    said = set(getattr(status, "status", None) or ())
    name = getattr(status, "message_id", None)
    if said and said <= REJECTED_STATUSES:
        return Outcome(DeliveryState.FAILED, "refused-address", redacted_line(", ".join(sorted(said))))
    return Outcome(
        DeliveryState.ACCEPTED,
        response=redacted_line(", ".join(sorted(filter(None, said)))),
        provider_message_id=str(name or "")[:200],
    )


def outcome_of_error(error: Exception) -> Outcome:
    """What an error of a backend means for the mail."""
    said = redacted_line(f"{type(error).__name__}")
    if isinstance(error, anymail.AnymailRecipientsRefused):
        return Outcome(DeliveryState.FAILED, "refused-address", said)
    if isinstance(error, anymail.AnymailConfigurationError):
        return Outcome(DeliveryState.RETRY, "not-let-in", said, back_off=True)
    if isinstance(error, anymail.AnymailAPIError) and error.status_code is not None:
        return outcome_of_status(int(error.status_code), said)
    if failed_before_sending(error):
        return Outcome(DeliveryState.RETRY, "no-connection", said, back_off=True)
    if isinstance(error, anymail.AnymailUnsupportedFeature | anymail.AnymailSerializationError | ValueError) and not (
        isinstance(error, requests.RequestException)
    ):
        return Outcome(DeliveryState.FAILED, "bad-letter", said)
    # A time-out, a connection cut short, or something nobody has thought of: it may have been sent.
    return Outcome(DeliveryState.UNKNOWN, "no-answer", said)


def outcome_of_status(status: int, said: str) -> Outcome:
    """What the status of a provider's answer means."""
    said = f"{said} {status}"
    if status in AUTHENTICATION_ERRORS:
        return Outcome(DeliveryState.RETRY, "not-let-in", said, back_off=True)
    if status in GATEWAY_ERRORS:
        return Outcome(DeliveryState.UNKNOWN, "no-answer", said)
    if status == 429 or status >= 500:
        return Outcome(DeliveryState.RETRY, "put-off", said, back_off=True)
    if status >= 400:
        return Outcome(DeliveryState.FAILED, "refused-mail", said)
    # Taken, but in an answer that couldn't be read.
    return Outcome(DeliveryState.UNKNOWN, "strange-answer", said)


def failed_before_sending(error: BaseException | None) -> bool:
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


class NotWritten(OSError):  # noqa: N818 - it says what happened
    """Raised by a backend that knows that the mail did not go anywhere."""
