"""What all tests share: a database each worker has to itself, copied from one that was migrated once."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tools import test_databases

# The same examples in every run, however slow the machine. HYPOTHESIS_PROFILE=search looks for new ones.
hypothesis.settings.register_profile("repeat", derandomize=True, deadline=None)
hypothesis.settings.register_profile("search", max_examples=1000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))


Database = Callable[..., AbstractContextManager[None]]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, leave out what can't come out differently there: no database in it, or marked ``once``."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return
    again = {item for item in items if uses_database(item) and not item.get_closest_marker("once")}
    config.hook.pytest_deselected(items=[item for item in items if item not in again])
    items[:] = [item for item in items if item in again]


def uses_database(item: pytest.Item) -> bool:
    """Whether a test asks for the database, itself or through a fixture."""
    fixtures = {"db", "transactional_db", "django_db_setup"}
    return bool(item.get_closest_marker("django_db")) or not fixtures.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, another_database: Database) -> Iterator[None]:
    """Point Django at a fresh copy. Works on SQLite and, with ``DATABASE_URL``, on PostgreSQL."""
    with another_database(content=False):
        yield


@pytest.fixture(scope="session")
def another_database(django_db_blocker, worker_name: str, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A context manager that points Django at a copy of a kept database, with or without the content in it."""
    from django.core.cache import caches
    from django.db import connection

    url = os.environ.get("DATABASE_URL", "")
    number = count(1)

    @contextmanager
    def use(*, content: bool) -> Iterator[None]:
        before = connection.settings_dict["NAME"]
        with django_db_blocker.unblock():
            connection.close()
            if connection.vendor == "postgresql":
                # One may be used amid another, which is to be there afterwards.
                name = f"test_nelis_{os.getpid()}_{worker_name}_{next(number)}"
                test_databases.copy_postgres(url, name, content=content)
            else:
                name = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
                test_databases.copy_sqlite(Path(name), content=content)
            connection.settings_dict["NAME"] = name
            # What a process remembers of one database isn't true of another.
            caches["default"].clear()
            yield
            connection.close()
            connection.settings_dict["NAME"] = before
            caches["default"].clear()
            if connection.vendor == "postgresql":
                test_databases.drop_postgres(url, name)

    return use


@pytest.fixture(scope="session")
def worker_name() -> str:
    """Which of the parallel workers this is: gw0, gw1, …, or main."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def made_once(django_db_setup: None, django_db_blocker) -> Callable[[Callable[[], Any]], AbstractContextManager[Any]]:
    """Keep what a function puts in the database while a whole module's tests run.

    A fixture of module scope uses ``with made_once(build) as made``. Until the block ends, every test sees it, and
    what a test changes is undone after the test. Each test needs the ``db`` fixture, and a ``deepcopy`` of what
    ``build`` returned, because objects in memory aren't undone.
    """
    from django.db import transaction

    @contextmanager
    def keep(build: Callable[[], Any]) -> Iterator[Any]:
        with django_db_blocker.unblock(), transaction.atomic():
            yield build()
            transaction.set_rollback(True)

    return keep


@pytest.fixture(scope="session", autouse=True)
def forced_second_factor() -> Iterator[None]:
    """Have ``client.force_login`` force the second factor, too: as somebody who signed in with both."""
    import time

    from django.test import Client

    force_login = Client.force_login

    def force_both(client: Client, user: Any, backend: str | None = None) -> None:
        force_login(client, user, backend)
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "force_login", force_both)
        patch.setattr(Client, "force_password_only", force_login, raising=False)
        yield
