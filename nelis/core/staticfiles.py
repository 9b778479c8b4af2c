"""How static files are collected: named by their content, compressed, and the site's style sheet in one piece."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from .stylesheets import flatten

__all__ = ["SiteStaticFilesStorage"]

SHEET = "css/site.css"


class SiteStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Collects as WhiteNoise does, after putting the imports of ``css/site.css`` into it."""

    def post_process(
        self, paths: Mapping[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        if SHEET in paths and not dry_run:
            storage, path = paths[SHEET]
            paths = {**paths, SHEET: (FlatSheet(storage), path)}
        yield from super().post_process(paths, dry_run, **options)


class FlatSheet(Storage):
    """Gives the sheet that is asked for in one piece, reading it and what it imports from another storage."""

    def __init__(self, source: Storage) -> None:
        self.source = source

    def _open(self, name: str, mode: str = "rb") -> File:
        folder = PurePosixPath(name).parent
        sheet = flatten(PurePosixPath(name).name, lambda part: self._text(str(folder / part)))
        return ContentFile(sheet.encode(), name=name)

    def _text(self, name: str) -> str:
        with self.source.open(name) as file:
            return file.read().decode()
