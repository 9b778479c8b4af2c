"""Changing one's address: confirmed at the new one, told to the old one, and nobody learns who is on the list."""

from datetime import timedelta

import pytest
from django.utils import timezone

from engagement.mail.addresses import address_hash
from engagement.mail.message import Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mail.transactional import compose
from engagement.mailing_list import abuse, personal_data, subscription_service
from engagement.mailing_list.links import PREFERENCES_LINK, permanent_url
from engagement.mailing_list.models import ConsentEvent, Subscription, Suppression, Token
from tests.mailing_list.conftest import ADA, Person, actions, leave_path

pytestmark = [pytest.mark.django_db, pytest.mark.pg]

NEW = "ada@new.example.org"


def ask(person, address=NEW):
    """Ask on the page of choices that the mails go to another address. The answer, and the page."""
    person.request_link()
    link = person.link()
    return person.client.post(link, {"do": "move", "address": address}), link


@pytest.fixture
def there(topics):
    """The mailbox at the new address."""
    return Person(NEW)


@pytest.fixture
def moved(ada, there):
    ada.subscribe()
    ask(ada)
    assert there.client.post(there.link()).status_code == 302
    return Subscription.objects.get()


def test_it_is_confirmed_at_the_new_address(ada, there):
    row = ada.subscribe()
    response, _ = ask(ada)
    page = ada.client.get(response["Location"]).text
    assert "We write to the new address, unless" in page
    assert NEW not in page
    link = there.link()
    assert NEW in there.client.get(link).text
    assert ada.row().address == ADA
    response = there.client.post(link)
    assert response["Location"] == "/mailing-list/new-address/done/"
    assert NEW not in there.client.get(response["Location"]).text
    row.refresh_from_db()
    assert (row.address, row.address_hash, row.state) == (NEW, address_hash(NEW), "active")
    assert list(row.topics.values_list("slug", flat=True)) == ["box-kites"]


def test_the_old_address_is_told_and_not_where_to(moved):
    letter = compose(TransactionalEmail.objects.get(kind="address-changed"))
    assert (letter.to, letter.subject) == (ADA, "Our emails go to your new address")
    assert NEW not in letter.text + letter.html
    assert Suppression.objects.get(address_hash=address_hash(ADA)).reason == "left"


def test_it_is_written_down_under_both(moved):
    assert actions(ADA) == ["requested", "confirmed", "moved"]
    assert actions(NEW) == ["moved"]
    # Whoever asks what is held is shown what they agreed to, too.
    held = personal_data.collect_data(NEW)["consent"]
    assert [event["action"] for event in held] == ["Asked to join", "Confirmed", *["Changed the address"] * 2]
    assert held[0]["wording_text"]


def test_links_mailed_to_the_old_address_show_nothing_any_more(ada, there):
    ada.subscribe()
    _, link = ask(ada)
    there.client.post(there.link())
    assert ada.client.get(link).status_code == 404


def test_leaving_by_an_old_mail_still_works(moved, ada):
    assert ada.client.post(leave_path(ADA), {"button": "1"}).status_code == 302
    moved.refresh_from_db()
    assert moved.state == "ended"
    assert set(Suppression.objects.values_list("address_hash", flat=True)) == {address_hash(ADA), address_hash(NEW)}


def test_a_link_to_choices_in_an_old_mail_goes_to_the_new_address(moved, ada):
    TransactionalEmail.objects.all().delete()
    ada.client.post(permanent_url(PREFERENCES_LINK, address_hash(ADA)).removeprefix("http://testserver"))
    assert TransactionalEmail.objects.get().address == NEW


def test_whoever_joins_at_the_old_address_owns_its_links(moved, ada):
    ada.subscribe()
    ada.client.post(leave_path(ADA), {"button": "1"})
    moved.refresh_from_db()
    assert moved.state == "active"
    assert ada.row().state == "ended"


def test_pressed_twice_it_says_that_all_is_well(ada, there):
    ada.subscribe()
    ask(ada)
    link = there.link()
    there.client.post(link)
    for again in (there.client.post(link), there.client.get(link)):
        assert again.status_code == 200
        assert "Your new address is confirmed" in again.text
    assert TransactionalEmail.objects.filter(kind="address-changed").count() == 1


def test_the_link_works_for_two_days(ada, there):
    ada.subscribe()
    ask(ada)
    link = there.link()
    token = Token.objects.filter(purpose="new_address")
    assert abs(token.get().expires_at - timezone.now() - timedelta(days=2)) < timedelta(minutes=5)
    token.update(expires_at=timezone.now())
    for response in (there.client.get(link), there.client.post(link)):
        assert response.status_code == 410
        assert "more than two days old" in response.text
    assert ada.row().address == ADA


def test_a_paused_subscription_moves_and_stays_paused(ada, there):
    until = timezone.localdate() + timedelta(days=9)
    subscription_service.pause(ada.subscribe(), until, subscription_service.Evidence("web"))
    ask(ada)
    there.client.post(there.link())
    assert (there.row().state, there.row().paused_until) == ("paused", until)


class TestWhatTheNewAddressIs:
    def test_one_on_the_list_is_told_so_and_nothing_moves(self, ada, there):
        ada.subscribe()
        there.subscribe()
        first, _ = ask(ada)
        assert there.mail().subject == "You are on our mailing list already"
        other, _ = ask(ada, "nobody@new.example.org")
        # The page says the same of both.
        assert first["Location"].partition("&")[2] == other["Location"].partition("&")[2]
        assert {row.address for row in Subscription.objects.all()} == {ADA, NEW}

    def test_one_that_joined_meanwhile(self, ada, there):
        ada.subscribe()
        ask(ada)
        link = there.link()
        there.subscribe()
        before = ConsentEvent.objects.count()
        response = there.client.post(link)
        assert response.status_code == 409
        assert "Nothing has changed" in response.text
        assert Subscription.objects.receiving().count() == 2
        assert ConsentEvent.objects.count() == before

    def test_one_that_has_not_confirmed_is_replaced(self, ada, there):
        ada.subscribe()
        there.sign_up()
        there.mail()
        ask(ada)
        assert there.client.post(there.link()).status_code == 302
        assert Subscription.objects.open().get().address == NEW

    @pytest.mark.parametrize("reason", Suppression.FINAL)
    def test_one_that_is_never_to_be_written_to(self, ada, there, reason):
        ada.subscribe()
        subscription_service.suppress(address_hash(NEW), reason)
        response, _ = ask(ada)
        assert response.status_code == 302
        assert there.mail() == Skip("suppressed")

    @pytest.mark.parametrize("reason", ["left", "erased", "bounced"])
    def test_one_that_left_comes_back(self, ada, there, reason):
        ada.subscribe()
        subscription_service.suppress(address_hash(NEW), reason)
        ask(ada)
        there.client.post(there.link())
        assert not Suppression.objects.filter(address_hash=address_hash(NEW)).exists()

    @pytest.mark.parametrize(
        ("typed", "words"),
        [("", "Enter your email address"), ("kite", "right form"), (ADA.upper(), "We write to this address already")],
    )
    def test_what_is_wrong_is_said_beside_it(self, ada, typed, words):
        ada.subscribe()
        response, _ = ask(ada, typed)
        assert response.status_code == 422
        assert words in response.text
        assert f'value="{typed}"' in response.text
        assert not TransactionalEmail.objects.filter(kind="new-address").exists()

    def test_it_is_written_to_thrice_a_day(self, ada, there):
        ada.subscribe()
        ada.request_link()
        page = ada.link()
        sent = []
        for _ in range(abuse.PER_ADDRESS + 1):
            ada.client.post(page, {"do": "move", "address": NEW})
            sent.append(isinstance(there.mail(), Message))
        assert sent == [True] * abuse.PER_ADDRESS + [False]


def test_nothing_moves_once_they_have_left(ada, there):
    ada.subscribe()
    ask(ada)
    link = there.link()
    subscription_service.unsubscribe(ada.row(), subscription_service.Evidence("web"))
    assert there.client.post(link).status_code == 409
    assert there.mail() == Skip("left")


def test_a_mail_that_is_tried_again_asks_the_same(ada, there):
    ada.subscribe()
    ask(ada)
    first, second = there.link(), there.link()
    assert first != second
    assert there.client.post(second).status_code == 302
