"""What is deleted leaves the files of an SQLite database too, and what is committed is on the disk."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import ConnectionHandler, connection

from engagement.feedback.models import Response
from engagement.feedback.privacy import withdrawals
from engagement.mailing_list import personal_data
from nelis.core.sqlite import empty_write_ahead_log
from nelis.home.periodic_tasks import empty_log
from nelis.settings.environment import sqlite
from tests.feedback.builders import submit_answers
from tests.feedback.conftest import make_round

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has settings of its own for this"),
]

COMMENT = "Quokkas fly " * 40
PERSON = {"name": "Ada Quagga", "organisation": "Quoll makers", "address": "quetzal@example.org"}
WORDS = [b"Quokkas fly", b"Ada Quagga", b"Quoll makers", b"quetzal@example.org"]


@pytest.fixture
def answered(another_database, django_db_setup: None, django_db_blocker):
    """A database in a file, with one response in it. Nothing runs in a transaction around the test."""
    with another_database(content=False), django_db_blocker.unblock():
        made = make_round()
        made.response = submit_answers(made, comment=COMMENT, **PERSON)
        submit_answers(made, comment="Others stay.", name="Bea Example")
        yield made


def found() -> list[bytes]:
    """Which of the words stand in the files of the database: itself, its log, and the index of that."""
    name = str(connection.settings_dict["NAME"])
    files = [path for path in Path(name).parent.iterdir() if path.name.startswith(Path(name).name)]
    content = b"".join(path.read_bytes() for path in files)
    assert b"Others stay." in content
    return [word for word in WORDS if word in content]


def test_withdrawn_words_are_in_no_file(answered: SimpleNamespace):
    assert found() == WORDS
    withdrawals.withdraw(answered.response)
    assert found() == []


def test_written_back_before_they_are_gone_from_the_main_file_too(answered: SimpleNamespace):
    assert empty_write_ahead_log()
    assert found() == WORDS
    withdrawals.withdraw(answered.response)
    assert found() == []


def test_an_erased_person_is_in_no_file(answered: SimpleNamespace):
    personal_data.erase(PERSON["address"])
    assert found() == WORDS[:1]


def test_what_somebody_is_reading_goes_with_the_next_round_of_the_task(answered: SimpleNamespace):
    """A reader keeps the log from being emptied: nobody waits long for that, and nothing is forgotten."""
    another = ConnectionHandler({"default": connection.settings_dict | {"TEST": {}}})["default"]
    with another.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        cursor.execute("SELECT * FROM feedback_answer, feedback_propositionresponse")
        cursor.fetchall()
        withdrawals.withdraw(answered.response)
        assert found() != []
        assert empty_log() == "Somebody was reading: it is tried again."
        cursor.execute("COMMIT")
    another.close()
    assert Response.objects.get(pk=answered.response.pk).state == "withdrawn"
    assert empty_log() == "It is empty."
    assert found() == []


def test_each_commit_is_on_the_disk_and_deletions_overwrite(tmp_path: Path):
    """As the site opens a database, in every process: an answer is acknowledged once a power cut can't take it."""
    opened = ConnectionHandler({"default": sqlite(tmp_path / "site.sqlite3")})["default"]
    try:
        for pragma, value in (
            ("journal_mode", "wal"),
            ("synchronous", 2),
            ("secure_delete", 1),
            ("busy_timeout", 20000),
        ):
            with opened.cursor() as cursor:
                cursor.execute(f"PRAGMA {pragma}")
                assert cursor.fetchone()[0] == value, pragma
    finally:
        opened.close()


def test_emptying_leaves_how_long_others_wait(answered: SimpleNamespace):
    empty_write_ahead_log()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone()[0] == 20000
