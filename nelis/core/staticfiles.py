"""Collect static files: named by their content, compressed, and the site's style sheets joined into one."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

__all__ = ["SHEET", "JoinedSheet", "SiteStaticFilesStorage", "strip_css"]

#: Written as one file a component. Browsers would fetch its imports one after another.
SHEET = "css/site.css"
_IMPORT = re.compile(r'@import "([^"]+)";')
_COMMENT_OR_INDENT = re.compile(r"/\*.*?\*/|^\s+", re.DOTALL | re.MULTILINE)


class SiteStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Collect as WhiteNoise does, with the imports of ``css/site.css`` in place."""

    def post_process(
        self, paths: Mapping[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        if SHEET in paths and not dry_run:
            storage, path = paths[SHEET]
            paths = {**paths, SHEET: (JoinedSheet(storage), path)}
        yield from super().post_process(paths, dry_run, **options)


class JoinedSheet(Storage):
    """Open a style sheet of another storage with the sheets it imports in place of its ``@import`` lines."""

    def __init__(self, source: Storage) -> None:
        self.source = source

    def _open(self, name: str, mode: str = "rb") -> File:
        folder = PurePosixPath(name).parent
        css = _IMPORT.sub(lambda match: self._read(str(folder / match[1])), self._read(name))
        return ContentFile(strip_css(css).encode(), name=name)

    def _read(self, name: str) -> str:
        with self.source.open(name) as file:
            return file.read().decode()


def strip_css(css: str) -> str:
    """Return ``css`` without comments, indents and blank lines. Compression saves the rest."""
    return _COMMENT_OR_INDENT.sub("", css)
