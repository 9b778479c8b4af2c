"""Make the account with which somebody tries the site on their own machine."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

USERNAME = "demo-editor"


class Command(BaseCommand):
    help = (
        "Makes a demonstration editor who may edit everything, with a password made up on the spot and kept "
        "in the data folder, readable by its owner only. Prints name and password. Refuses on the public site."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not getattr(settings, "DEMONSTRATION", False):
            raise CommandError(
                "A demonstration editor can only be made with settings that set DEMONSTRATION, as nelis.settings.local "
                "does. On the public site, make named accounts: manage.py createsuperuser."
            )
        password = demonstration_password(settings.DATA_DIR / "demo-editor-password")
        self.stdout.write(USERNAME)
        self.stdout.write(password or "(the password was changed in the admin)")


def demonstration_password(file: Path) -> str:
    """The demonstration editor's password, making account and password when either is missing.

    Empty when somebody has since given the account another password: theirs is left alone.
    """
    user = get_user_model().objects.filter(username=USERNAME).first()
    stored = file.read_text().strip() if file.exists() else ""
    if user and stored:
        return stored if user.check_password(stored) else ""
    password = stored or secrets.token_urlsafe(12)
    if not stored:
        write_private(file, password)
    user = user or get_user_model()(
        username=USERNAME,
        first_name="Demonstration",
        last_name="Editor",
        is_staff=True,
        is_superuser=True,
    )
    user.set_password(password)
    user.save()
    return password


def write_private(file: Path, text: str) -> None:
    """Write ``text`` where only this system user can read it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as opened:
        opened.write(f"{text}\n")
