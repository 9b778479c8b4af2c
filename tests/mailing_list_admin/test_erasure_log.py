"""A restored backup brings nobody back."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.mail.addresses import address_hash
from engagement.mail.models import TransactionalEmail
from engagement.mail.scheduler import PERIODIC_TASKS
from engagement.mailing_list import erasure_log, personal_data, subscription_service
from engagement.mailing_list.erasure_log import Entry
from engagement.mailing_list.models import ConsentEvent, Subscription, Suppression
from engagement.mailing_list.subscription_service import Evidence

pytestmark = pytest.mark.pg

NAMES = ("left", "erased", "bounced", "complained", "never")


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    return tmp_path


def restore(subscribed, *names):
    """What a backup from before brings: the people as they were, and no suppression."""
    Suppression.objects.all().delete()
    Subscription.objects.all().delete()
    for name in names:
        subscribed(f"{name}@example.org", days=100)


@pytest.fixture
def gone(subscribed):
    """Everybody joined long ago, one has left in each way, the list is written, and the backup is restored."""
    for name in (*NAMES, "stays"):
        subscribed(f"{name}@example.org", days=100)
    subscription_service.unsubscribe(Subscription.objects.get(address="left@example.org"), Evidence("web"))
    personal_data.erase("erased@example.org")
    subscription_service.end_for_bounce(address_hash("bounced@example.org"))
    subscription_service.end_for_complaint(address_hash("complained@example.org"))
    subscription_service.suppress(address_hash("never@example.org"), "never")
    assert erasure_log.write_log() == 5
    restore(subscribed, *NAMES, "stays")


def states():
    return {one.address.partition("@")[0]: one.state for one in Subscription.objects.all()}


class TestReplay:
    def test_everybody_is_out_again_and_nobody_else(self, gone):
        done = erasure_log.replay()
        assert states() == {
            "left": "ended",
            "bounced": "ended",
            "complained": "ended",
            "never": "ended",
            "stays": "active",
        }
        assert (done["ended"], done["erased"]) == (4, 1)
        assert ConsentEvent.objects.filter(action="erased").latest("pk").method == "restore"
        reasons = dict(Suppression.objects.values_list("address_hash", "reason"))
        assert reasons == {address_hash(f"{name}@example.org"): name for name in NAMES}

    def test_twice_is_once(self, gone):
        erasure_log.replay()
        again = erasure_log.replay()
        assert again.total() == 0

    def test_a_dry_run_changes_nothing(self, gone):
        done = erasure_log.replay(dry_run=True)
        assert (done["ended"], done["erased"]) == (4, 1)
        assert set(states().values()) == {"active"}
        assert not Suppression.objects.exists()

    def test_mails_that_reappear_lose_their_address(self, gone):
        hashed = address_hash("erased@example.org")
        Subscription.objects.filter(address_hash=hashed).delete()
        old = TransactionalEmail.objects.create(
            kind="signup",
            address="erased@example.org",
            address_hash=hashed,
            created_at=timezone.now() - timedelta(days=9),
        )
        new = TransactionalEmail.objects.create(
            kind="signup",
            address="erased@example.org",
            address_hash=hashed,
            created_at=timezone.now() + timedelta(minutes=1),
        )
        erasure_log.replay()
        old.refresh_from_db()
        new.refresh_from_db()
        assert (old.address, new.address) == ("", "erased@example.org")

    def test_somebody_who_came_back_by_themselves_stays(self, subscribed):
        first = subscribed("anna@example.org", days=100)
        subscription_service.unsubscribe(first, Evidence("web"))
        erasure_log.write_log()
        Suppression.objects.all().delete()  # as confirming does
        subscribed("anna@example.org", confirmed_at=timezone.now() + timedelta(minutes=1))
        erasure_log.replay()
        assert Subscription.objects.filter(state="active").exists()
        assert not Suppression.objects.exists()

    def test_without_a_file_the_database_is_gone_by(self, subscribed, folder):
        subscribed("anna@example.org", days=100)
        subscription_service.suppress(address_hash("anna@example.org"), "erased")
        assert erasure_log.replay()["erased"] == 1
        assert not Subscription.objects.exists()


class TestTheFile:
    def test_names_nobody(self, gone, folder):
        text = erasure_log.log_path().read_text()
        assert "@" not in text
        assert "example" not in text
        assert len(text.splitlines()) == 5

    def test_a_restored_database_takes_nobody_out_of_it(self, gone):
        before = erasure_log.read_log(erasure_log.log_path())
        assert not Suppression.objects.exists()
        erasure_log.write_log()
        assert erasure_log.read_log(erasure_log.log_path()) == before

    @pytest.mark.parametrize(
        "text",
        [
            "nonsense",
            "ab left 2019-07-16T00:00:00+00:00",
            f"{'0' * 64} left now",
            f"{'0' * 64} because 2019-07-16T00:00:00+00:00",
            f"{'0' * 64} left 2019-07-16",
        ],
    )
    def test_a_damaged_one_stops_everything(self, gone, text):
        path = erasure_log.log_path()
        path.write_text(path.read_text() + text + "\n")
        with pytest.raises(ValueError, match=r"Line 6 of erasures\.txt can’t be read"):
            erasure_log.replay()
        assert set(states().values()) == {"active"}
        with pytest.raises(ValueError, match="Line 6"):
            erasure_log.write_log()

    def test_no_half_of_one_is_left_behind(self, gone, folder):
        assert [path.name for path in folder.iterdir()] == ["erasures.txt"]

    def test_a_worker_writes_it_every_hour(self, gone):
        job = PERIODIC_TASKS["mailing_list.erasure_log"]
        assert job.every == timedelta(hours=1)
        assert job.run() == "The erasure log has 5 entries."

    @settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.dictionaries(st.integers(0, 50), st.sampled_from(NAMES), max_size=8))
    def test_what_is_written_is_read(self, db, kept):
        erasure_log.log_path().unlink(missing_ok=True)
        Suppression.objects.all().delete()
        for n, reason in kept.items():
            subscription_service.suppress(address_hash(f"p{n}@example.org"), reason)
        erasure_log.write_log()
        read = erasure_log.read_log(erasure_log.log_path())
        assert {entry.hash: entry.reason for entry in read.values()} == {
            address_hash(f"p{n}@example.org"): reason for n, reason in kept.items()
        }


class TestAtOnce:
    """Nothing waits for the task of the hour: whoever is out is in the file when the page says so."""

    def logged(self):
        return {entry.hash: entry.reason for entry in erasure_log.read_log(erasure_log.log_path()).values()}

    def test_leaving_erasing_and_the_rest(self, subscribed, django_capture_on_commit_callbacks):
        for name in NAMES:
            subscribed(f"{name}@example.org", days=100)
        with django_capture_on_commit_callbacks(execute=True):
            subscription_service.unsubscribe(Subscription.objects.get(address="left@example.org"), Evidence("web"))
            personal_data.erase("erased@example.org")
            subscription_service.end_for_bounce(address_hash("bounced@example.org"))
            subscription_service.end_for_complaint(address_hash("complained@example.org"))
            subscription_service.suppress(address_hash("never@example.org"), "never")
            # Nothing before it is committed.
            assert not erasure_log.log_path().exists()
        assert self.logged() == {address_hash(f"{name}@example.org"): name for name in NAMES}
        before = erasure_log.read_log(erasure_log.log_path())
        assert erasure_log.write_log() == 5
        assert erasure_log.read_log(erasure_log.log_path()) == before

    def test_a_later_reason_is_the_one_that_counts(self, db, django_capture_on_commit_callbacks):
        hashed = address_hash("left@example.org")
        with django_capture_on_commit_callbacks(execute=True):
            for reason in ("left", "erased", "never", "left"):
                subscription_service.suppress(hashed, reason)
        assert self.logged() == {hashed: "never"}

    def test_whoever_undoes_that_they_left_is_not_in_it(self, subscribed, django_capture_on_commit_callbacks):
        left = subscribed("left@example.org", days=100)
        with django_capture_on_commit_callbacks(execute=True):
            subscription_service.unsubscribe(left, Evidence("web"))
        assert self.logged()
        with django_capture_on_commit_callbacks(execute=True):
            left.refresh_from_db()
            assert subscription_service.undo_unsubscribe(left, Evidence("web"))
        assert not self.logged()

    def test_what_is_rolled_back_never_was(self, db, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            rolled_back = transaction.atomic()
            with contextlib.suppress(ZeroDivisionError), rolled_back:
                subscription_service.suppress(address_hash("left@example.org"), "left")
                raise ZeroDivisionError
        assert not erasure_log.log_path().exists()

    def test_without_a_disk_the_page_still_answers(self, db, settings, folder, django_capture_on_commit_callbacks):
        """What was asked for is committed by then; the task writes the file when it can."""
        (folder / "file").write_text("x")
        settings.DATA_DIR = folder / "file"
        with django_capture_on_commit_callbacks(execute=True):
            subscription_service.suppress(address_hash("left@example.org"), "left")
        settings.DATA_DIR = folder
        assert erasure_log.write_log() == 1

    @pytest.mark.parametrize("kept", [1, 70, 90])
    def test_a_line_that_a_power_cut_left_half_stops_nothing(self, gone, kept):
        path, whole = erasure_log.log_path(), erasure_log.read_log(erasure_log.log_path())
        cut = Entry("0" * 64, "left", timezone.now())
        path.write_text(path.read_text() + cut.line[:kept])
        assert erasure_log.read_log(path) == whole
        erasure_log._append(cut)
        assert erasure_log.read_log(path) == whole | {cut.hash: cut}

    def test_many_at_once_and_the_task_between_lose_nothing(self, db, folder):
        path, at = erasure_log.log_path(), timezone.now()
        hashes = [f"{number:064x}" for number in range(80)]

        def append(hashed):
            erasure_log._append(Entry(hashed, "left", at))
            # Writes the file as a whole, as the task does.
            with contextlib.suppress(FileNotFoundError):
                erasure_log.lift_from_log("f" * 64)

        path.write_text(Entry("f" * 64, "left", at).line + "\n")
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(append, hashes))
        assert set(erasure_log.read_log(path)) == set(hashes)


class TestCommand:
    def run(self, *args):
        out, wrong = StringIO(), StringIO()
        call_command("replay_erasures", *args, stdout=out, stderr=wrong)
        return out.getvalue(), wrong.getvalue()

    def test_it_says_what_it_did(self, gone):
        summary = "5 suppressed again, 4 ended, 1 erased, 0 withdrawn again."
        assert self.run("--dry-run")[0].startswith(f"{summary} This was a dry run")
        assert set(states().values()) == {"active"}
        said, wrong = self.run()
        assert said.strip() == summary
        assert wrong == ""

    def test_another_file(self, gone, folder):
        erasure_log.log_path().rename(folder / "saved.txt")
        said, wrong = self.run()
        assert "There is no log at" in wrong
        assert said.startswith("0 suppressed again")
        assert self.run("--log", str(folder / "saved.txt"))[0].startswith("5 suppressed again")

    def test_writing(self, db, folder):
        assert self.run("--write")[0].strip() == "The erasure log has 0 entries."

    def test_a_damaged_one(self, db, folder):
        erasure_log.log_path().write_text("nonsense\n")
        with pytest.raises(CommandError, match="Line 1"):
            self.run()
