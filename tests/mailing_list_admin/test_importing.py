"""Bringing in a list: what is refused and why, and that it is all or nothing, once."""

import csv
import io
from collections import Counter
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.mail.addresses import address_hash
from engagement.mail.models import TransactionalEmail
from engagement.mailing_list import subscription_service
from engagement.mailing_list.importing import (
    COLUMNS,
    MAX_ROWS,
    ListChangedError,
    apply,
    apply_import,
    parsing,
    validate,
)
from engagement.mailing_list.models import (
    ConsentEvent,
    ImportBatch,
    StaffAction,
    Subscription,
    Suppression,
    UploadedList,
)

pytestmark = pytest.mark.pg

GOOD = {
    "address": "anna@example.org",
    "name": "Anna",
    "organisation": "",
    "topics": "boats|Bridges",
    "frequency": "weekly",
    "consent_date": "2018-05-25",
    "consent_evidence": "Folder M12, sheet 40",
}


def file_of(*rows, heads=COLUMNS, separator=",", mark="\ufeff"):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(heads)
    for row in rows:
        writer.writerow([(GOOD | row)[head] for head in heads] if isinstance(row, dict) else row)
    return (mark + out.getvalue()).encode()


def said(content):
    return [(fault.row, fault.column, fault.why) for fault in validate(content).errors]


@pytest.fixture
def put_up(person, topics):
    """A file that an officer has put up."""
    by = person("Engagement officer")

    def make(content):
        return UploadedList.objects.create(
            file_name="list.csv", sha256=sha256(content).hexdigest(), content=content, by=by
        )

    return make


class TestRows:
    """Each fault is named with its row and its column."""

    @pytest.mark.parametrize(
        ("cells", "column", "words"),
        [
            ({"address": ""}, "address", "Enter your email address"),
            ({"address": "anna@"}, "address", "right form"),
            ({"address": "anna"}, "address", "right form"),
            ({"address": "änna@example.org"}, "address", "letters beyond a to z"),
            ({"address": "a" * 250 + "@example.org"}, "address", "254 characters"),
            ({"address": "anna@example.org\r\nBcc: all@example.org"}, "address", "line breaks"),
            ({"address": "=cmd@example.org"}, "address", "formula"),
            ({"name": "=HYPERLINK(1)"}, "name", "formula"),
            ({"name": "@SUM(1)"}, "name", "formula"),
            ({"organisation": "+44"}, "organisation", "formula"),
            ({"organisation": "-1"}, "organisation", "formula"),
            ({"name": "x" * 121}, "name", "120 characters"),
            ({"name": "Anna\x07"}, "name", "control characters"),
            ({"topics": ""}, "topics", "at least one topic"),
            ({"topics": "boats|ships"}, "topics", "no topic called “ships”"),
            ({"frequency": ""}, "frequency", "immediate, weekly, monthly"),
            ({"frequency": "hourly"}, "frequency", "immediate, weekly, monthly"),
            ({"consent_date": ""}, "consent_date", "Without that"),
            ({"consent_date": "2018-13-45"}, "consent_date", "2018-05-25 or 25/05/2018"),
            ({"consent_date": "last week"}, "consent_date", "2018-05-25 or 25/05/2018"),
            ({"consent_evidence": ""}, "consent_evidence", "Without that"),
            ({"consent_evidence": "ask anna@example.org"}, "consent_evidence", "without an address"),
        ],
    )
    def test_a_bad_cell(self, topics, cells, column, words):
        [(row, found, why)] = said(file_of({"address": "first@example.org"}, cells))
        assert (row, found) == (3, column)
        assert words in why

    def test_tomorrow_is_too_early(self, topics):
        tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
        assert "in the future" in said(file_of({"consent_date": tomorrow}))[0][2]
        assert said(file_of({"consent_date": timezone.localdate().isoformat()})) == []

    def test_the_same_address_twice_in_any_case(self, topics):
        faults = said(file_of({}, {"address": "b@example.org"}, {"address": "ANNA@EXAMPLE.ORG"}))
        assert faults == [(4, "address", "This address stands in row 2 already. Keep one of them.")]

    def test_every_fault_of_a_row_is_named(self, topics):
        faults = said(file_of({"address": "x", "consent_date": "", "consent_evidence": ""}))
        assert [column for _, column, _ in faults] == ["address", "consent_date", "consent_evidence"]

    def test_a_row_with_too_many_cells(self, topics):
        assert said(file_of(["a"] * 8)) == [(2, "", "This row has more or fewer cells than the first one.")]

    def test_rows_are_counted_as_a_spreadsheet_does(self, topics):
        content = file_of() + b"\r\n\r\n" + file_of({"frequency": "x"}, mark="").split(b"\r\n", 1)[1]
        assert said(content)[0][0] == 4

    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    def test_separators_and_marks(self, topics, separator, mark):
        checked = validate(file_of({"organisation": "A, B; C"}, separator=separator, mark=mark))
        assert checked.errors == []
        [entry] = checked.entries
        assert (entry.address, entry.organisation) == ("anna@example.org", "A, B; C")
        assert set(entry.topics) == {topics[0].pk, topics[1].pk}

    def test_columns_in_any_order(self, topics):
        heads = [column.replace("_", " ").title() for column in reversed(COLUMNS)]
        content = file_of(list(reversed([GOOD[column] for column in COLUMNS])), heads=heads)
        assert validate(content).entries[0].evidence == "Folder M12, sheet 40"


class TestFiles:
    """A file that can't be read is refused with what to do about it."""

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"),
            (b"  \n\n", "empty"),
            (b"PK\x03\x04rest", "spreadsheet or an archive"),
            (b"\xd0\xcf\x11\xe0rest", "old spreadsheet"),
            (b"%PDF-1.7", "PDF"),
            ("address".encode("utf-16"), "UTF-16"),
            (b"address,\x00", "no text has"),
            (file_of({"name": "Zoe"}).replace(b"Zoe", b"Zo\xeb"), "not in UTF-8: row 2"),
            (b"just some words", "Missing: address, name"),
            (file_of(heads=COLUMNS[:-1]), "Missing: consent_evidence"),
            (file_of(heads=[*COLUMNS, "phone"]), "aren’t used, or stand there twice: phone"),
            (file_of(heads=[*COLUMNS, "address"]), "stand there twice: address"),
            (file_of() + b'"unfinished', "quotation marks in row 2"),
            (b"x" * (parsing.MAX_BYTES + 1), "larger than 10 MB"),
        ],
    )
    def test_refused(self, topics, content, words):
        checked = validate(content)
        assert not checked.is_valid
        assert words in checked.errors[0].why

    def test_too_many_rows(self, topics, monkeypatch):
        monkeypatch.setattr(parsing, "MAX_ROWS", 3)
        rows = [{"address": f"p{n}@example.org"} for n in range(4)]
        assert validate(file_of(*rows[:3])).is_valid
        assert "more than 3 rows" in validate(file_of(*rows)).errors[0].why

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.binary(max_size=300))
    def test_any_bytes_get_an_answer(self, topics, content):
        assert not validate(content).is_valid

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), min_size=7, max_size=7))
    def test_any_cells_get_an_answer(self, topics, cells):
        checked = validate(file_of(cells))
        assert checked.error_count + len(checked.entries) + checked.skipped_count >= (
            1 if any(map(str.strip, cells)) else 0
        )


class TestWhoIsLeftOut:
    """Suppressed people, and those on the list, are left out and counted; they get nothing."""

    def test_each_for_its_reason(self, subscribed):
        subscribed("on@example.org")
        subscribed("waits@example.org", state="pending")
        subscription_service.suppress(address_hash("gone@example.org"), "left")
        subscription_service.suppress(address_hash("never@example.org"), "never")
        checked = validate(file_of(*({"address": f"{n}@example.org"} for n in ("on", "waits", "gone", "never", "new"))))
        assert [entry.address for entry in checked.entries] == ["new@example.org"]
        assert checked.skipped_counts == Counter({"suppressed": 2, "on the list": 2})
        assert [(fault.row, fault.why) for fault in checked.skipped] == [
            (2, "This address is on the list already."),
            (3, "This address has asked to join and not confirmed yet."),
            (4, "This address is suppressed: left the list."),
            (5, "This address is suppressed: asked never to be written to."),
        ]

    def test_who_left_long_ago_without_suppression_may_come_back_with_new_evidence(self, subscribed):
        subscribed("back@example.org", state="ended")
        assert validate(file_of({"address": "back@example.org"})).is_valid

    def test_queries_grow_with_thousands_and_not_with_rows(self, topics, django_assert_num_queries):
        for count in (1, 200):
            content = file_of(*({"address": f"p{n}@example.org"} for n in range(count)))
            with django_assert_num_queries(3):
                validate(content)


class TestBringingIn:
    """All or nothing, once."""

    def rows(self, count):
        return file_of(*({"address": f"p{n}@example.org"} for n in range(count)))

    def test_everybody_with_evidence(self, put_up, person):
        by = person("Administrator")
        batch = apply_import(put_up(file_of({})), by, expected=(1, 0))
        made = Subscription.objects.get()
        assert (made.state, made.method, made.frequency, made.name) == ("active", "import", "weekly", "Anna")
        assert made.confirmed_at is not None
        assert sorted(topic.slug for topic in made.topics.all()) == ["boats", "bridges"]
        event = ConsentEvent.objects.get(subscription=made.uuid)
        assert (event.action, event.method) == ("imported", "import")
        assert event.evidence == f"2018-05-25: Folder M12, sheet 40 (file {batch.sha256[:12]})"
        assert event.topics == ["boats", "bridges"]
        assert (batch.rows, batch.added, batch.skipped, batch.by) == (1, 1, {}, by)
        act = StaffAction.objects.get()
        assert (act.action, act.by, act.people) == ("imported", by, 1)
        assert not UploadedList.objects.exists()
        assert not TransactionalEmail.objects.exists()

    def test_the_same_file_twice_is_one_import(self, put_up, person):
        by = person("Administrator")
        first = apply_import(put_up(self.rows(3)), by, expected=(3, 0))
        again = apply_import(put_up(self.rows(3)), by, expected=(0, 3))
        assert again == first
        assert (ImportBatch.objects.count(), Subscription.objects.count()) == (1, 3)

    def test_nobody_when_one_row_is_wrong(self, put_up, person):
        bad = file_of({}, {"address": "b@example.org", "consent_date": ""})
        with pytest.raises(ListChangedError):
            apply_import(put_up(bad), person("Administrator"), expected=(1, 0))
        assert not Subscription.objects.exists()
        assert not ImportBatch.objects.exists()

    def test_nobody_when_somebody_left_meanwhile(self, put_up, person):
        uploaded = put_up(self.rows(2))
        subscription_service.suppress(address_hash("p1@example.org"), "left")
        with pytest.raises(ListChangedError):
            apply_import(uploaded, person("Administrator"), expected=(2, 0))
        assert not Subscription.objects.exists()
        assert UploadedList.objects.filter(pk=uploaded.pk).exists()

    def test_reading_the_file_keeps_nobody_from_writing(self, put_up, person, monkeypatch):
        """Only what takes a moment, and the adding, is done while nobody else can write."""
        outside, inside = len(connection.savepoint_ids), []

        def looked(content):
            inside.append(len(connection.savepoint_ids) > outside)
            return validate(content)

        monkeypatch.setattr(apply, "validate", looked)
        apply_import(put_up(self.rows(2)), person("Administrator"), expected=(2, 0))
        assert inside == [False]

    @pytest.mark.parametrize("what", ["left", "never", "joined"])
    def test_nobody_when_somebody_moves_just_after_the_file_was_read(
        self, put_up, person, monkeypatch, subscribed, what
    ):
        def moved(content):
            found = validate(content)
            if what == "joined":
                subscribed("p1@example.org")
            else:
                subscription_service.suppress(address_hash("p1@example.org"), what)
            return found

        monkeypatch.setattr(apply, "validate", moved)
        monkeypatch.setattr(apply, "CHUNK", 1)
        with pytest.raises(ListChangedError):
            apply_import(put_up(self.rows(3)), person("Administrator"), expected=(3, 0))
        assert Subscription.objects.filter(method="import").count() == 0
        assert not ImportBatch.objects.exists()

    def test_nobody_when_it_fails_half_way(self, put_up, person, monkeypatch):
        monkeypatch.setattr(apply, "CHUNK", 2)
        add = apply._add_rows

        def fail(chunk, *more):
            if any(entry.address.startswith("p4") for entry in chunk):
                raise IntegrityError
            add(chunk, *more)

        monkeypatch.setattr(apply, "_add_rows", fail)
        with pytest.raises(ListChangedError):
            apply_import(put_up(self.rows(5)), person("Administrator"), expected=(5, 0))
        assert not Subscription.objects.exists()
        assert not ConsentEvent.objects.exists()
        assert not StaffAction.objects.exists()


class TestPages:
    """What an officer sees and does."""

    def upload(self, client, content, name="list.csv"):
        return client.post(
            reverse("mailing_list_admin:import"), {"file": SimpleUploadedFile(name, content)}, follow=True
        )

    def test_from_the_file_to_the_list(self, officer, topics):
        subscription_service.suppress(address_hash("gone@example.org"), "erased")
        page = self.upload(officer, file_of({}, {"address": "gone@example.org"}))
        html = " ".join(page.content.decode().split())
        assert "Add 1 person and leave out 1" in html
        assert "This address is suppressed: asked to be erased." in html
        assert not Subscription.objects.exists()
        url = page.redirect_chain[-1][0]
        done = officer.post(url, {"adds": "1", "leaves_out": "1"}, follow=True)
        assert "Imported: 1 added, 1 left out." in done.content.decode()
        assert ImportBatch.objects.get().skipped == {"suppressed": 1}
        assert officer.get(url).status_code == 404

    def test_faults_are_listed_and_nothing_can_be_brought_in(self, officer, topics):
        page = self.upload(officer, file_of({"consent_date": ""}, {"address": "<script>run()</script>"}))
        html = page.content.decode()
        assert "Error: " in html.split("</title>")[0]
        assert "2 things must be put right" in html
        assert "<script>run()" not in html
        assert "leave out" not in html
        officer.post(page.redirect_chain[-1][0], {"adds": "0", "leaves_out": "0"})
        assert not Subscription.objects.exists()

    def test_a_second_time_it_says_so(self, officer, topics):
        url = self.upload(officer, file_of({})).redirect_chain[-1][0]
        officer.post(url, {"adds": "1", "leaves_out": "0"})
        html = self.upload(officer, file_of({})).content.decode()
        assert "This file has been imported already" in html
        assert "1 added" in html

    @pytest.mark.parametrize(
        "sent", [{}, {"adds": "x"}, {"adds": "1"}, {"adds": "2", "leaves_out": "0"}, {"adds": "¹"}]
    )
    def test_a_forged_number_brings_in_nobody(self, officer, topics, sent):
        url = self.upload(officer, file_of({})).redirect_chain[-1][0]
        page = officer.post(url, sent, follow=True)
        assert "the list has changed since you looked" in page.content.decode()
        assert not Subscription.objects.exists()

    def test_a_file_can_be_deleted_unused(self, officer, topics):
        url = self.upload(officer, file_of({})).redirect_chain[-1][0]
        officer.post(url, {"discard": "1"})
        assert not UploadedList.objects.exists()

    def test_nobody_sees_what_a_colleague_put_up(self, officer, topics, signed_in):
        url = self.upload(officer, file_of({})).redirect_chain[-1][0]
        assert signed_in("Administrator").get(url).status_code == 404

    @pytest.mark.parametrize("content", [b"", b"x" * (parsing.MAX_BYTES + 1)], ids=["empty", "large"])
    def test_a_file_that_isnt_kept_at_all(self, officer, topics, content):
        html = self.upload(officer, content).content.decode()
        assert "There is a problem" in html
        assert not UploadedList.objects.exists()

    def test_the_name_of_a_file_is_text(self, officer, topics):
        html = self.upload(officer, file_of({}), name='"><img src=x onerror=run()>.csv').content.decode()
        assert "<img src=x" not in html

    def test_the_sample_can_be_brought_in(self, officer, topics):
        sample = officer.get(reverse("mailing_list_admin:import_sample")).getvalue()
        assert validate(sample).is_valid


def test_its_people_are_found_by_the_file_they_came_with(officer, topics):
    def brought_in(*addresses):
        content = file_of(*({"address": address} for address in addresses))
        uploaded = UploadedList.objects.create(
            file_name="list.csv", sha256=sha256(content).hexdigest(), content=content, by=officer.person
        )
        return apply_import(uploaded, officer.person, expected=(len(addresses), 0))

    first = brought_in("p0@example.org", "p1@example.org")
    second = brought_in("other@example.org")
    listing = reverse("mailing_list_admin:subscriptions")
    page = officer.get(reverse("mailing_list_admin:import")).content.decode()
    for batch, there, not_there in ((first, "p0@example.org", "other@"), (second, "other@example.org", "p0@")):
        path = f"{listing}?import_batch={batch.pk}"
        assert path in page
        shown = officer.get(path).content.decode()
        assert there in shown
        assert not_there not in shown


def test_as_many_as_are_allowed(topics):
    """The columns of the table are wide enough for the longest cells that pass."""
    assert MAX_ROWS == 10_000
    longest = {"name": "n" * 120, "organisation": "o" * 160, "consent_evidence": "e" * 160}
    entry = validate(file_of(longest)).entries[0]
    kept = f"{entry.consent_date.isoformat()}: {entry.evidence}{ImportBatch(sha256='0' * 64).evidence_suffix}"
    assert len(kept) <= ConsentEvent._meta.get_field("evidence").max_length
    assert not Suppression.objects.exists()
