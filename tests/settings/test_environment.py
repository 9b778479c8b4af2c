"""Reading the environment."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from nelis.settings import environment as env
from nelis.settings.secret_key import key_weakness, load_or_create_key


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the helper sees as the environment."""
    seen: dict[str, str] = {}
    monkeypatch.setattr(env, "_variables", seen)
    return seen


def test_only_what_is_kept_is_seen(monkeypatch: pytest.MonkeyPatch, variables):
    monkeypatch.setenv("DATABASE_URL", "sqlite:////kept.sqlite3")
    monkeypatch.setenv("BASE_URL", "https://not.kept")
    env.restrict_to("DATABASE_URL", "UNSET")
    assert env.text("DATABASE_URL") == "sqlite:////kept.sqlite3"
    assert env.text("BASE_URL", "default") == "default"


@pytest.mark.parametrize(("raw", "value"), [("1", True), ("Yes", True), (" on ", True), ("0", False), ("", False)])
def test_a_flag_is_yes_or_no(variables, raw: str, value: bool):
    variables["X"] = raw
    assert env.flag("X", default=not value) is value


@pytest.mark.parametrize(("read", "raw"), [(env.flag, "perhaps"), (lambda name: env.integer(name, 1), "many")])
def test_anything_else_is_named_with_its_variable(variables, read, raw: str):
    variables["X"] = raw
    with pytest.raises(ImproperlyConfigured, match=f"X should be .*{raw}"):
        read("X")


def test_lists_and_numbers(variables):
    variables.update(HOSTS=" a, ,b ", PORT=" 25 ", EMPTY=" ")
    assert env.items("HOSTS") == ["a", "b"]
    assert env.items("NONE") == []
    assert env.integer("PORT", 1) == 25
    assert env.integer("EMPTY", 7) == 7


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://u:p%40ss@db.example:5433/site", {"HOST": "db.example", "PORT": "5433", "PASSWORD": "p@ss"}),
        ("postgresql://u@/site?host=/run/pg&sslmode=require", {"HOST": "/run/pg", "OPTIONS": {"sslmode": "require"}}),
        ("sqlite:////srv/site.sqlite3", {"NAME": "/srv/site.sqlite3"}),
    ],
)
def test_a_database_address_is_taken_apart(variables, url: str, expected: dict):
    variables["DATABASE_URL"] = url
    settings = env.database(Path("/default.sqlite3"))
    assert {name: settings[name] for name in expected} == expected


def test_without_an_address_it_is_the_file(variables):
    assert env.database(Path("/default.sqlite3"))["NAME"] == "/default.sqlite3"


def test_another_kind_of_database_is_refused(variables):
    variables["DATABASE_URL"] = "mysql://x/y"
    with pytest.raises(ImproperlyConfigured, match="mysql"):
        env.database(Path("/default.sqlite3"))


def test_a_local_key_is_strong_private_and_kept(tmp_path: Path):
    file = tmp_path / "deep" / "secret-key"
    key = load_or_create_key(file)
    assert key_weakness(key) == ""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_or_create_key(file) == key
    assert load_or_create_key(tmp_path / "other") != key
