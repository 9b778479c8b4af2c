"""The site with its content loaded, in a database that is copied from a kept one, and files to make mistakes in."""

import shutil
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from nelis.home.content_loader.kinds import KINDS
from tools import test_databases


@pytest.fixture(scope="package")
def content(another_database):
    """The content is in the database of all tests of this folder; gives what the loader reported."""
    with another_database(content=True):
        yield test_databases.loading_report()


@pytest.fixture
def loaded(content, db):
    """A database with the content in it. What a test changes is undone after it."""
    return content


class Files:
    """A copy of the content files that a test may spoil."""

    def __init__(self, base: Path) -> None:
        self.base = base
        for kind in KINDS:
            for file in kind.files:
                (base / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(settings.BASE_DIR / file, base / file)
        # The rows that entries name.
        rows = Path("nelis/evidence/content/observations")
        shutil.copytree(settings.BASE_DIR / rows, base / rows)

    def read(self, file):
        return yaml.safe_load((self.base / file).read_text(encoding="utf-8"))

    def write(self, file, content):
        (self.base / file).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")

    def change(self, file, key, /, **fields):
        """Set fields of the entry that has ``key`` as one of its values; a value of None takes a field out."""
        content = self.read(file)
        (entry,) = [entry for entry in content if key in [value for value in entry.values() if isinstance(value, str)]]
        for name, value in fields.items():
            if value is None:
                del entry[name]
            else:
                entry[name] = value
        self.write(file, content)


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)
