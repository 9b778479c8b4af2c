"""What `make run` decides before it serves."""

import socket
from pathlib import Path

import pytest

from tools import run


def test_a_taken_port_is_refused_with_another_one_named():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SystemExit, match=rf"Port {port} is taken.*PORT={port + 1}"):
            run.refuse_taken_port("127.0.0.1", port)


def test_a_free_port_is_not():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    run.refuse_taken_port("127.0.0.1", port)


@pytest.mark.parametrize("given", ["eight", "0", "65536", "-1", "80 80"])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, given: str):
    monkeypatch.setenv("PORT", given)
    with pytest.raises(SystemExit, match="1 to 65535"):
        run.chosen_port()


@pytest.mark.parametrize(("given", "port"), [("", 8000), ("8001", 8001)])
def test_the_port_is_the_one_given(monkeypatch: pytest.MonkeyPatch, given: str, port: int):
    monkeypatch.setenv("PORT", given)
    assert run.chosen_port() == port


def test_the_welcome_says_where_and_with_what():
    text = run.welcome("127.0.0.1", 8001, ("name", "password-made-up"))
    assert "http://localhost:8001/" in text
    assert "http://localhost:8001/admin/" in text
    assert "password-made-up" in text


def test_static_files_are_collected_again_when_one_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for name in ("requirements.txt", "nelis/core/staticfiles.py", "static/css/a.css"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    monkeypatch.setattr(run, "ROOT", tmp_path)
    before = run.static_fingerprint()
    assert run.static_fingerprint() == before
    (tmp_path / "static/css/a.css").write_text("two")
    assert run.static_fingerprint() != before


@pytest.mark.django_db
def test_a_migrated_database_has_nothing_pending():
    assert run.pending_migrations() == 0


@pytest.mark.django_db
def test_content_is_loaded_only_where_nothing_stands():
    from wagtail.models import Page

    assert not run.has_content()
    home = Page.objects.get(depth=2)
    home.add_child(instance=Page(title="Written by an editor"))
    assert run.has_content()
