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
    letter = compose(queued)
    assert isinstance(letter, Message)
    assert letter.to == "officer@example.org"
    assert letter.subject == "[Test] Kites again"
    assert "List-Unsubscribe" not in letter.headers
    assert "List-Unsubscribe-Post" not in letter.headers
    assert letter.headers["List-Id"]
    assert "/mailing-list/" not in letter.text + letter.html
    assert f"{settings.BASE_URL}/#this-is-a-test" in letter.text


def test_a_test_of_what_is_gone(write, officer):
    bulletin = write("kites")
    queued = emails.send_test(bulletin, officer.email)
    Bulletin.objects.filter(pk=bulletin.pk).update(subject="⟦")
    assert compose(queued).reason == "unfit"
    queued.object_id = "0"
    assert compose(queued).reason == "gone"
