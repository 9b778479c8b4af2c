"""One’s own account: everybody works in British English and London time, whatever a profile or a browser asks for."""

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language
from wagtail import hooks
from wagtail.users.models import UserProfile

from nelis.core.models import User
from nelis.home.models import StandardPage
from tests.admin.odd_pictures import GOOD

#: What the form of one's own account sends.
ACCOUNT = {
    "name_email-first_name": "Ada",
    "name_email-last_name": "Lovelace",
    "name_email-email": "ada@example.org",
    "theme-theme": "system",
    "theme-contrast": "system",
    "theme-density": "default",
}


@pytest.fixture
def set_abroad():
    """Writes into the profile of an account what Wagtail's forms once offered, past every form."""

    def write(user):
        profile = UserProfile.get_for_user(user)
        UserProfile.objects.filter(pk=profile.pk).update(preferred_language="fr", current_time_zone="Pacific/Auckland")
        return User.objects.get(pk=user.pk)

    return write


def test_a_request_of_staff(signed_in, set_abroad):
    client = signed_in("Content editor")
    set_abroad(client.person)
    seen = []
    record = lambda request, panels: seen.append((get_language(), get_current_timezone_name()))  # noqa: E731
    with hooks.register_temporarily("construct_homepage_panels", record):
        response = client.get(reverse("wagtailadmin_home"), headers={"Accept-Language": "fr"})
    assert seen == [("en-gb", "Europe/London")]
    assert "Tableau de bord" not in response.text


def test_an_email_to_staff(sample_site, person, set_abroad):
    editor = set_abroad(person("Content editor"))
    page = sample_site.make(StandardPage)
    page.get_workflow().start(page, editor).current_task_state.reject(user=person("Publisher"))
    (message,) = [message for message in mail.outbox if message.to == [editor.email]]
    assert "has been rejected" in message.body


def test_no_picture_of_a_person_is_offered_nor_taken(signed_in):
    """The site doesn't serve them, and a photograph says where it was taken."""
    client = signed_in("Content editor")
    url = reverse("wagtailadmin_account")
    assert 'name="avatar-' not in client.get(url).text
    picture = SimpleUploadedFile(*GOOD["photograph"])
    assert client.post(url, ACCOUNT | {"avatar-avatar": picture}).status_code == 302
    assert not UserProfile.objects.get().avatar


def test_no_choice_is_offered_nor_taken(signed_in, set_abroad):
    client = signed_in("Content editor")
    url = reverse("wagtailadmin_account")
    assert 'name="locale-' not in client.get(url).text
    set_abroad(client.person)
    abroad = {"locale-preferred_language": "fr", "locale-current_time_zone": "Pacific/Auckland"}
    assert client.post(url, ACCOUNT | abroad).status_code == 302
    stored = UserProfile.objects.values_list("preferred_language", "current_time_zone")
    assert list(stored) == [("", "")]
