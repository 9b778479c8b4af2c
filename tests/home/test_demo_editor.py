"""The account with which somebody tries the site on their own machine."""

import stat
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(settings, tmp_path: Path) -> Path:
    settings.DEMONSTRATION = True
    settings.DATA_DIR = tmp_path
    return tmp_path


def run() -> tuple[str, str]:
    said = StringIO()
    call_command("demo_editor", stdout=said)
    name, password = said.getvalue().splitlines()
    return name, password


def test_it_signs_in_to_the_admin(demonstration: Path):
    name, password = run()
    assert authenticate(username=name, password=password)
    client = Client()
    client.force_login(get_user_model().objects.get(username=name))
    assert client.get("/admin/").status_code == 200


def test_the_password_is_made_up_and_private(demonstration: Path):
    _, password = run()
    file = demonstration / "demo-editor-password"
    assert len(password) >= 16
    assert file.read_text().strip() == password
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_second_run_changes_nothing(demonstration: Path):
    first = run()
    stored = get_user_model().objects.get().password
    assert run() == first
    assert get_user_model().objects.get().password == stored


def test_a_lost_password_is_made_anew(demonstration: Path):
    name, password = run()
    (demonstration / "demo-editor-password").unlink()
    _, another = run()
    assert another != password
    assert authenticate(username=name, password=another)


def test_a_password_changed_in_the_admin_is_left_alone(demonstration: Path):
    name, password = run()
    user = get_user_model().objects.get()
    user.set_password("their-own-choice")
    user.save()
    assert password not in run()
    assert authenticate(username=name, password="their-own-choice")


def test_it_is_refused_where_nothing_is_demonstrated(settings):
    del settings.DEMONSTRATION
    with pytest.raises(CommandError, match="named accounts"):
        call_command("demo_editor")
    assert not get_user_model().objects.exists()
