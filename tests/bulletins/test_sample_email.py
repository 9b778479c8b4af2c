"""The test email that a member of staff gets before a bulletin is approved."""

from django.conf import settings

from engagement.bulletins import emails
from engagement.bulletins.models import Bulletin
from engagement.mail.message import Message
from engagement.mail.models import TransactionalEmail
from engagement.mail.transactional import compose


def test_a_test_mail(write, officer):
    bulletin = write("kites")
    queued = emails.send_test(bulletin, officer.email)
    assert TransactionalEmail.objects.get() == queued
    message = compose(queued)
    assert isinstance(message, Message)
    assert message.to == "officer@example.org"
    assert message.subject == "[Test] Kites again"
    assert "List-Unsubscribe" not in message.headers
    assert "List-Unsubscribe-Post" not in message.headers
    assert message.headers["List-Id"]
    assert "/mailing-list/" not in message.text + message.html
    assert f"{settings.BASE_URL}/#this-is-a-test" in message.text


def test_a_test_of_what_is_gone(write, officer):
    bulletin = write("kites")
    queued = emails.send_test(bulletin, officer.email)
    Bulletin.objects.filter(pk=bulletin.pk).update(subject="⟦")
    assert compose(queued).reason == "unfit"
    queued.object_id = "0"
    assert compose(queued).reason == "gone"
