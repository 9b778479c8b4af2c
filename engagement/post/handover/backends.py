"""Everything that isn't SMTP: providers' interfaces by way of django-anymail, files, the tests' list."""

import contextlib
import smtplib
from typing import Any

from anymail import exceptions as anymail
from django.core.mail import EmailMultiAlternatives, get_connection
from requests import exceptions as requests

from engagement.post.handover import Before, Meanwhile
from engagement.post.models import State
from engagement.post.outcomes import Outcome, words
from engagement.post.parcels import Parcel, message_id

__all__ = ["BackendDoor", "Message"]

#: What a recipient's status at the provider may be when it won't send.
TURNED_DOWN = frozenset(("rejected", "invalid", "failed"))
#: Answers that don't come from the provider itself but from a gateway that lost sight of it.
GATEWAY = frozenset((502, 504))
NOT_LET_IN = frozenset((401, 403))


class Message(EmailMultiAlternatives):
    """What Django's backends take. ``raw`` is the mail byte by byte, for those who keep it."""

    raw: bytes = b""
    metadata: dict[str, str]


def message(parcel: Parcel) -> Message:
    """The parcel as Django's backends know mail."""
    letter = parcel.letter
    headers = {**letter.headers, "Message-ID": message_id(parcel.uuid), "Date": parcel.date}
    made = Message(letter.subject, letter.text, None, [letter.to], headers=headers)
    if letter.html:
        made.attach_alternative(letter.html, "text/html")
    made.raw = parcel.data
    # Comes back with the provider's reports.
    made.metadata = {"mail": str(parcel.uuid)}
    return made


class BackendDoor:
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

    def hand_over(self, parcel: Parcel, before: Before, meanwhile: Meanwhile) -> Outcome | None:
        """Send one mail; see ``Door``."""
        ready = message(parcel)
        if not before():
            return None
        try:
            taken = self.backend.send_messages([ready])
        except Exception as error:
            return meaning(error)
        if not taken:
            return Outcome(State.FAILED, "refused-mail")
        return accepted(ready)

    def tidy(self) -> None:
        """Nothing to do: sessions with providers cost nothing."""

    def close(self) -> None:
        """Take leave."""
        with contextlib.suppress(OSError):
            self.backend.close()
        self.opened = False


def accepted(message: Message) -> Outcome:
    """What a provider said of a mail that it took, where there is one."""
    status = getattr(message, "anymail_status", None)
    said = set(getattr(status, "status", None) or ())
    name = getattr(status, "message_id", None)
    if said and said <= TURNED_DOWN:
        return Outcome(State.FAILED, "refused-address", words(", ".join(sorted(said))))
    return Outcome(
        State.ACCEPTED, response=words(", ".join(sorted(filter(None, said)))), provider_id=str(name or "")[:200]
    )


def meaning(error: Exception) -> Outcome:
    """What an error of a backend means for the mail."""
    said = words(f"{type(error).__name__}")
    if isinstance(error, anymail.AnymailRecipientsRefused):
        return Outcome(State.FAILED, "refused-address", said)
    if isinstance(error, anymail.AnymailConfigurationError):
        return Outcome(State.RETRY, "not-let-in", said, slow=True)
    if isinstance(error, anymail.AnymailAPIError) and error.status_code is not None:
        return of_status(int(error.status_code), said)
    if before_it_was_sent(error):
        return Outcome(State.RETRY, "no-connection", said, slow=True)
    if isinstance(error, anymail.AnymailUnsupportedFeature | anymail.AnymailSerializationError | ValueError) and not (
        isinstance(error, requests.RequestException)
    ):
        return Outcome(State.FAILED, "bad-letter", said)
    # A time-out, a connection cut short, or something nobody has thought of: it may have been sent.
    return Outcome(State.UNKNOWN, "no-answer", said)


def of_status(status: int, said: str) -> Outcome:
    """What the status of a provider's answer means."""
    said = f"{said} {status}"
    if status in NOT_LET_IN:
        return Outcome(State.RETRY, "not-let-in", said, slow=True)
    if status in GATEWAY:
        return Outcome(State.UNKNOWN, "no-answer", said)
    if status == 429 or status >= 500:
        return Outcome(State.RETRY, "put-off", said, slow=True)
    if status >= 400:
        return Outcome(State.FAILED, "refused-mail", said)
    # Taken, but in an answer that couldn't be read.
    return Outcome(State.UNKNOWN, "strange-answer", said)


def before_it_was_sent(error: BaseException | None) -> bool:
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
